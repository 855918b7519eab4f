package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.flat.Matrices;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.ir.flat.Rule;

/// Slices and transposes of a matrix → rows, then columns, then the transpose, next to the
/// parameter.
///
///     Wᵀᵀ → W      Wᵀ[a:b] → (W[:, a:b])ᵀ      W[:, a:b][c:d] → W[c:d][:, a:b]      (A B)ᵀ → Bᵀ Aᵀ
///      (A + B)ᵀ → Aᵀ + Bᵀ
///
/// An identity. The transpose of what is computed element by element stays: its product with a
/// vector totals columns instead of rows.
final class NormaliseWeights implements Rule {
  @Override
  public Expr apply(Expr e) {
    return switch (e) {
      case Slice(Transpose(Expr x), Axis axis, Dim from, Dim length) ->
          new Transpose(new Slice(x, axis == Axis.ROWS ? Axis.COLUMNS : Axis.ROWS, from, length));
      case Slice(Slice(Expr x, Axis inner, Dim first, Dim width), Axis outer, Dim from, Dim length)
          when inner == Axis.COLUMNS && outer == Axis.ROWS ->
          new Slice(new Slice(x, outer, from, length), inner, first, width);
      case Transpose(Transpose(Expr x)) -> x;
      case Transpose(MatMul(Expr a, Expr b)) -> new MatMul(new Transpose(b), new Transpose(a));
      case Transpose(Outer(Expr a, Expr b)) -> new Outer(b, a);
      case Transpose(Spread(Expr x, Axis axis, Dim count)) ->
          new Spread(x, axis == Axis.ROWS ? Axis.COLUMNS : Axis.ROWS, count);
      case Transpose(Expr x)
          when (x instanceof Unary || x instanceof Binary || x instanceof Sum)
              && !Matrices.isElementwise(x) ->
          Operands.map(x, y -> y.shape() instanceof Scalar ? y : new Transpose(y));
      default -> e;
    };
  }
}
