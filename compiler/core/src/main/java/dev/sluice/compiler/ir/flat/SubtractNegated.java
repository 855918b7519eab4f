package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;

/// `a + (−b)` and `(−b) + a` → `a − b`; `a − (−b)` → `a + b`; `(−a) ∘ b` and `a ∘ (−b)` → `−(a ∘
/// b)`.
///
/// Exact. A sum with a matrix product keeps its terms, so that the product stays in the sum.
public final class SubtractNegated implements Rule {
  @Override
  public Expr apply(Expr e) {
    return switch (e) {
      case Sum(List<Expr> terms) when terms.size() == 2 ->
          difference(terms.get(0), terms.get(1), e);
      case Binary(BinaryOp op, Expr a, Unary(UnaryOp negate, Expr b))
          when negate == UnaryOp.NEGATE ->
          switch (op) {
            case SUBTRACT -> new Sum(List.of(a, b));
            case MULTIPLY -> negative(new Binary(op, a, b));
            case ADD, DIVIDE, MAX, MIN, POWER, GREATER -> e;
          };
      case Binary(BinaryOp op, Unary(UnaryOp negate, Expr a), Expr b)
          when negate == UnaryOp.NEGATE && op == BinaryOp.MULTIPLY ->
          negative(new Binary(op, a, b));
      default -> e;
    };
  }

  private static Expr difference(Expr a, Expr b, Expr e) {
    if (a instanceof MatMul || b instanceof MatMul) {
      return e;
    }
    if (b instanceof Unary(UnaryOp op, Expr x) && op == UnaryOp.NEGATE) {
      return new Binary(BinaryOp.SUBTRACT, a, x);
    }
    if (a instanceof Unary(UnaryOp op, Expr x) && op == UnaryOp.NEGATE) {
      return new Binary(BinaryOp.SUBTRACT, b, x);
    }
    return e;
  }

  private static Expr negative(Expr x) {
    return new Unary(UnaryOp.NEGATE, x);
  }
}
