package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;
import java.util.Map;

/// The value of one right side for one sequence at one step.
final class Evaluator {
  /// What names stand for.
  interface Scope {
    Array value(Symbol symbol, int delay);

    Array parameter(Symbol symbol);

    int step();
  }

  private final Map<String, Integer> sizes;
  private long branches;

  /// @param sizes value of every dimension
  Evaluator(Map<String, Integer> sizes) {
    this.sizes = sizes;
  }

  /// A hash of the sides that all kinks so far (relu, max, …) were passed on.
  long branches() {
    return branches;
  }

  Array evaluate(Expr e, Scope scope) {
    return switch (e) {
      case Expr.Literal(double value) -> Array.scalar(value);
      case Expr.Constant(Symbol _, double value) -> Array.scalar(value);
      case Expr.StepNumber() -> Array.scalar(scope.step() + 1);
      case Expr.Length(Dim of) -> Array.scalar(of.value(sizes));
      case Expr.Parameter(Symbol symbol, Shape _) -> scope.parameter(symbol);
      case Expr.Value(Symbol symbol, int delay, Shape _) -> scope.value(symbol, delay);
      case Expr.Unary(UnaryOp op, Expr x) -> unary(op, evaluate(x, scope));
      case Expr.Binary(BinaryOp op, Expr a, Expr b) ->
          binary(op, evaluate(a, scope), evaluate(b, scope));
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          select(evaluate(condition, scope), evaluate(then, scope), evaluate(otherwise, scope));
      case Expr.Sum(List<Expr> terms) ->
          terms.stream()
              .map(t -> evaluate(t, scope))
              .reduce((a, b) -> binary(BinaryOp.ADD, a, b))
              .orElseThrow();
      case Expr.MatMul(Expr a, Expr b) -> multiply(evaluate(a, scope), evaluate(b, scope));
      case Expr.Transpose(Expr x) -> transpose(evaluate(x, scope));
      case Expr.Outer(Expr a, Expr b) -> outer(evaluate(a, scope), evaluate(b, scope));
      case Expr.Concat(List<Expr> parts) ->
          concat(parts.stream().map(p -> evaluate(p, scope)).toList());
      case Expr.Slice(Expr x, Axis axis, Dim from, Dim length) ->
          slice(evaluate(x, scope), axis, from.value(sizes), length.value(sizes));
      case Expr.Reduce(Expr.ReduceOp op, Expr x) -> reduce(op, evaluate(x, scope));
      case Expr.Running(boolean backwards, Expr x) -> running(backwards, evaluate(x, scope));
      case Expr.Spread(Expr x, Axis axis, Dim count) ->
          spread(evaluate(x, scope), axis, count.value(sizes));
      case Expr.Total(Axis axis, Expr x) -> total(axis, evaluate(x, scope));
    };
  }

  private Array unary(UnaryOp op, Array x) {
    boolean kink = Elementwise.hasKink(op);
    double[] y = new double[x.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = Elementwise.apply(op, x.at(i));
      if (kink) {
        passed(Elementwise.side(x.at(i), 0));
      } else if (op == UnaryOp.FLOOR) {
        passed((int) (long) y[i]);
      }
    }
    return x.withData(y);
  }

  private Array binary(BinaryOp op, Array a, Array b) {
    boolean kink = Elementwise.hasKink(op);
    Array shape = common(a, b);
    double[] y = new double[shape.size()];
    for (int i = 0; i < y.length; i++) {
      double left = spread(a, i);
      double right = spread(b, i);
      y[i] = Elementwise.apply(op, left, right);
      if (kink) {
        passed(Elementwise.side(left, right));
      }
    }
    return shape.withData(y);
  }

  private Array select(Array condition, Array then, Array otherwise) {
    Array shape = common(common(condition, then), otherwise);
    double[] y = new double[shape.size()];
    for (int i = 0; i < y.length; i++) {
      boolean holds = spread(condition, i) != 0;
      y[i] = holds ? spread(then, i) : spread(otherwise, i);
      passed(holds ? 1 : 0);
    }
    return shape.withData(y);
  }

  private void passed(int side) {
    branches = branches * 1_000_003 + side + 2;
  }

