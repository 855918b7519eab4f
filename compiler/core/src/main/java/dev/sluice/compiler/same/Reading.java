package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Weight;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Cell → [Form]: gates are put in where they are read, so that their names no longer matter.
final class Reading {
  private final Cell cell;
  private final Terms terms = new Terms();
  private final Algebra algebra = new Algebra(terms, false);
  private final Pieces pieces;
  private final Map<Symbol, Polynomial> values = new HashMap<>();

  private Reading(Cell cell) {
    this.cell = cell;
    this.pieces = Pieces.of(cell);
  }

  /// @param cell in flat form
  static Form of(Cell cell) {
    return new Reading(cell).form();
  }

  /// A form, and the atom that each of some values is in it.
  record WithAtoms(Form form, Map<Symbol, Integer> atoms) {}

  /// @param cell in flat form
  /// @param values whose atoms are wanted; one that is no single atom has none
  static WithAtoms withAtoms(Cell cell, List<Symbol> values) {
    Reading reading = new Reading(cell);
    Form form = reading.form();
    Map<Symbol, Integer> atoms = new LinkedHashMap<>();
    values.forEach(v -> reading.value(v).atom().ifPresent(a -> atoms.put(v, a)));
    return new WithAtoms(form, atoms);
  }

  private Form form() {
    for (Cell.Input input : cell.inputs()) {
      values.put(input.symbol(), terms.leaf(new Head.Input(input.symbol()), input.shape()));
    }
    for (Cell.Mask mask : cell.masks()) { // what it is in inference
      values.put(mask.symbol(), Polynomial.constant(mask.mean(), mask.shape()));
    }
    for (Equation e : cell.equations()) {
      values.put(e.target(), of(e.value()).withShape(e.shape()));
    }
    SequencedMap<Symbol, Integer> states = new LinkedHashMap<>();
    cell.states().forEach(s -> states.put(s.symbol(), terms.number(value(s.symbol()))));
    return new Form(cell, terms, terms.number(value(cell.output())), states, false).withoutUnused();
  }

  private Polynomial value(Symbol symbol) {
    Polynomial value = values.get(symbol);
    if (value == null) {
      throw new IllegalStateException("no value " + symbol + " in " + cell.name());
    }
    return value;
  }

  private Polynomial of(Expr e) {
    return switch (e) {
      case Expr.Literal(double value) -> Polynomial.constant(value, Shape.SCALAR);
      case Expr.Constant(Symbol _, double value) -> Polynomial.constant(value, Shape.SCALAR);
      case Expr.StepNumber() -> terms.leaf(new Head.StepNumber(), Shape.SCALAR);
      case Expr.Length(Dim of) ->
          of.terms().isEmpty()
              ? Polynomial.constant(of.constant(), Shape.SCALAR)
              : terms.leaf(new Head.Length(of), Shape.SCALAR);
      case Expr.Parameter(Symbol symbol, Shape shape) -> weight(Weight.whole(symbol, shape), e);
      case Expr.Value(Symbol symbol, int delay, Shape shape) ->
          delay == 0 ? value(symbol) : terms.leaf(new Head.State(symbol), shape);
      case Expr.Unary(UnaryOp op, Expr x) -> algebra.unary(op, of(x));
      case Expr.Binary(BinaryOp op, Expr a, Expr b) -> binary(op, of(a), of(b), e.shape());
      case Expr.Select(Expr c, Expr a, Expr b) -> algebra.where(of(c), of(a), of(b), e.shape());
      case Expr.Sum(List<Expr> all) -> {
        Polynomial sum = new Polynomial(Map.of(), e.shape());
        for (Expr term : all) {
          sum = sum.plus(of(term), e.shape());
        }
        yield sum;
      }
      case Expr.MatMul(Expr a, Expr b) -> algebra.products().product(of(a), of(b), e.shape());
      case Expr.Transpose(Expr x) -> algebra.products().transpose(of(x));
      case Expr.Outer(Expr a, Expr b) ->
          algebra.times(
              named(Function.SPREAD_TO_ROWS, a, e),
              named(Function.SPREAD_TO_COLUMNS, b, e),
              e.shape());
      case Expr.Concat(List<Expr> parts) ->
          algebra.apply(
              new Named(Function.CONCAT), parts.stream().map(this::of).toList(), e.shape());
      case Expr.Slice slice -> slice(slice);
      case Expr.Reduce(ReduceOp op, Expr x) ->
          switch (op) {
            case SUM -> algebra.products().sum(of(x));
            case MAX -> algebra.apply(new Named(Function.LARGEST), List.of(of(x)), e.shape());
            case NORM -> algebra.apply(new Named(Function.NORM), List.of(of(x)), e.shape());
          };
      case Expr.Spread(Expr x, Axis axis, Dim _) ->
          named(axis == Axis.ROWS ? Function.SPREAD_TO_ROWS : Function.SPREAD_TO_COLUMNS, x, e);
      case Expr.Total(Axis axis, Expr x) -> total(axis, of(x), e.shape());
      case Expr.Running(boolean backwards, Expr x) ->
          algebra.apply(
              new Named(backwards ? Function.RUNNING_BACKWARDS : Function.RUNNING),
              List.of(of(x)),
              e.shape());
    };
  }

  private Polynomial named(Function function, Expr x, Expr whole) {
    return algebra.apply(new Named(function), List.of(of(x)), whole.shape());
  }

  private Polynomial total(Axis axis, Polynomial x, Shape shape) {
    Polynomial matrix = axis == Axis.ROWS ? x : algebra.products().transpose(x);
    Dim columns = ((Shape.Matrix) matrix.shape()).columns();
    return algebra.products().product(matrix, Polynomial.constant(1, Shape.vector(columns)), shape);
  }

  private Polynomial binary(BinaryOp op, Polynomial a, Polynomial b, Shape shape) {
    return switch (op) {
      case ADD -> a.plus(b, shape);
      case SUBTRACT -> a.plus(b.scaled(-1), shape);
      case MULTIPLY -> algebra.times(a, b, shape);
      case DIVIDE -> algebra.over(a, b, shape);
      case MAX -> algebra.max(a.withShape(shape), b.withShape(shape), shape);
      case MIN -> algebra.min(a.withShape(shape), b.withShape(shape), shape);
      case POWER -> algebra.power(a, b, shape);
      case GREATER -> algebra.positive(a.plus(b.scaled(-1), shape));
    };
  }

  private Polynomial slice(Expr.Slice slice) {
    Optional<Weight> weight = Pieces.weight(slice);
    return weight.isPresent()
        ? weight(weight.get(), slice)
        : algebra.apply(
            new Head.Slice(slice.axis(), slice.from(), slice.length()),
            List.of(of(slice.x())),
            slice.shape());
  }

  /// A piece that no other overlaps is a weight of its own; else it stays a slice of the whole.
  private Polynomial weight(Weight weight, Expr e) {
    if (pieces.isApart(weight)) {
      return terms.leaf(weight, weight.shape());
    }
    if (e instanceof Expr.Slice(Expr x, Axis axis, Dim from, Dim length)) {
      return algebra.apply(new Head.Slice(axis, from, length), List.of(of(x)), e.shape());
    }
    return terms.leaf(weight, weight.shape());
  }
}
