/// Schedule to Java source, with JavaPoet.
package dev.sluice.compiler.generate;
