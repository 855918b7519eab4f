package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/// `2 · 3` → `6`, `tanh(0)` → `0`, `x + 1 + 2` → `x + 3`, a choice whose condition is a number →
/// the branch.
///
/// Named constants keep their name. What is not a finite number (`1/0`, `log 0`) stays as it is, to
/// happen at run time.
/// Not an identity in floating point where numbers of a sum move together.
public final class FoldConstants implements Rule {
  @Override
  public Expr apply(Expr e) {
    return switch (e) {
      case Unary(var op, Literal(double x)) -> number(unary(op, x), e);
      case Binary(var op, Literal(double a), Literal(double b)) -> number(binary(op, a, b), e);
      case Select(Literal(double condition), Expr then, Expr otherwise) -> {
        Expr branch = condition != 0 ? then : otherwise;
        yield branch.shape().equals(e.shape()) ? branch : e;
      }
      case Sum(List<Expr> terms)
          when terms.stream().filter(Literal.class::isInstance).count() > 1 ->
          sum(terms, e);
      default -> e;
    };
  }

  private static Expr sum(List<Expr> terms, Expr e) {
    double total = terms.stream().mapToDouble(t -> t instanceof Literal(double x) ? x : 0).sum();
    if (!Double.isFinite(total)) {
      return e;
    }
    List<Expr> folded =
        new ArrayList<>(terms.stream().filter(t -> !(t instanceof Literal)).toList());
    folded.add(new Literal(total));
    return folded.size() == 1 ? folded.getFirst() : new Sum(folded);
  }

  private static Expr number(double x, Expr otherwise) {
    return Double.isFinite(x) ? new Literal(x) : otherwise;
  }

  private static double unary(UnaryOp op, double x) {
    return switch (op) {
      case NEGATE -> -x;
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case RELU -> Math.max(x, 0);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case SQRT -> Math.sqrt(x);
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case STEP -> x > 0 ? 1 : 0;
    };
  }

  private static double binary(BinaryOp op, double a, double b) {
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
}
