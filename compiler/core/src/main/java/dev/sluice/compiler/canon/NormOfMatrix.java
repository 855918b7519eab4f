package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.flat.Flatten;
import dev.sluice.compiler.ir.flat.Rule;

/// The Frobenius norm of a matrix → the root of the sum of its squares, `norm(Mᵀ)` → `norm(M)`.
///
/// An identity. The root is taken of 1 where all elements are 0, so that the gradient there is 0
/// too, as that of a vector's norm. Waits until the matrix has a name.
final class NormOfMatrix implements Rule {
  private static final Literal ZERO = new Literal(0);
  private static final Literal ONE = new Literal(1);

  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof Reduce(ReduceOp op, Expr x))
        || op != ReduceOp.NORM
        || !(x.shape() instanceof Matrix)) {
      return e;
    }
    if (x instanceof Transpose(Expr matrix)) {
      return new Reduce(op, matrix);
    }
    if (!Flatten.isAtom(x)) {
      return e;
    }
    Expr squares = new Reduce(ReduceOp.SUM, new Binary(BinaryOp.MULTIPLY, x, x));
    Expr above = new Binary(BinaryOp.GREATER, squares, ZERO);
    Expr root = new Unary(UnaryOp.SQRT, new Select(above, squares, ONE));
    return new Select(above, root, ZERO);
  }
}
