package dev.sluice.compiler.derive;

import dev.sluice.compiler.derive.Derivatives.Part;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Jacobian;
import dev.sluice.compiler.ir.Jacobian.Factor;
import dev.sluice.compiler.ir.Jacobian.Path;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The Jacobians of one step: forward mode with matrices, one path after the other. The slopes are
/// those of [Derivatives].
public final class Jacobians {
  /// More paths than anybody reads; a deep cell has exponentially many.
  private static final int MOST_PATHS = 48;

  private final Cell cell;
  private final Symbol source;
  private final int delay;
  private final Map<Symbol, List<Path>> paths = new HashMap<>();
  private final Set<Symbol> cut = new HashSet<>();

  private Jacobians(Cell cell, Symbol source, int delay) {
    this.cell = cell;
    this.source = source;
    this.delay = delay;
  }

  /// Of every state, and the output, with respect to every state of the step before, and of states
  /// that another state of the same step goes into.
  ///
  /// @param cell in flat form
  public static List<Jacobian> of(Cell cell) {
    List<Symbol> targets = new ArrayList<>(cell.states().stream().map(Cell.State::symbol).toList());
    if (!targets.contains(cell.output())) {
      targets.add(cell.output());
    }
    List<Jacobian> all = new ArrayList<>();
    for (Cell.State source : cell.states()) {
      all.addAll(new Jacobians(cell, source.symbol(), 1).of(targets));
    }
    for (Cell.State source : cell.states()) {
      for (Jacobian within : new Jacobians(cell, source.symbol(), 0).of(targets)) {
        if (!within.target().equals(source.symbol()) && !within.paths().isEmpty()) {
          all.add(within);
        }
      }
    }
    return all;
  }

  private List<Jacobian> of(List<Symbol> targets) {
    for (Equation e : cell.equations()) {
      Operands.values(
          e.value(),
          v -> {
            if (v.delay() == 0 && cut.contains(v.symbol())) {
              cut.add(e.target());
            }
          });
      paths.put(e.target(), combined(through(e), e.target()));
    }
    return targets.stream()
        .map(t -> new Jacobian(t, source, delay, shape(t), paths(t), !cut.contains(t)))
        .toList();
  }

  private Shape shape(Symbol symbol) {
    return cell.equation(symbol).orElseThrow().shape();
  }

  private List<Path> paths(Symbol symbol) {
    return paths.getOrDefault(symbol, List.of());
  }

  private List<Path> of(Value value) {
    if (value.symbol().equals(source) && value.delay() == delay) {
      return List.of(new Path(1, List.of()));
    }
    return value.delay() == 0 ? paths(value.symbol()) : List.of();
  }

  // ---- one equation

  private List<Path> through(Equation e) {
    List<Path> all = new ArrayList<>();
    switch (e.value()) {
      case Sum(List<Expr> terms) -> terms.forEach(t -> term(t, e.shape(), all));
      case Slice(Value x, var _, Dim from, Dim length) ->
          add(all, 1, new Factor.Cut(from, length, ((Vector) x.shape()).length()), x);
      case Expr.Concat(List<Expr> parts) -> concat(parts, ((Vector) e.shape()).length(), all);
      case Expr.Running(boolean backwards, Value x) ->
          add(all, 1, new Factor.Triangle(backwards, ((Vector) x.shape()).length()), x);
      case Expr.Total(Axis axis, Value x) ->
          add(all, 1, new Factor.Total(axis, (Matrix) x.shape()), x);
      default -> {
        for (Part part : Derivatives.of(e.value(), e.now(), Maths.ONE)) {
          slope(part.gradient(), part.operand(), e.shape(), all);
        }
      }
    }
    return all;
  }

  private void term(Expr term, Shape shape, List<Path> all) {
    if (term instanceof MatMul(Expr weight, Value x)) {
      add(all, 1, new Factor.Weight(weight), x);
    } else {
      all.addAll(spread(term, shape));
    }
  }

  private void concat(List<Expr> parts, Dim whole, List<Path> all) {
    Dim from = Dim.ZERO;
    for (Expr part : parts) {
      Dim length = ((Vector) part.shape()).length();
      if (part instanceof Value x) {
        add(all, 1, new Factor.Place(from, length, whole), x);
      }
      from = from.plus(length);
    }
  }

