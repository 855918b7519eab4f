package dev.sluice.compiler.analysis;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the values of one step depend on the states of the last, equation by equation.
final class Dependence {
  /// Which units a unit depends on.
  enum Reach {
    ITSELF,
    ITS_BLOCK,
    ALL;

    Reach and(Reach other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  /// The part of the state that a value belongs to.
  record Part(Dim from, Dim length) {}

  /// How one value depends on the states of the last step.
  ///
  /// @param part of the state that it was made of; null for the whole state, or when nothing
  /// depends
  record Path(boolean depends, boolean linear, Reach reach, @Nullable Part part) {
    static final Path NONE = new Path(false, true, Reach.ITSELF, null);
    static final Path STATE = new Path(true, true, Reach.ITSELF, null);

    Path and(Path other) {
      if (!depends || !other.depends) {
        Path one = depends ? this : other;
        return new Path(one.depends, linear && other.linear, one.reach, one.part);
      }
      boolean samePart = Objects.equals(part, other.part);
      return new Path(
          true,
          linear && other.linear,
          samePart ? reach.and(other.reach) : Reach.ALL,
          samePart ? part : null);
    }

    /// Through a function of each element.
    Path bent() {
      return new Path(depends, !depends, reach, part);
    }

    /// Through something that reads many units.
    Path mixed() {
      return depends ? new Path(true, linear, Reach.ALL, null) : this;
    }

    /// Through a matrix.
    Path multiplied() {
      return depends && part != null ? new Path(true, linear, Reach.ITS_BLOCK, part) : mixed();
    }

    /// Consecutive units of the whole.
    Path slice(Dim from, Dim length) {
      boolean simple = depends && part == null && reach == Reach.ITSELF;
      return simple ? new Path(true, linear, reach, new Part(from, length)) : mixed();
    }
  }

  private final Map<Symbol, Path> last;
  private final Map<Symbol, Path> now = new HashMap<>();

  /// @param last how the last step's states count
  private Dependence(Cell cell, Map<Symbol, Path> last) {
    this.last = last;
    for (Equation equation : cell.equations()) {
      now.put(equation.target(), path(equation.value()));
    }
  }

  /// Of all states together.
  static Path ofStates(Cell canonical) {
    Map<Symbol, Path> last = new HashMap<>();
    canonical.states().forEach(state -> last.put(state.symbol(), Path.STATE));
    Dependence found = new Dependence(canonical, last);
    // A state that only hands an input on, as x_{t-1} is kept, is a function of inputs.
    while (found.withoutInputs()) {
      found = new Dependence(canonical, last);
    }
    Dependence all = found;
    return canonical.states().stream()
        .map(state -> all.now.getOrDefault(state.symbol(), Path.NONE))
        .reduce(Path.NONE, Path::and);
  }

  /// Forgets the states that depend on none.
  private boolean withoutInputs() {
    return last.entrySet().removeIf(e -> !now.getOrDefault(e.getKey(), Path.NONE).depends());
  }

  private Path path(Expr e) {
    return switch (e) {
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _, Expr.Parameter _ ->
          Path.NONE;
      case Expr.Value value ->
          (value.delay() > 0 ? last : now).getOrDefault(value.symbol(), Path.NONE);
      case Expr.Unary(Expr.UnaryOp op, Expr x) ->
          op == Expr.UnaryOp.NEGATE ? path(x) : path(x).bent();
      case Expr.Binary(Expr.BinaryOp op, Expr a, Expr b) -> binary(op, spread(a, e), spread(b, e));
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          path(condition).bent().and(path(then)).and(path(otherwise));
      case Expr.Sum(List<Expr> terms) ->
          terms.stream().map(t -> spread(t, e)).reduce(Path.NONE, Path::and);
      case Expr.MatMul(Expr a, Expr b) -> product(path(a), path(b)).multiplied();
      case Expr.Outer(Expr a, Expr b) -> product(path(a), path(b)).mixed();
      case Expr.Transpose(Expr x) -> path(x).mixed();
      case Expr.Concat(List<Expr> parts) -> concatenated(parts);
      case Expr.Slice(Expr x, Expr.Axis axis, Dim from, Dim length) ->
          axis == Expr.Axis.ROWS && x.shape() instanceof Shape.Vector
              ? path(x).slice(from, length)
              : path(x).mixed();
      case Expr.Reduce(Expr.ReduceOp op, Expr x) ->
          op == Expr.ReduceOp.SUM ? path(x).mixed() : path(x).bent().mixed();
      case Expr.Running(boolean _, Expr x) -> path(x).mixed();
      case Expr.Spread(Expr x, Expr.Axis _, Dim _) -> path(x).mixed();
      case Expr.Total(Expr.Axis _, Expr x) -> path(x).mixed();
    };
  }

  /// Parts that stand where they were in the state are blocks of it.
  private Path concatenated(List<Expr> parts) {
    Path all = Path.NONE;
    Dim from = Dim.ZERO;
    for (Expr e : parts) {
      Dim length = ((Shape.Vector) e.shape()).length();
      Path path = path(e);
      boolean inPlace = new Part(from, length).equals(path.part());
      all = all.and(inPlace ? new Path(true, path.linear(), path.reach(), null) : path.mixed());
      from = from.plus(length);
    }
    return all;
  }

  /// A scalar that is spread over a vector reaches all its units.
  private Path spread(Expr operand, Expr whole) {
    Path path = path(operand);
    boolean spread =
        operand.shape() instanceof Shape.Scalar && !(whole.shape() instanceof Shape.Scalar);
    return spread ? path.mixed() : path;
  }

  private static Path binary(Expr.BinaryOp op, Path a, Path b) {
    return switch (op) {
      case ADD, SUBTRACT -> a.and(b);
      case MULTIPLY -> product(a, b);
      case DIVIDE -> b.depends() ? a.and(b).bent() : a;
      case MAX, MIN, POWER, GREATER -> a.and(b).bent();
    };
  }

  private static Path product(Path a, Path b) {
    Path both = a.and(b);
    return a.depends() && b.depends() ? both.bent() : both;
  }
}
