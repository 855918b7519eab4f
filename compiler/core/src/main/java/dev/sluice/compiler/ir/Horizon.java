package dev.sluice.compiler.ir;

import java.util.Locale;

/// For how many steps a state remembers before any training.
///
/// @param state that is kept by a gate
/// @param gate which keeps it, or which replaces it
/// @param bias where the gate's bias starts
/// @param writes whether the gate replaces, so that 1 − gate keeps
/// @param steps 1 / (1 − keep): the mean life of a value that is kept in each step with `keep`
public record Horizon(Symbol state, Symbol gate, double bias, boolean writes, double steps) {
  /// `c: f starts at σ(1) = 0.731, a memory of about 1/(1 − σ(1)) = 3.7 steps`
  public String text() {
    double open = Elementwise.apply(Expr.UnaryOp.SIGMOID, bias);
    String b = Notation.plainNumber(bias);
    return String.format(
        Locale.ROOT,
        "%s: %s starts at σ(%s) = %.3f, a memory of about %s = %.1f steps",
        state.display(),
        gate.display(),
        b,
        open,
        writes ? "1/σ(" + b + ")" : "1/(1 − σ(" + b + "))",
        steps);
  }
}
