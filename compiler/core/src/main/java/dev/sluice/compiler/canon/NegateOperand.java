package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.flat.Rule;
import java.util.List;

/// `−(W x)` → `W (−x)`, and `a − W x` → `a + W (−x)`: the product stays a term of the sum. Exact.
final class NegateOperand implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (e instanceof Unary(UnaryOp op, MatMul(Expr weight, Expr x)) && op == UnaryOp.NEGATE) {
      return new MatMul(weight, new Unary(op, x));
    }
    if (e instanceof Binary(BinaryOp op, Expr a, MatMul product) && op == BinaryOp.SUBTRACT) {
      return new Sum(List.of(a, new Unary(UnaryOp.NEGATE, product)));
    }
    return e;
  }
}
