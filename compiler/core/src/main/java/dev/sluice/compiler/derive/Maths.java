package dev.sluice.compiler.derive;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;

/// Right sides in few words, so that the table of derivatives reads as formulas.
final class Maths {
  static final Expr ZERO = new Literal(0);
  static final Expr ONE = new Literal(1);
  static final Expr TWO = new Literal(2);

  private Maths() {}

  static Expr apply(UnaryOp op, Expr x) {
    return new Unary(op, x);
  }

  static Expr negative(Expr x) {
    return new Unary(UnaryOp.NEGATE, x);
  }

  static Expr minus(Expr a, Expr b) {
    return new Binary(BinaryOp.SUBTRACT, a, b);
  }

  static Expr times(Expr a, Expr b) {
    return new Binary(BinaryOp.MULTIPLY, a, b);
  }

  static Expr over(Expr a, Expr b) {
    return new Binary(BinaryOp.DIVIDE, a, b);
  }

  static Expr power(Expr a, Expr b) {
    return new Binary(BinaryOp.POWER, a, b);
  }

  /// 1 where a > b, else 0.
  static Expr above(Expr a, Expr b) {
    return new Binary(BinaryOp.GREATER, a, b);
  }

  static Expr where(Expr condition, Expr then, Expr otherwise) {
    return new Select(condition, then, otherwise);
  }

  /// A scalar in every element of a vector like the given one, whose values do not matter.
  static Expr spread(Expr scalar, Expr like) {
    return new Select(ONE, scalar, like);
  }

  /// 0 in every element of a vector like the given one, whose values do not matter: the zero of the
  /// flat form.
  static Expr zeros(Expr like) {
    return new Select(ZERO, like, ZERO);
  }

  static Expr transposed(Expr weight) {
    return weight instanceof Transpose(Expr x) ? x : new Transpose(weight);
  }
}
