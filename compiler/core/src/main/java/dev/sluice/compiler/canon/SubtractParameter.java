package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.flat.Flatten;
import dev.sluice.compiler.ir.flat.Rule;
import java.util.ArrayList;
import java.util.List;

/// A sum with a negated parameter or constant → the rest of the sum, less that: `V x + (−θ) + W h`
/// → `(V x + W h) − θ`. A negated parameter would be a value of every step.
///
/// An identity up to the order of addition.
final class SubtractParameter implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof Sum(List<Expr> terms))) {
      return e;
    }
    List<Expr> rest = new ArrayList<>();
    List<Expr> subtracted = new ArrayList<>();
    for (Expr term : terms) {
      boolean negated =
          term instanceof Unary(UnaryOp op, Expr x)
              && op == UnaryOp.NEGATE
              && Flatten.isAtom(x)
              && !(x instanceof Value);
      if (negated && term instanceof Unary(var _, Expr x)) {
        subtracted.add(x);
      } else {
        rest.add(term);
      }
    }
    if (rest.isEmpty() || subtracted.isEmpty()) {
      return e;
    }
    return new Binary(BinaryOp.SUBTRACT, sum(rest), sum(subtracted));
  }

  private static Expr sum(List<Expr> terms) {
    return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
  }
}
