package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.flat.Rule;
import java.util.List;

/// A slice of a slice → one slice; a slice of everything → the thing; a slice inside one part of a
/// stack → that of the part.
///
///     z[n:3n][0:n] → z[n:2n]      z[0:n] → z for z of length n      [h; x][n:n+m] → x
///
/// An identity. Lengths are compared as formulas: what cannot be told for all sizes stays as it is.
final class MergeSlices implements Rule {
  @Override
  public Expr apply(Expr e) {
    if (!(e instanceof Slice(Expr x, Axis axis, Dim from, Dim length))) {
      return e;
    }
    if (from.equals(Dim.ZERO) && e.shape().equals(x.shape())) {
      return x;
    }
    if (x instanceof Slice(Expr inner, Axis same, Dim start, Dim _) && same == axis) {
      return new Slice(inner, axis, start.plus(from), length);
    }
    return x instanceof Concat(List<Expr> parts) ? ofStack(parts, from, length, e) : e;
  }

  private static Expr ofStack(List<Expr> parts, Dim from, Dim length, Expr otherwise) {
    Dim start = Dim.ZERO;
    for (int i = 0; i < parts.size(); i++) {
      Dim end = start.plus(length(parts.get(i)));
      if (isAtLeast(from, start) && isAtLeast(end, from.plus(length))) {
        return new Slice(parts.get(i), Axis.ROWS, from.minus(start), length);
      }
      if (start.equals(from)) {
        return whole(parts.subList(i, parts.size()), length, otherwise);
      }
      start = end;
    }
    return otherwise;
  }

  /// The first parts, if they have exactly this length together.
  private static Expr whole(List<Expr> parts, Dim length, Expr otherwise) {
    Dim sum = Dim.ZERO;
    for (int i = 0; i < parts.size(); i++) {
      sum = sum.plus(length(parts.get(i)));
      if (sum.equals(length)) {
        return new Concat(parts.subList(0, i + 1));
      }
    }
    return otherwise;
  }

  private static Dim length(Expr part) {
    return ((Shape.Vector) part.shape()).length();
  }

  /// Whether a ≥ b for all sizes.
  private static boolean isAtLeast(Dim a, Dim b) {
    Dim difference = a.minus(b);
    return difference.constant() >= 0 && difference.terms().values().stream().allMatch(c -> c >= 0);
  }
}
