package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Symbol;
import java.util.Map;

/// What a cell does when some of its gates are shut (0) or open (1).
///
/// @param gates 0 or 1 by gate; all others stay as they are
/// @param kind what happens
/// @param target the state or output that it happens to
/// @param value what is left of the target's equation; a number may stand for a vector or matrix of
///     such
public record Regime(Map<Symbol, Integer> gates, Kind kind, Symbol target, Expr value) {
  /// What is left of the equation, in Unicode.
  public String formula() {
    return Notation.equation(new Equation(target, value, Origin.NONE));
  }

  /// What can happen.
  public enum Kind {
    /// `c_t = c_{t-1}`
    KEEPS,
    /// `c_t = 0`
    ERASES,
    /// A state that would remember takes a new value alone.
    WRITES,
    /// `c_t = c_{t-1} + …`
    ADDS,
    /// An output that is gated is 0.
    WITHHOLDS,
    /// It is what is behind the gate, unchanged.
    RELEASES,
    /// The whole cell is `h_t = tanh(V x_t + W h_{t-1} + b)`, or with another function or no bias.
    SIMPLE_RNN
  }
}
