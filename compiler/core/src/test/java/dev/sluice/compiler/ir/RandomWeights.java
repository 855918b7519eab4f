package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What parameters alone decide, for [RandomCells]: vectors, numbers, and matrices of one parameter
/// that is also read whole, transposed, element by element and in slices.
final class RandomWeights {
  private final Random random;
  private final RandomScope scope;

  RandomWeights(Random random, RandomScope scope) {
    this.random = random;
    this.scope = scope;
  }

  /// A vector of parameters, within a few units.
  Expr vector(Dim length) {
    Shape shape = Shape.vector(length);
    Expr p = scope.parameter("w", shape);
    Expr tanh = new Unary(UnaryOp.TANH, p);
    return switch (random.nextInt(6)) {
      case 0 -> new Unary(UnaryOp.EXP, tanh);
      case 1 -> new Binary(BinaryOp.DIVIDE, p, positive(new Reduce(ReduceOp.NORM, p)));
      case 2 ->
          mean(new Expr.Running(random.nextBoolean(), random.nextBoolean() ? p : tanh), length);
      case 3 ->
          new Unary(UnaryOp.SIGMOID, new MatMul(square(length), random.nextBoolean() ? p : tanh));
      case 4 -> times(mean(new Reduce(ReduceOp.SUM, p), length), tanh);
      default ->
          new Sum(List.of(p, new Unary(UnaryOp.SOFTPLUS, scope.parameter("beta", Shape.SCALAR))));
    };
  }

  /// A number from a stack of values and parameters, which is read as a whole.
  Expr ofStack(Expr value) {
    List<Expr> parts = new ArrayList<>(List.of(value, scope.parameter("w", value.shape())));
    if (random.nextBoolean()) {
      parts.addFirst(new Unary(UnaryOp.TANH, scope.parameter("w", value.shape())));
    }
    if (random.nextBoolean()) {
      parts.removeIf(Expr.Value.class::isInstance);
    }
    Expr stack = new Expr.Concat(parts);
    return mean(
        new Reduce(ReduceOp.SUM, new Unary(UnaryOp.TANH, stack)),
        ((Shape.Vector) stack.shape()).length());
  }

  /// `tanh(A x + B x + W y)`, where A, B are made of W.
  Expr products(Dim length, Expr x, Expr y) {
    Expr w = square(length);
    List<Expr> terms = new ArrayList<>();
    terms.add(scaled(new MatMul(matrix(w, length), x)));
    terms.add(scaled(new MatMul(matrix(w, length), x)));
    if (random.nextBoolean()) {
      terms.add(new MatMul(random.nextBoolean() ? w : new Transpose(w), y));
    }
    if (random.nextInt(3) == 0) {
      terms.add(scaled(new Binary(BinaryOp.SUBTRACT, new MatMul(matrix(w, length), y), x)));
    }
    return new Unary(UnaryOp.TANH, times(new Literal(0.3), new Sum(terms)));
  }

  /// Rows of a weight for two gates, beside the whole.
  Expr slices(Dim length, Expr x, Expr y) {
    Expr w = scope.parameter("S", Shape.matrix(length.times(2), length));
    Expr b = scope.parameter("w", Shape.vector(length.times(2)));
    Expr both = new Unary(UnaryOp.TANH, new Sum(List.of(new MatMul(w, x), b)));
    Expr back = new MatMul(new Transpose(w), random.nextBoolean() ? both : b);
    Expr gate = new Sum(List.of(new MatMul(rows(w, length), y), rows(b, length)));
    return new Unary(UnaryOp.TANH, new Sum(List.of(back, new Unary(UnaryOp.SIGMOID, gate))));
  }

  private Expr.Parameter square(Dim length) {
    return scope.parameter("S", Shape.matrix(length, length));
  }

  private static Expr rows(Expr x, Dim length) {
    return new Slice(x, Axis.ROWS, length, length);
  }

  private Expr matrix(Expr w, Dim length) {
    Expr transposed = new Transpose(w);
    Shape shape = Shape.vector(length);
    return switch (random.nextInt(8)) {
      case 0 -> new Binary(BinaryOp.SUBTRACT, w, transposed);
      case 1 -> new Transpose(new Unary(UnaryOp.TANH, w));
      case 2 -> times(new Spread(vector(length), Axis.ROWS, length), w);
      case 3 -> times(transposed, new Spread(vector(length), Axis.COLUMNS, length));
      case 4 ->
          new Sum(
              List.of(
                  w,
                  mean(
                      new Unary(
                          UnaryOp.TANH,
                          new Outer(scope.parameter("w", shape), scope.parameter("w", shape))),
                      length)));
      case 5 -> new Unary(UnaryOp.TANH, new Sum(List.of(w, transposed)));
      case 6 -> new Binary(BinaryOp.DIVIDE, w, positive(new Reduce(ReduceOp.NORM, vector(length))));
      default -> times(w, w);
    };
  }

  private Expr scaled(Expr x) {
    return switch (random.nextInt(4)) {
      case 0 -> times(scope.parameter("beta", Shape.SCALAR), x);
      case 1 -> new Unary(UnaryOp.NEGATE, x);
      case 2 -> new Binary(BinaryOp.DIVIDE, x, positive(scope.parameter("beta", Shape.SCALAR)));
      default -> x;
    };
  }

  private static Expr positive(Expr x) {
    return new Binary(BinaryOp.ADD, new Literal(1), new Unary(UnaryOp.SOFTPLUS, x));
  }

  private static Expr times(Expr a, Expr b) {
    return new Binary(BinaryOp.MULTIPLY, a, b);
  }

  private static Expr mean(Expr x, Dim length) {
    return new Binary(BinaryOp.DIVIDE, x, new Expr.Length(length));
  }
}
