package dev.sluice.compiler.ir;

/// How a parameter starts: `init b_f = 1`, `init W ~ orthogonal`.
public sealed interface Initialiser {
  /// The field's usual choice: uniform in ±1/√n for a matrix with n columns, 0 for a vector or
  /// scalar.
  record Default() implements Initialiser {}

  record Constant(double value) implements Initialiser {}

  record Orthogonal() implements Initialiser {}

  record Glorot() implements Initialiser {}

  /// Uniform in ±`bound`.
  record Uniform(double bound) implements Initialiser {}

  record Normal(double standardDeviation) implements Initialiser {}

  record Identity() implements Initialiser {}
}
