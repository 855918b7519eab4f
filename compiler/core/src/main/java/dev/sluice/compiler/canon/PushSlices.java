package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.ir.flat.Rule;

/// Rows of a computed vector → the same computation on those rows: block form becomes gate by gate.
///
///     σ(V x + W h + b)[n:2n]   →   σ(V[n:2n] x + W[n:2n] h + b[n:2n])
///
/// An identity. Costs nothing as long as the slices of one vector do not overlap.
final class PushSlices implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof Slice(Expr x, Axis axis, Dim from, Dim length))) {
      return e;
    }
    return switch (x) {
      case Unary _, Binary _, Select _, Sum _ ->
          Operands.map(x, y -> y.shape() instanceof Scalar ? y : new Slice(y, axis, from, length));
      case MatMul(Expr a, Expr b) when axis == Axis.ROWS ->
          new MatMul(new Slice(a, axis, from, length), b);
      case MatMul(Expr a, Expr b) -> new MatMul(a, new Slice(b, axis, from, length));
      default -> e;
    };
  }
}
