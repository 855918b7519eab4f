package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What flat expressions read.
final class Reads {
  private Reads() {}

  /// Timed values of an expression, in order.
  static List<Expr.Value> values(Expr e) {
    List<Expr.Value> found = new ArrayList<>();
    collect(e, found);
    return found;
  }

  private static void collect(Expr e, List<Expr.Value> found) {
    if (e instanceof Expr.Value value) {
      found.add(value);
    }
    if (e instanceof Expr.Select(Expr.Literal(double condition), Expr then, Expr otherwise)) {
      collect(condition != 0 ? then : otherwise, found); // the other one gives the shape only
    } else {
      children(e).forEach(child -> collect(child, found));
    }
  }

  static List<Expr> children(Expr e) {
    return switch (e) {
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _ -> List.of();
      case Expr.Parameter _, Expr.Value _ -> List.of();
      case Expr.Unary(_, Expr x) -> List.of(x);
      case Expr.Binary(_, Expr a, Expr b) -> List.of(a, b);
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          List.of(condition, then, otherwise);
      case Expr.Sum(List<Expr> terms) -> terms;
      case Expr.MatMul(Expr a, Expr b) -> List.of(a, b);
      case Expr.Transpose(Expr x) -> List.of(x);
      case Expr.Outer(Expr a, Expr b) -> List.of(a, b);
      case Expr.Concat(List<Expr> parts) -> parts;
      case Expr.Slice(Expr x, _, _, _) -> List.of(x);
      case Expr.Reduce(_, Expr x) -> List.of(x);
      case Expr.Running(_, Expr x) -> List.of(x);
      case Expr.Spread(Expr x, _, _) -> List.of(x);
      case Expr.Total(_, Expr x) -> List.of(x);
    };
  }

  static boolean readsStepNumber(Expr e) {
    return e instanceof Expr.StepNumber || children(e).stream().anyMatch(Reads::readsStepNumber);
  }

  static boolean isProductSum(Equation e) {
    return e.value() instanceof Expr.Sum(List<Expr> terms)
        && terms.stream().anyMatch(Expr.MatMul.class::isInstance);
  }

  /// Whether the equation is a total over a row: elementwise work gathers it in passing.
  static boolean isTotal(Equation e) {
    return e.value() instanceof Expr.Reduce;
  }

  /// Whether the equation totals the rows or columns of a matrix.
  static boolean isMatrixTotal(Equation e) {
    return e.value() instanceof Expr.Total;
  }

  /// Whether a value is spread over the rows or columns of a matrix.
  static boolean isSpread(Expr.Value v, Equation use) {
    return isSpread(v, use.value());
  }

  private static boolean isSpread(Expr.Value v, Expr e) {
    return e instanceof Expr.Spread(Expr x, _, _)
        ? x.equals(v)
        : children(e).stream().anyMatch(child -> isSpread(v, child));
  }

  /// Whether the equation computes a number from numbers.
  static boolean isScalar(Equation e) {
    return e.shape() instanceof Shape.Scalar && !isTotal(e);
  }

  /// The shape that an equation goes over: that of its value, or of what it totals.
  static Shape over(Equation e) {
    return switch (e.value()) {
      case Expr.Reduce(_, Expr x) -> over(x.shape());
      case Expr.Total(_, Expr x) -> x.shape();
      default -> over(e.shape());
    };
  }

  /// A scalar is gone over like a vector of one element.
  static Shape over(Shape shape) {
    return shape instanceof Shape.Scalar ? Shape.vector(Dim.ONE) : shape;
  }

  /// Whether the equation needs whole rows: not elementwise, not a total, not a sum of products.
  static boolean isRowWork(Equation e) {
    return switch (e.value()) {
      case Expr.Running _, Expr.Concat _ -> true;
      case Expr.Slice(Expr x, _, _, _) -> x instanceof Expr.Value;
      case Expr.Literal _,
          Expr.Constant _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Parameter _,
          Expr.Value _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Select _,
          Expr.Sum _,
          Expr.MatMul _,
          Expr.Transpose _,
          Expr.Reduce _,
          Expr.Outer _,
          Expr.Spread _,
          Expr.Total _ ->
          false;
    };
  }

  /// What a product sum adds apart from products: biases and values.
  static List<Expr> withoutProducts(Equation e) {
    return ((Expr.Sum) e.value())
        .terms().stream().filter(term -> !(term instanceof Expr.MatMul)).toList();
  }

  /// Products of a sum, ordered by operand so that equal operands give equal lists.
  static List<Expr.MatMul> products(Equation e) {
    return ((Expr.Sum) e.value())
        .terms().stream()
            .filter(Expr.MatMul.class::isInstance)
            .map(Expr.MatMul.class::cast)
            .sorted(
                Comparator.comparing((Expr.MatMul p) -> ((Expr.Value) p.b()).symbol())
                    .thenComparing(p -> ((Expr.Value) p.b()).delay()))
            .toList();
  }

  /// Whether a term is a vector that a panel's bias can hold.
  static boolean isBias(Expr term) {
    return term.shape() instanceof Shape.Vector
        && (term instanceof Expr.Parameter
            || term instanceof Expr.Slice(Expr.Parameter _, _, _, _));
  }
}
