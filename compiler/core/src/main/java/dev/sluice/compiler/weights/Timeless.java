package dev.sluice.compiler.weights;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.flat.Flatten;
import dev.sluice.compiler.ir.flat.Operands;

/// Expressions that are the same at every step.
final class Timeless {
  private Timeless() {}

  /// Whether nothing in it has a time.
  static boolean is(Expr e) {
    return !(e instanceof Value)
        && !(e instanceof StepNumber)
        && Operands.of(e).stream().allMatch(Timeless::is);
  }

  static boolean readsParameter(Expr e) {
    return e instanceof Parameter || Operands.of(e).stream().anyMatch(Timeless::readsParameter);
  }

  /// Whether a matrix is computed element by element, without a product of matrices.
  static boolean isElementwise(Expr matrix) {
    return Flatten.isCoefficient(matrix)
        || switch (matrix) {
          case MatMul _, Transpose _, Slice _ -> false;
          default ->
              Operands.of(matrix).stream()
                  .allMatch(x -> !(x.shape() instanceof Matrix) || isElementwise(x));
        };
  }

  /// A matrix whose transposes stand next to its parameters: `exp(W)ᵀ` is `exp(Wᵀ)`.
  static Expr transposesInside(Expr matrix) {
    return matrix instanceof Transpose(Expr x) && !Flatten.isCoefficient(x)
        ? transposed(x)
        : Operands.map(matrix, Timeless::transposesInside);
  }

  private static Expr transposed(Expr e) {
    if (e.shape() instanceof Scalar) {
      return transposesInside(e);
    }
    return switch (e) {
      case Transpose(Expr x) -> transposesInside(x);
      case Expr.Spread(Expr x, Expr.Axis axis, var count) ->
          new Expr.Spread(
              transposesInside(x),
              axis == Expr.Axis.ROWS ? Expr.Axis.COLUMNS : Expr.Axis.ROWS,
              count);
      case Expr.Unary _, Expr.Binary _, Expr.Select _, Expr.Sum _ ->
          Operands.map(e, Timeless::transposed);
      default -> new Transpose(Operands.map(e, Timeless::transposesInside));
    };
  }

  /// Whether it only puts together, or takes apart, what there is.
  static boolean isArrangement(Expr e) {
    return switch (e) {
      case Expr.Concat _, Slice _, Transpose _, Expr.Spread _, Outer _ -> true;
      case MatMul(Expr _, Expr b) -> b.shape() instanceof Matrix;
      default -> Operands.of(e).isEmpty();
    };
  }
}
