/// Cell → cell in flat form: one rewrite rule per file, applied until nothing changes.
package dev.sluice.compiler.canon;
