/// What went wrong, where, and what to do: problems as values, printed with the line and a caret.
package dev.sluice.compiler.report;
