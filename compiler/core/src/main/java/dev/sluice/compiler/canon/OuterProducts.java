package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.flat.Rule;

/// What is done to an outer product → what is done to its vectors.
///
///     s · (a bᵀ) → (s · a) bᵀ      −(a bᵀ) → (−a) bᵀ      diag(c) (a bᵀ) → (c ∘ a) bᵀ
///       M (a bᵀ) → (M a) bᵀ      (a bᵀ) M → a (Mᵀ b)ᵀ
///
/// Not an identity in floating point: other roundings. Costs a vector's work instead of a matrix's.
final class OuterProducts implements Rule {
  @Override
  public Expr apply(Expr e) {
    return switch (e) {
      case Unary(UnaryOp op, Outer(Expr a, Expr b)) when op == UnaryOp.NEGATE ->
          new Outer(new Unary(op, a), b);
      case Binary(BinaryOp op, Expr s, Outer outer) when op == BinaryOp.MULTIPLY ->
          scaled(outer, s, e);
      case Binary(BinaryOp op, Outer outer, Expr s)
          when op == BinaryOp.MULTIPLY || op == BinaryOp.DIVIDE && s.shape() instanceof Scalar ->
          op == BinaryOp.DIVIDE
              ? new Outer(new Binary(op, outer.a(), s), outer.b())
              : scaled(outer, s, e);
      case MatMul(Expr m, Outer(Expr a, Expr b)) -> new Outer(new MatMul(m, a), b);
      case MatMul(Outer(Expr a, Expr b), Expr m) when m.shape() instanceof Matrix ->
          new Outer(a, new MatMul(new Transpose(m), b));
      default -> e;
    };
  }

  private static Expr scaled(Outer outer, Expr by, Expr otherwise) {
    if (by.shape() instanceof Scalar) {
      return new Outer(times(by, outer.a()), outer.b());
    }
    if (by instanceof Spread(Expr x, Axis axis, var _)) {
      return axis == Axis.ROWS
          ? new Outer(times(x, outer.a()), outer.b())
          : new Outer(outer.a(), times(x, outer.b()));
    }
    return otherwise;
  }

  private static Expr times(Expr a, Expr b) {
    return new Binary(BinaryOp.MULTIPLY, a, b);
  }
}
