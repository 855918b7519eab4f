package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Notation;

/// Formulas for comments.
final class Formulas {
  private Formulas() {}

  /// `∂L/∂W_f += ∂L/∂z_f h_{t-1}ᵀ`
  static String accumulation(Adjoint.Accumulation a) {
    return "∂L/∂"
        + Notation.expression(a.target())
        + " += "
        + Notation.expression(a.contribution());
  }
}
