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

/// How a cell's states depend on those of the step before: the pattern of ∂state_t/∂state_{t-1}.
/// What is said is certain: a cell is called dense unless its equations show more.
public enum Recurrence {
  /// Each step is a linear map of the states whose coefficients are functions of the inputs alone,
  /// and a state is a matrix.
  MATRIX,
  /// The same with vectors only: steps can be composed, so that a parallel scan is possible.
  LINEAR,
  /// Each unit depends on the same unit of the states only.
  DIAGONAL,
  /// Units depend on each other.
  DENSE;

  /// How one value depends on the states of the last step.
  private record Path(boolean depends, boolean linear, boolean mixes) {
    static final Path NONE = new Path(false, true, false);
    static final Path STATE = new Path(true, true, false);

    Path and(Path other) {
      return new Path(depends || other.depends, linear && other.linear, mixes || other.mixes);
    }

    /// Through a function of each element.
    Path bent() {
      return new Path(depends, !depends, mixes);
    }

    /// Through something that reads many units.
    Path mixed() {
      return new Path(depends, linear, depends);
    }
  }

  /// @param canonical the cell in flat form
  public static Recurrence of(Cell canonical) {
    Map<Symbol, Path> paths = new HashMap<>();
    for (Equation equation : canonical.equations()) {
      paths.put(equation.target(), path(equation.value(), paths));
    }
    Path all =
        canonical.states().stream()
            .map(state -> paths.getOrDefault(state.symbol(), Path.NONE))
            .reduce(Path.NONE, Path::and);
    if (all.linear()) {
      boolean matrix = canonical.states().stream().anyMatch(s -> s.shape() instanceof Shape.Matrix);
      return matrix ? MATRIX : LINEAR;
    }
    return all.mixes() ? DENSE : DIAGONAL;
  }

  private static Path path(Expr e, Map<Symbol, Path> paths) {
    return switch (e) {
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _, Expr.Parameter _ ->
          Path.NONE;
      case Expr.Value value ->
          value.delay() > 0 ? Path.STATE : paths.getOrDefault(value.symbol(), Path.NONE);
      case Expr.Unary(Expr.UnaryOp op, Expr x) ->
          op == Expr.UnaryOp.NEGATE ? path(x, paths) : path(x, paths).bent();
      case Expr.Binary(Expr.BinaryOp op, Expr a, Expr b) ->
          binary(op, spread(a, e, paths), spread(b, e, paths));
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          path(condition, paths).bent().and(path(then, paths)).and(path(otherwise, paths));
      case Expr.Sum(List<Expr> terms) ->
          terms.stream().map(t -> spread(t, e, paths)).reduce(Path.NONE, Path::and);
      case Expr.MatMul(Expr a, Expr b) -> product(path(a, paths), path(b, paths)).mixed();
      case Expr.Outer(Expr a, Expr b) -> product(path(a, paths), path(b, paths)).mixed();
      case Expr.Transpose(Expr x) -> path(x, paths).mixed();
      case Expr.Concat(List<Expr> parts) ->
          parts.stream().map(p -> path(p, paths)).reduce(Path.NONE, Path::and).mixed();
      case Expr.Slice slice -> path(slice.x(), paths).mixed();
      case Expr.Reduce(Expr.ReduceOp op, Expr x) ->
          op == Expr.ReduceOp.SUM ? path(x, paths).mixed() : path(x, paths).bent().mixed();
      case Expr.Running(boolean _, Expr x) -> path(x, paths).mixed();
      case Expr.Spread(Expr x, Expr.Axis _, Dim _) -> path(x, paths).mixed();
      case Expr.Total(Expr.Axis _, Expr x) -> path(x, paths).mixed();
    };
  }

  /// A scalar that is spread over a vector reaches all its units.
  private static Path spread(Expr operand, Expr whole, Map<Symbol, Path> paths) {
    Path path = path(operand, paths);
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

  /// As people write it.
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