  private static double spread(Array x, int i) {
    return x.rank() == 0 ? x.at(0) : x.at(i);
  }

  /// The operand whose shape an elementwise result has.
  private static Array common(Array a, Array b) {
    if (a.rank() == 0) {
      return b;
    }
    if (b.rank() != 0 && !a.sameShape(b)) {
      throw new IllegalArgumentException(
          "elementwise on " + a.shapeText() + " and " + b.shapeText());
    }
    return a;
  }

  private static Array multiply(Array a, Array b) {
    if (a.columns() != b.rows()) {
      throw new IllegalArgumentException("product of " + a.shapeText() + " and " + b.shapeText());
    }
    double[] c = new double[a.rows() * b.columns()];
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < b.columns(); j++) {
        double sum = 0;
        for (int k = 0; k < a.columns(); k++) {
          sum += a.at(i, k) * b.at(k, j);
        }
        c[i * b.columns() + j] = sum;
      }
    }
    return b.rank() == 1 ? Array.wrapVector(c) : Array.wrapMatrix(a.rows(), b.columns(), c);
  }

  static Array transpose(Array x) {
    double[] y = new double[x.size()];
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        y[j * x.rows() + i] = x.at(i, j);
      }
    }
    return Array.wrapMatrix(x.columns(), x.rows(), y);
  }

  private static Array outer(Array a, Array b) {
    double[] y = new double[a.size() * b.size()];
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < b.size(); j++) {
        y[i * b.size() + j] = a.at(i) * b.at(j);
      }
    }
    return Array.wrapMatrix(a.size(), b.size(), y);
  }

  private static Array concat(List<Array> parts) {
    double[] y = new double[parts.stream().mapToInt(Array::size).sum()];
    int next = 0;
    for (Array part : parts) {
      for (int i = 0; i < part.size(); i++) {
        y[next++] = part.at(i);
      }
    }
    return Array.wrapVector(y);
  }

  private static Array slice(Array x, Axis axis, int from, int length) {
    int available = axis == Axis.ROWS ? x.rows() : x.columns();
    if (from < 0 || length < 0 || from + length > available) {
      throw new IllegalArgumentException(
          "slice %d:%d of %s".formatted(from, from + length, x.shapeText()));
    }
    int rows = axis == Axis.ROWS ? length : x.rows();
    int columns = axis == Axis.ROWS ? x.columns() : length;
    int row = axis == Axis.ROWS ? from : 0;
    int column = axis == Axis.ROWS ? 0 : from;
    double[] y = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[i * columns + j] = x.at(row + i, column + j);
      }
    }
    return x.rank() == 2 ? Array.wrapMatrix(rows, columns, y) : Array.wrapVector(y);
  }

  private Array reduce(Expr.ReduceOp op, Array x) {
    double result = op == Expr.ReduceOp.MAX ? Double.NEGATIVE_INFINITY : 0;
    int largest = 0;
    for (int i = 0; i < x.size(); i++) {
      double element = x.at(i);
      largest = element > result ? i : largest;
      result =
          switch (op) {
            case SUM -> result + element;
            case MAX -> Math.max(result, element);
            case NORM -> result + element * element;
          };
    }
    if (op == Expr.ReduceOp.MAX) {
      passed(largest);
    }
    return Array.scalar(op == Expr.ReduceOp.NORM ? Math.sqrt(result) : result);
  }

  private static Array spread(Array x, Axis axis, int count) {
    int rows = axis == Axis.ROWS ? x.size() : count;
    int columns = axis == Axis.ROWS ? count : x.size();
    double[] y = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[i * columns + j] = x.at(axis == Axis.ROWS ? i : j);
      }
    }
    return Array.wrapMatrix(rows, columns, y);
  }

  private static Array total(Axis axis, Array x) {
    double[] sums = new double[axis == Axis.ROWS ? x.rows() : x.columns()];
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        sums[axis == Axis.ROWS ? i : j] += x.at(i, j);
      }
    }
    return Array.wrapVector(sums);
  }

  private static Array running(boolean backwards, Array x) {
    double[] sums = new double[x.size()];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      int at = backwards ? sums.length - 1 - i : i;
      sum += x.at(at);
      sums[at] = sum;
    }
    return x.withData(sums);
  }
}
