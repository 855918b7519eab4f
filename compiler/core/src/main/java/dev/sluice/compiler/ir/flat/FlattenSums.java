package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Sum;
import java.util.ArrayList;
import java.util.List;

/// `a + b` → a sum of two terms; `(a + b) + c` → `a + b + c`; a sum of one term inside another node
/// → the term.
///
/// Not an identity in floating point when brackets move: `a + (b + c)` is added from left to right.
public final class FlattenSums implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (e instanceof Binary(BinaryOp op, Expr a, Expr b) && op == BinaryOp.ADD) {
      return new Sum(List.of(a, b));
    }
    if (e instanceof Sum(List<Expr> terms)) {
      if (terms.size() == 1) {
        return terms.getFirst();
      }
      if (terms.stream().anyMatch(Sum.class::isInstance)) {
        List<Expr> flat = new ArrayList<>();
        terms.forEach(
            term -> flat.addAll(term instanceof Sum(List<Expr> inner) ? inner : List.of(term)));
        return new Sum(flat);
      }
    }
    return e;
  }
}
