package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.WholeOp;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Running;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;
import java.util.function.UnaryOperator;

/// What functions of whole vectors compute.
final class WholeVectors {
  /// What PyTorch and most papers add to the variance.
  private static final double EPSILON = 1e-5;

  private WholeVectors() {}

  /// @param length of x
  /// @param named gives a value that is used more than once a name
  static Expr expr(WholeOp op, Expr x, Dim length, UnaryOperator<Expr> named) {
    return switch (op) {
      case SUM -> new Reduce(ReduceOp.SUM, x);
      case MEAN -> mean(x, length);
      case MAX -> new Reduce(ReduceOp.MAX, x);
      case MIN -> negative(new Reduce(ReduceOp.MAX, negative(x)));
      case NORM -> new Reduce(ReduceOp.NORM, x); // of a matrix, too
      case SOFTMAX -> softmax(x, named);
      case CUMSUM -> new Running(false, x);
      case CUMAX -> new Running(false, softmax(x, named));
      case LAYERNORM -> layerNorm(x, length, named);
    };
  }

  /// `e^{x - max(x)} / Σ`: no exponential overflows, and the shift cancels out of the gradient.
  private static Expr softmax(Expr x, UnaryOperator<Expr> named) {
    Expr value = named.apply(x);
    Expr largest = new Unary(UnaryOp.DETACH, new Reduce(ReduceOp.MAX, value));
    Expr e = named.apply(new Unary(UnaryOp.EXP, new Binary(BinaryOp.SUBTRACT, value, largest)));
    return new Binary(BinaryOp.DIVIDE, e, new Reduce(ReduceOp.SUM, e));
  }

  /// `(x - mean(x)) / √(variance + ε)`
  private static Expr layerNorm(Expr x, Dim length, UnaryOperator<Expr> named) {
    Expr value = named.apply(x);
    Expr d = named.apply(new Binary(BinaryOp.SUBTRACT, value, mean(value, length)));
    Expr variance = mean(new Binary(BinaryOp.MULTIPLY, d, d), length);
    Expr sum = new Expr.Sum(List.of(variance, new Literal(EPSILON)));
    return new Binary(BinaryOp.DIVIDE, d, new Unary(UnaryOp.SQRT, sum));
  }

  private static Expr mean(Expr x, Dim length) {
    return new Binary(BinaryOp.DIVIDE, new Reduce(ReduceOp.SUM, x), new Expr.Length(length));
  }

  private static Expr negative(Expr x) {
    return new Unary(UnaryOp.NEGATE, x);
  }
}
