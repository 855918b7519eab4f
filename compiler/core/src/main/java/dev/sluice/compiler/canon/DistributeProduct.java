package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import dev.sluice.compiler.ir.flat.Rule;
import java.util.List;

/// A product with a computed matrix → products with its parts.
///
///     (A B) x → A (B x)      (A + B) x → A x + B x      (α W) x → α (W x)      (−W) x → W (−x)
///  (a bᵀ) x → a (b·x)
///
/// Not an identity in floating point: other roundings. `(A + B) x` waits until `x` has a name, so
/// that `x` is computed once.
final class DistributeProduct implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof MatMul(Expr matrix, Expr x)) || !(x.shape() instanceof Vector)) {
      return e;
    }
    return switch (matrix) {
      case MatMul(Expr a, Expr b) -> new MatMul(a, new MatMul(b, x));
      case Outer(Expr a, Expr b) ->
          new Binary(
              BinaryOp.MULTIPLY, a, new Reduce(ReduceOp.SUM, new Binary(BinaryOp.MULTIPLY, b, x)));
      case Unary(UnaryOp op, Expr a) when op == UnaryOp.NEGATE -> new MatMul(a, new Unary(op, x));
      case Sum(List<Expr> terms) when x instanceof Value && areMatrices(terms) ->
          new Sum(terms.stream().<Expr>map(term -> new MatMul(term, x)).toList());
      case Binary(BinaryOp op, Expr a, Expr b) -> binary(op, a, b, x, e);
      default -> e;
    };
  }

  private static Expr binary(BinaryOp op, Expr a, Expr b, Expr x, Expr otherwise) {
    return switch (op) {
      case SUBTRACT ->
          x instanceof Value && areMatrices(List.of(a, b))
              ? new Binary(op, new MatMul(a, x), new MatMul(b, x))
              : otherwise;
      case MULTIPLY -> {
        if (a.shape() instanceof Scalar) {
          yield new Binary(op, a, new MatMul(b, x));
        }
        yield b.shape() instanceof Scalar ? new Binary(op, b, new MatMul(a, x)) : otherwise;
      }
      case DIVIDE -> b.shape() instanceof Scalar ? new Binary(op, new MatMul(a, x), b) : otherwise;
      case ADD, MAX, MIN, POWER, GREATER -> otherwise;
    };
  }

  private static boolean areMatrices(List<Expr> terms) {
    return terms.stream().allMatch(term -> term.shape() instanceof Matrix);
  }
}
