package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Constant;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;

/// A vector over a computed number → the vector times its reciprocal: `d / s` → `d · (1 / s)`, one
/// division for the row instead of one for each element.
///
/// Not an identity in floating point: two roundings instead of one. A reciprocal of 0 is infinite,
/// so that `0 / 0` is NaN either way.
public final class DivideByScalar implements Rule {
  @Override
  public Expr apply(Expr e) {
    return e instanceof Binary(BinaryOp op, Expr a, Expr b)
            && op == BinaryOp.DIVIDE
            && (a.shape() instanceof Vector || Matrices.isElementwise(a))
            && b.shape() instanceof Scalar
            && !(b instanceof Literal || b instanceof Constant)
        ? new Binary(BinaryOp.MULTIPLY, a, new Binary(BinaryOp.DIVIDE, new Literal(1), b))
        : e;
  }
}
