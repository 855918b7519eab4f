package dev.sluice.compiler.weights;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.FlatForm;
import dev.sluice.compiler.ir.flat.Names;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.ir.flat.PieceNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What depends on parameters alone, apart from what is done at every step.
///
///     a_t = exp(−c softplus(Λ) ∘ r_t)   →   w = −c softplus(Λ);       a_t = exp(w ∘ r_t)
///     h_t = tanh((W − Wᵀ) h_{t-1})      →   A = W − Wᵀ;               h_t = tanh(A h_{t-1})
public final class Weights {
  private final Names names;
  private final Set<Symbol> timed = new HashSet<>();
  private final List<Equation> equations = new ArrayList<>();
  private final Map<Symbol, Parameter> computed = new HashMap<>();
  private final Map<Expr, Parameter> known = new HashMap<>();
  private Equation current;

  private Weights(Cell cell) {
    this.names = Names.of(cell);
    cell.states().forEach(s -> timed.add(s.symbol()));
    timed.add(cell.output());
    this.current = cell.equations().getFirst();
  }

  /// The same cell; its [Cell#weights] compute what they can.
  public static Cell apart(Cell cell) {
    Weights weights = new Weights(cell);
    List<Equation> steps = new ArrayList<>();
    cell.equations().forEach(e -> weights.step(e).ifPresent(steps::add));
    Set<Symbol> read = new HashSet<>();
    steps.forEach(e -> Operands.leaves(e.value(), leaf -> symbol(leaf).ifPresent(read::add)));
    List<Cell.State> states =
        weights.equations.stream()
            .filter(e -> read.contains(e.target()))
            .map(e -> new Cell.State(e.target(), e.shape(), 0))
            .toList();
    return states.isEmpty()
        ? cell
        : cell.withEquations(steps).withWeights(Optional.of(weights.cell(cell, states)));
  }

  private static Optional<Symbol> symbol(Expr leaf) {
    return leaf instanceof Parameter p ? Optional.of(p.symbol()) : Optional.empty();
  }

  private Cell cell(Cell of, List<Cell.State> states) {
    // Nobody reads the output: a small one costs least.
    Symbol output =
        states.stream()
            .filter(s -> !(s.shape() instanceof Matrix))
            .findFirst()
            .orElse(states.getFirst())
            .symbol();
    return new Cell(
        of.name() + " weights",
        List.of(),
        states,
        of.parameters(),
        equations,
        output,
        of.dimensions());
  }

  /// What is left of an equation for every step; nothing of one that is the same at every step.
  private Optional<Equation> step(Equation e) {
    current = e;
    Expr value = MergeProducts.apply(withComputed(e.value()));
    if (!timed.contains(e.target()) && Timeless.is(value) && Timeless.readsParameter(value)) {
      define(e.target(), value);
      return Optional.empty();
    }
    return Optional.of(new Equation(e.target(), apart(value), e.origin()));
  }

  /// Names of computed weights as the parameters that they are for the steps.
  private Expr withComputed(Expr e) {
    return e instanceof Value v && v.delay() == 0 && computed.get(v.symbol()) instanceof Parameter p
        ? p
        : Operands.map(e, this::withComputed);
  }

  private Expr apart(Expr e) {
    if (!Timeless.is(e) || !Timeless.readsParameter(e) || FlatForm.isWeight(e)) {
      return Operands.map(e, this::apart);
    }
    Expr x = Timeless.transposesInside(e);
    boolean stays =
        Timeless.isArrangement(x) || x.shape() instanceof Matrix && !Timeless.isElementwise(x);
    return stays ? Operands.map(x, this::apart) : piece(x);
  }

  private Parameter piece(Expr e) {
    Parameter same = known.get(e);
    return same != null ? same : define(PieceNames.ofTimeless(e, current.target(), names), e);
  }

  private Parameter define(Symbol symbol, Expr value) {
    Equation equation = new Equation(symbol, asValues(value), current.origin());
    equations.add(equation);
    Parameter parameter = new Parameter(symbol, equation.shape());
    computed.put(symbol, parameter);
    known.putIfAbsent(value, parameter);
    return parameter;
  }

  /// Computed weights as the values that they are for each other.
  private Expr asValues(Expr e) {
    return e instanceof Parameter p && computed.containsKey(p.symbol())
        ? new Value(p.symbol(), 0, p.shape())
        : Operands.map(e, this::asValues);
  }
}
