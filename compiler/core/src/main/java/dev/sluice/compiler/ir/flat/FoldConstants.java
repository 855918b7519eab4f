package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Elementwise;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import java.util.ArrayList;
import java.util.List;

/// `2 · 3` → `6`, `tanh(0)` → `0`, `x + 1 + 2` → `x + 3`, a choice whose condition is a number →
/// the branch.
///
/// Named constants keep their name. What is not a finite number (`1/0`, `log 0`) stays as it is, to
/// happen at run time. Not an identity in floating point where numbers of a sum move together.
public final class FoldConstants implements Rule {
  @Override
  public Expr apply(Expr e) {
    return switch (e) {
      case Unary(var op, Literal(double x)) -> number(Elementwise.apply(op, x), e);
      case Binary(var op, Literal(double a), Literal(double b)) ->
          number(Elementwise.apply(op, a, b), e);
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
}
