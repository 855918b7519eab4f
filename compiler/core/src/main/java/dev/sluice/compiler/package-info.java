/// Compiles recurrent cells: text in, Java source out.
package dev.sluice.compiler;
