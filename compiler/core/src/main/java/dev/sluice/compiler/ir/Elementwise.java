package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;

/// The elementwise functions in double precision.
public final class Elementwise {
  private Elementwise() {}

  public static double apply(UnaryOp op, double x) {
    return switch (op) {
      case NEGATE -> -x;
      case SIGMOID -> sigmoid(x);
      case TANH -> Math.tanh(x);
      case RELU -> Math.max(x, 0);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case SQRT -> Math.sqrt(x);
      case ABS -> Math.abs(x);
      case SIGN -> side(x, 0);
      case STEP -> x > 0 ? 1 : 0;
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case ERF -> ErrorFunction.erf(x);
      case FLOOR -> Math.floor(x);
      case DETACH -> x;
    };
  }

  public static double apply(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POWER -> Math.pow(a, b);
      case GREATER -> a > b ? 1 : 0;
    };
  }

  /// Whether the slope jumps somewhere: at 0, or at a = b.
  static boolean hasKink(UnaryOp op) {
    return switch (op) {
      case RELU, ABS, SIGN, STEP -> true;
      case NEGATE, SIGMOID, TANH, EXP, LOG, SOFTPLUS, SQRT, SIN, COS, ERF, FLOOR, DETACH -> false;
    };
  }

  static boolean hasKink(BinaryOp op) {
    return switch (op) {
      case MAX, MIN, GREATER -> true;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER -> false;
    };
  }

  /// -1 below, 0 at, 1 above.
  static int side(double a, double b) {
    return a > b ? 1 : a < b ? -1 : 0;
  }

  /// exp is taken of what is not positive, so it can't overflow.
  private static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }
}
