package dev.sluice.compiler.analysis;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;

/// Floating-point operations of one step of one sequence: a multiplication and an addition for each
/// weight of a product, one for each element of anything else, however costly the function.
public final class Flops {
  private Flops() {}

  /// @param canonical the cell in flat form
  public static Count forward(Cell canonical) {
    return canonical.equations().stream().map(e -> of(e.value())).reduce(Count.ZERO, Count::plus);
  }

  /// The backward step with what it adds to the gradients of the parameters.
  public static Count backward(Adjoint adjoint) {
    Count equations =
        adjoint.equations().stream().map(e -> of(e.value())).reduce(Count.ZERO, Count::plus);
    return adjoint.accumulations().stream()
        .map(a -> accumulation(a.contribution()))
        .reduce(equations, Count::plus);
  }

  private static Count accumulation(Expr contribution) {
    return contribution instanceof Expr.Outer
        ? size(contribution).times(2)
        : of(contribution).plus(size(contribution));
  }

  private static Count of(Expr e) {
    return switch (e) {
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _ -> Count.ZERO;
      case Expr.Parameter _, Expr.Value _ -> Count.ZERO;
      case Expr.Unary(_, Expr x) -> of(x).plus(size(e));
      case Expr.Binary(_, Expr a, Expr b) -> of(a).plus(of(b)).plus(size(e));
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          of(condition).plus(of(then)).plus(of(otherwise)).plus(size(e));
      case Expr.Sum sum -> sum(sum);
      case Expr.MatMul(Expr a, Expr b) -> of(a).plus(of(b)).plus(product(a, b));
      case Expr.Transpose(Expr x) -> of(x);
      case Expr.Outer(Expr a, Expr b) -> of(a).plus(of(b)).plus(size(e));
      case Expr.Concat concat ->
          concat.parts().stream().map(Flops::of).reduce(Count.ZERO, Count::plus);
      case Expr.Slice slice -> of(slice.x());
      case Expr.Reduce(_, Expr x) -> of(x).plus(size(x));
      case Expr.Running(_, Expr x) -> of(x).plus(size(x));
      case Expr.Spread(Expr x, _, _) -> of(x);
      case Expr.Total(_, Expr x) -> of(x).plus(size(x));
    };
  }

  /// The addition of a product to the sum is already counted with the product.
  private static Count sum(Expr.Sum sum) {
    Count count = Count.ZERO;
    long others = 0;
    for (Expr term : sum.terms()) {
      count = count.plus(of(term));
      if (!(term instanceof Expr.MatMul)) {
        others++;
      }
    }
    boolean onlyOthers = others == sum.terms().size();
    return count.plus(size(sum).times(onlyOthers ? others - 1 : others));
  }

  private static Count product(Expr a, Expr b) {
    Count columns = b.shape() instanceof Shape.Matrix(_, var c) ? Count.of(c) : Count.of(1);
    return size(a).times(columns).times(2);
  }

  /// Elements.
  public static Count size(Expr e) {
    return size(e.shape());
  }

  public static Count size(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> Count.of(1);
      case Shape.Vector(var length) -> Count.of(length);
      case Shape.Matrix(var rows, var columns) -> Count.of(rows).times(Count.of(columns));
    };
  }
}
