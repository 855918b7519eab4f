package dev.sluice.compiler.same;

/// What two cells may differ in and still be called the same.
public enum UpTo {
  /// Names, the order of gates in stacked weights, the order of terms, whether a weight is given as
  /// its transpose (`x W` against `W x`).
  PERMUTATION,
  /// The sign of parameters, and so of a gate: u against 1 − u.
  SIGN,
  /// Two biases that are only added to each other count as one.
  BIAS,
  /// Whether a gate acts before or after a product with the state: `W (r ∘ h)` against `r ∘ (W h)`.
  /// These are different functions, so this is never assumed unasked.
  RESET
}
