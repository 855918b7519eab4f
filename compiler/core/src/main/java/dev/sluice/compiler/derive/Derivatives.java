package dev.sluice.compiler.derive;

import static dev.sluice.compiler.derive.Maths.ONE;
import static dev.sluice.compiler.derive.Maths.TWO;
import static dev.sluice.compiler.derive.Maths.ZERO;
import static dev.sluice.compiler.derive.Maths.above;
import static dev.sluice.compiler.derive.Maths.apply;
import static dev.sluice.compiler.derive.Maths.minus;
import static dev.sluice.compiler.derive.Maths.negative;
import static dev.sluice.compiler.derive.Maths.over;
import static dev.sluice.compiler.derive.Maths.power;
import static dev.sluice.compiler.derive.Maths.times;
import static dev.sluice.compiler.derive.Maths.transposed;
import static dev.sluice.compiler.derive.Maths.where;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.Constant;
import dev.sluice.compiler.ir.Expr.Length;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Running;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Total;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape;
import java.util.ArrayList;
import java.util.List;

/// The table of derivatives: for `y = f(a, b, …)` and ȳ = ∂L/∂y, what each operand's gradient gets.
///
/// At a kink: relu′(0) = step(0) = 0, |·|′(0) = sign(0) = 0, and where two operands of max or min
/// are equal the first one gets all. Comparisons, steps, signs, floors and conditions pass nothing
/// on.
final class Derivatives {
  /// The slope of the error function at 0.
  private static final Expr BELL = new Literal(2 / Math.sqrt(Math.PI));

  private Derivatives() {}

  /// Part of a gradient.
  ///
  /// @param operand a value, parameter or weight, or rows of one
  /// @param gradient ∂L/∂operand through this operation; its shape is that of `y` where a scalar
  ///     operand was spread, and scalar where a vector operand was reduced
  record Part(Expr operand, Expr gradient) {}

  /// @param operation the right side of a flat equation
  /// @param y its value
  /// @param dy the gradient of its value
  static List<Part> of(Expr operation, Value y, Expr dy) {
    return switch (operation) {
      case Unary(UnaryOp op, Expr x) -> unary(op, x, y, dy);
      case Binary(BinaryOp op, Expr a, Expr b) -> binary(op, a, b, y, dy);
      case Select(Expr condition, Expr then, Expr otherwise) ->
          List.of(
              new Part(then, where(condition, dy, ZERO)),
              new Part(otherwise, where(condition, ZERO, dy)));
      case Sum(List<Expr> terms) ->
          terms.stream().flatMap(term -> term(term, dy).stream()).toList();
      case Reduce(ReduceOp op, Expr x) -> List.of(new Part(x, reduce(op, x, y, dy)));
      case Running(boolean backwards, Expr x) -> List.of(new Part(x, new Running(!backwards, dy)));
      case Total(Axis axis, Expr x) -> List.of(new Part(x, spread(dy, axis, x)));
      case Slice slice -> List.of(new Part(slice, dy));
      case Concat(List<Expr> parts) -> concat(parts, dy);
      case Literal _,
          Constant _,
          StepNumber _,
          Length _,
          Parameter _,
          Value _,
          MatMul _,
          Transpose _,
          Outer _,
          Spread _ ->
          throw new IllegalArgumentException("not a flat right side: " + operation);
    };
  }

  private static List<Part> unary(UnaryOp op, Expr x, Expr y, Expr dy) {
    return switch (op) {
      case NEGATE -> List.of(new Part(x, negative(dy)));
      case SIGMOID -> List.of(new Part(x, times(times(dy, y), minus(ONE, y))));
      case TANH -> List.of(new Part(x, times(dy, minus(ONE, times(y, y)))));
      case RELU -> List.of(new Part(x, times(dy, apply(UnaryOp.STEP, x))));
      case EXP -> List.of(new Part(x, times(dy, y)));
      case LOG -> List.of(new Part(x, over(dy, x)));
      case SOFTPLUS -> List.of(new Part(x, times(dy, apply(UnaryOp.SIGMOID, x))));
      case SQRT -> List.of(new Part(x, over(dy, times(TWO, y))));
      case ABS -> List.of(new Part(x, times(dy, apply(UnaryOp.SIGN, x))));
      case SIN -> List.of(new Part(x, times(dy, apply(UnaryOp.COS, x))));
      case COS -> List.of(new Part(x, negative(times(dy, apply(UnaryOp.SIN, x)))));
      case ERF -> List.of(new Part(x, times(times(dy, BELL), bell(x))));
      case SIGN, STEP, FLOOR, DETACH -> List.of();
    };
  }

  /// `e^{-x²}`
  private static Expr bell(Expr x) {
    return apply(UnaryOp.EXP, negative(times(x, x)));
  }

  /// The largest elements share what the maximum gets; a length of 0 passes nothing on.
  private static Expr reduce(ReduceOp op, Expr x, Expr y, Expr dy) {
    return switch (op) {
      case SUM -> dy;
      case MAX -> {
        Expr share = over(dy, new Reduce(ReduceOp.SUM, where(above(y, x), ZERO, ONE)));
        yield where(above(y, x), ZERO, share);
      }
      case NORM -> times(x, where(above(y, ZERO), over(dy, y), ZERO));
    };
  }

  private static List<Part> binary(BinaryOp op, Expr a, Expr b, Expr y, Expr dy) {
    return switch (op) {
      case ADD -> List.of(new Part(a, dy), new Part(b, dy));
      case SUBTRACT -> List.of(new Part(a, dy), new Part(b, negative(dy)));
      case MULTIPLY ->
          a.equals(b)
              ? List.of(new Part(a, times(times(TWO, dy), a)))
              : List.of(new Part(a, times(dy, b)), new Part(b, times(dy, a)));
      case DIVIDE ->
          List.of(new Part(a, over(dy, b)), new Part(b, negative(times(over(dy, b), y))));
      case MAX ->
          List.of(
              new Part(a, where(above(b, a), ZERO, dy)), new Part(b, where(above(b, a), dy, ZERO)));
      case MIN ->
          List.of(
              new Part(a, where(above(a, b), ZERO, dy)), new Part(b, where(above(a, b), dy, ZERO)));
      case POWER ->
          List.of(
              new Part(a, times(times(dy, b), power(a, minus(b, ONE)))),
              new Part(b, where(above(a, ZERO), times(times(dy, y), apply(UnaryOp.LOG, a)), ZERO)));
      case GREATER -> List.of();
    };
  }

  /// A term of a sum: `W x` gives Wᵀ ȳ to x and ȳ xᵀ to W.
  private static List<Part> term(Expr term, Expr dy) {
    return term instanceof MatMul(Expr weight, Expr x)
        ? List.of(
            new Part(x, new MatMul(transposed(weight), dy)), new Part(weight, new Outer(dy, x)))
        : List.of(new Part(term, dy));
  }

  /// The gradient of each row's, or column's, sum goes to all of its elements.
  private static Expr spread(Expr dy, Axis axis, Expr matrix) {
    Shape.Matrix m = (Shape.Matrix) matrix.shape();
    return new Spread(dy, axis, axis == Axis.ROWS ? m.columns() : m.rows());
  }

  private static List<Part> concat(List<Expr> operands, Expr dy) {
    List<Part> parts = new ArrayList<>();
    Dim from = Dim.ZERO;
    for (Expr operand : operands) {
      Dim length = ((Shape.Vector) operand.shape()).length();
      parts.add(new Part(operand, new Slice(dy, Axis.ROWS, from, length)));
      from = from.plus(length);
    }
    return parts;
  }
}
