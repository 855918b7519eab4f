package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.flat.Rule;
import java.util.ArrayList;
import java.util.List;

/// A product with stacked vectors → a sum of products with each: `W [h; x]` → `W[:, 0:n] h + W[:,
/// n:n+m] x`.
///
/// An identity up to the order of addition. What it is good for: the product with the input leaves
/// the loop over time.
final class SplitStackedOperand implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof MatMul(Expr weight, Concat(List<Expr> parts)))) {
      return e;
    }
    List<Expr> terms = new ArrayList<>();
    Dim from = Dim.ZERO;
    for (Expr part : parts) {
      Dim length = ((Shape.Vector) part.shape()).length();
      terms.add(new MatMul(new Slice(weight, Axis.COLUMNS, from, length), part));
      from = from.plus(length);
    }
    return new Sum(terms);
  }
}
