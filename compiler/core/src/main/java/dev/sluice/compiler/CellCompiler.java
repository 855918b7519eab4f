package dev.sluice.compiler;

/// Compiles one cell: text in, Java source out.
public final class CellCompiler {
  private CellCompiler() {}
}
