package dev.sluice.compiler.ir;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A cell and its backward pass: one step of back-propagation through time as equations, in the
/// same flat form as the canonical [Cell]. Step t runs after step t+1.
///
/// Backward equations read
/// - forward values of step t (delay 0) and of step t-1 (states, delay 1);
/// - `outputGradient` (delay 0): ∂L/∂y_t as the caller gives it, a vector of the output's length;
/// - the carry of each state (delay -1): the part of ∂L/∂s_t that comes through step t+1, which
///   step t+1 defined; at the last step it is the gradient of the final state that the caller
///   gives. What step 0 defines is the gradient of the initial state.
///
/// @param cell the canonical forward cell
/// @param outputGradient symbol of ∂L/∂y_t, `d_output`
/// @param carries by state: the symbol, `d_h_prev`, that a backward equation of every step defines
/// @param equations one backward step, sorted by dependence; targets are `d_f`, `d_z_f`, `d_h_prev`
///     …
/// @param inputGradients by input: the symbol that holds ∂L/∂x_t, defined by an equation (absent
///     where x does not matter)
/// @param accumulations what each step adds to the gradients of the parameters and of the computed
///     weights
/// @param weights the way back of [Cell#weights], once after all steps: what the gradients of the
///     computed weights are for the parameters
public record Adjoint(
    Cell cell,
    Symbol outputGradient,
    SequencedMap<Symbol, Symbol> carries,
    List<Equation> equations,
    SequencedMap<Symbol, Symbol> inputGradients,
    List<Accumulation> accumulations,
    Optional<Adjoint> weights) {

  public Adjoint {
    carries =
        java.util.Collections.unmodifiableSequencedMap(new java.util.LinkedHashMap<>(carries));
    equations = List.copyOf(equations);
    inputGradients =
        java.util.Collections.unmodifiableSequencedMap(
            new java.util.LinkedHashMap<>(inputGradients));
    accumulations = List.copyOf(accumulations);
  }

  /// The way back of a cell without computed weights.
  public Adjoint(
      Cell cell,
      Symbol outputGradient,
      SequencedMap<Symbol, Symbol> carries,
      List<Equation> equations,
      SequencedMap<Symbol, Symbol> inputGradients,
      List<Accumulation> accumulations) {
    this(cell, outputGradient, carries, equations, inputGradients, accumulations, Optional.empty());
  }

  /// The same with other equations and accumulations.
  public Adjoint with(List<Equation> equations, List<Accumulation> accumulations) {
    return new Adjoint(
        cell, outputGradient, carries, equations, inputGradients, accumulations, weights);
  }

  /// The symbol that carries a state's gradient from step to step.
  public Symbol carry(Symbol state) {
    Symbol carry = carries.get(state);
    if (carry == null) {
      throw new IllegalStateException("no carry for " + state);
    }
    return carry;
  }

  /// `∂L/∂target += Σ_t contribution`.
  ///
  /// @param target a parameter, or rows or columns of one ([Expr.Parameter], [Expr.Slice] of it);
  /// or
  ///     the transpose of that, where the contribution is a matrix `Value`
  /// @param contribution `Outer(Value, Value)` for a weight, a `Value` for a vector or for a matrix
  ///     that is read element by element, and for a scalar a scalar `Value` or `Reduce(SUM, Value)`
  public record Accumulation(Expr target, Expr contribution) {}
}
