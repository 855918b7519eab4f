package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Scalar;

/// What kinds of matrices there are.
public final class Matrices {
  private Matrices() {}

  /// Whether a matrix is a value of a step, element by element: a state, or a function of one.
  /// Others are weights, or sums and products in which a product is distributed.
  public static boolean isElementwise(Expr matrix) {
    return switch (matrix) {
      case Value _, Spread _, Select _ -> true;
      case Transpose(Expr x) -> isElementwise(x);
      case Slice(Expr x, var _, var _, var _) -> isElementwise(x);
      case Unary(UnaryOp op, Expr _) -> op != UnaryOp.NEGATE;
      case Binary(BinaryOp op, Expr a, Expr b) ->
          switch (op) {
            case ADD, SUBTRACT -> false;
            case MULTIPLY -> !(a.shape() instanceof Scalar) && !(b.shape() instanceof Scalar);
            case DIVIDE -> !(b.shape() instanceof Scalar);
            case MAX, MIN, POWER, GREATER -> true;
          };
      case Expr.Literal _,
          Expr.Constant _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Parameter _,
          Expr.Sum _ ->
          false;
      case Expr.MatMul _,
          Expr.Outer _,
          Expr.Concat _,
          Expr.Reduce _,
          Expr.Running _,
          Expr.Total _ ->
          false;
    };
  }
}