  /// The paths to an operand as far as the elements of `shape`, which it may be spread over.
  private List<Path> spread(Expr operand, Shape shape) {
    return switch (operand) {
      case Value x when x.shape() instanceof Scalar && !(shape instanceof Scalar) ->
          of(x).stream().map(p -> before(1, new Factor.Ones(shape), p)).toList();
      case Value x -> of(x);
      case Expr.Spread(Value x, Axis axis, Dim _) ->
          of(x).stream().map(p -> before(1, new Factor.Spread(axis, (Matrix) shape), p)).toList();
      default -> List.of();
    };
  }

  private void slope(Expr slope, Expr operand, Shape shape, List<Path> all) {
    List<Expr> product = new ArrayList<>();
    double coefficient = factors(slope, product);
    if (shape instanceof Scalar && operand.shape() instanceof Vector(Dim length)) {
      if (operand instanceof Value x) {
        add(all, coefficient, new Factor.Row(product, length), x);
      }
      return;
    }
    for (Path path : spread(operand, shape)) {
      all.add(
          product.isEmpty()
              ? new Path(coefficient * path.coefficient(), path.factors())
              : before(coefficient, new Factor.Diagonal(product), path));
    }
  }

  /// The factors of a slope, and the number before them.
  private double factors(Expr e, List<Expr> product) {
    return switch (e) {
      case Literal(double value) -> value;
      case Value v when negated(v).isPresent() -> -factors(negated(v).get(), product);
      case Expr.Spread(Value v, Axis axis, Dim count) when negated(v).isPresent() -> {
        product.add(new Expr.Spread(negated(v).get(), axis, count));
        yield -1;
      }
      case Unary(UnaryOp op, Expr x) when op == UnaryOp.NEGATE -> -factors(x, product);
      case Binary(BinaryOp op, Expr a, Expr b) when op == BinaryOp.MULTIPLY ->
          factors(a, product) * factors(b, product);
      case Binary(BinaryOp op, Expr a, Expr b) when op == BinaryOp.DIVIDE -> {
        double coefficient = factors(a, product);
        product.add(new Binary(op, Maths.ONE, b));
        yield coefficient;
      }
      default -> {
        product.add(e);
        yield 1;
      }
    };
  }

  /// What a value is the negative of.
  private Optional<Value> negated(Value v) {
    return v.delay() == 0
            && cell.equation(v.symbol()).map(Equation::value).orElse(v)
                instanceof Unary(UnaryOp op, Value x)
            && op == UnaryOp.NEGATE
        ? Optional.of(x)
        : Optional.empty();
  }

  private void add(List<Path> all, double coefficient, Factor factor, Value x) {
    of(x).forEach(path -> all.add(before(coefficient, factor, path)));
  }

  /// A factor before a path; diagonals next to each other are one.
  private static Path before(double coefficient, Factor factor, Path path) {
    List<Factor> factors = new ArrayList<>(path.factors());
    if (!factors.isEmpty() && factors.getFirst() instanceof Factor.Diagonal(List<Expr> next)) {
      if (factor instanceof Factor.Diagonal(List<Expr> product)) {
        factors.set(0, new Factor.Diagonal(joined(product, next)));
        return new Path(coefficient * path.coefficient(), factors);
      }
      if (factor instanceof Factor.Row(List<Expr> product, Dim length)) {
        factors.set(0, new Factor.Row(joined(product, next), length));
        return new Path(coefficient * path.coefficient(), factors);
      }
    }
    factors.addFirst(factor);
    return new Path(coefficient * path.coefficient(), factors);
  }

  private static List<Expr> joined(List<Expr> a, List<Expr> b) {
    List<Expr> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /// Equal paths as one.
  private List<Path> combined(List<Path> all, Symbol target) {
    Map<List<Factor>, Double> sum = new LinkedHashMap<>();
    all.forEach(p -> sum.merge(p.factors(), p.coefficient(), Double::sum));
    List<Path> combined = new ArrayList<>();
    sum.forEach(
        (factors, c) -> {
          if (c != 0 && combined.size() < MOST_PATHS) {
            combined.add(new Path(c, factors));
          }
        });
    if (combined.size() == MOST_PATHS) {
      cut.add(target);
    }
    return combined;
  }
}
