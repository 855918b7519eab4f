package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;

/// A power with a small whole exponent → products by repeated squaring: `x³` → `(x ∘ x) ∘ x`,
/// `x^{-2}` → `1 / (x ∘ x)`; `x^½` → `√x`.
///
/// Not an identity in floating point beyond `x²`: each product rounds. `√x` differs from the power
/// at −∞ and −0. Waits until the base has a name, so that it is computed once.
public final class ExpandPowers implements Rule {
  static final int LARGEST = 16;

  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof Binary(BinaryOp op, Expr x, Literal(double exponent)))
        || op != BinaryOp.POWER) {
      return e;
    }
    if (exponent == 0.5) {
      return new Unary(UnaryOp.SQRT, x);
    }
    boolean whole =
        exponent == Math.rint(exponent) && Math.abs(exponent) <= LARGEST && exponent != 0;
    if (!whole || !Flatten.isAtom(x)) {
      return e;
    }
    Expr power = power(x, (int) Math.abs(exponent));
    return exponent > 0 ? power : new Binary(BinaryOp.DIVIDE, new Literal(1), power);
  }

  private static Expr power(Expr x, int exponent) {
    if (exponent == 1) {
      return x;
    }
    Expr half = power(x, exponent / 2);
    Expr square = new Binary(BinaryOp.MULTIPLY, half, half);
    return exponent % 2 == 0 ? square : new Binary(BinaryOp.MULTIPLY, square, x);
  }
}
