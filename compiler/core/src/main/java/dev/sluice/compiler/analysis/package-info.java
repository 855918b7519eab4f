/// What can be said of a cell without running it: its work, and how its state depends on the last.
package dev.sluice.compiler.analysis;
