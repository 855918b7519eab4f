package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.RandomCells.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Right sides for [RandomCells] whose values stay within a few units.
final class RandomExpressions {
  private static final Literal ONE = new Literal(1);

  private final Random random;
  private final Set<Feature> features;
  private final RandomScope scope;

  RandomExpressions(Random random, Set<Feature> features, RandomScope scope) {
    this.random = random;
    this.features = features;
    this.scope = scope;
  }

  UnaryOp squashing() {
    return random.nextBoolean() ? UnaryOp.SIGMOID : UnaryOp.TANH;
  }

  /// `W h_{t-1} + U x_t + b`, with the product's other spellings.
  Expr affine(Dim length) {
    List<Expr> terms = new ArrayList<>();
    int products = 1 + random.nextInt(3);
    for (int i = 0; i < products; i++) {
      terms.add(product(length));
    }
    if (random.nextBoolean()) {
      terms.add(scope.parameter("b", Shape.vector(length)));
    }
    return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
  }

  private Expr product(Dim length) {
    Expr x = vector();
    if (features.contains(Feature.CONCATENATION) && random.nextInt(5) == 0) {
      x = new Expr.Concat(List.of(x, vector()));
    }
    if (random.nextInt(5) == 0) {
      x =
          new Binary(
              BinaryOp.MULTIPLY, new Unary(UnaryOp.TANH, x), scope.parameter("p", x.shape()));
    }
    Dim inner = ((Shape.Vector) x.shape()).length();
    return x instanceof Expr.Value && random.nextInt(4) == 0
        ? ofSum(length, inner, x)
        : new MatMul(weight(length, inner), x);
  }

  /// The product with a sum of weights, or with a function of one, as the front end has it.
  private Expr ofSum(Dim length, Dim inner, Expr x) {
    Expr first = new MatMul(weight(length, inner), x);
    Expr second = new MatMul(weight(length, inner), x);
    Expr factor =
        features.contains(Feature.SCALARS)
            ? scope.parameter("beta", Shape.SCALAR)
            : new Expr.Constant(new Symbol("alpha", "α"), 0.9);
    Expr scaled = new Binary(BinaryOp.MULTIPLY, factor, second);
    return switch (random.nextInt(4)) {
      case 0 -> new Sum(List.of(first, new Unary(UnaryOp.NEGATE, second)));
      case 1 -> new Binary(BinaryOp.SUBTRACT, first, scaled);
      case 2 ->
          new Sum(List.of(scaled, new MatMul(new Unary(squashing(), weight(length, inner)), x)));
      default -> new MatMul(new Unary(UnaryOp.TANH, weight(length, inner)), x);
    };
  }

  /// A matrix: a parameter, a transposed one, or rows or columns of one.
  private Expr weight(Dim rows, Dim columns) {
    boolean blocks = features.contains(Feature.BLOCKS);
    return switch (random.nextInt(blocks ? 6 : 4)) {
      case 0 -> new Transpose(scope.parameter("U", Shape.matrix(columns, rows)));
      case 4 -> {
        Expr whole = scope.parameter("V", Shape.matrix(rows.plus(columns), columns));
        yield new Expr.Slice(whole, Expr.Axis.ROWS, columns, rows);
      }
      case 5 -> {
        Expr whole = scope.parameter("V", Shape.matrix(rows, columns.times(2)));
        yield new Expr.Slice(whole, Expr.Axis.COLUMNS, columns, columns);
      }
      default -> scope.parameter("W", Shape.matrix(rows, columns));
    };
  }

  private Expr vector() {
    return scope.any(shape -> shape instanceof Shape.Vector).orElseThrow();
  }

  /// An affine sum with something elementwise around it.
  Expr combined(Expr affine) {
    return switch (random.nextInt(3)) {
      case 0 ->
          new Binary(
              BinaryOp.MULTIPLY, new Unary(UnaryOp.TANH, affine), bounded(affine.shape(), 1));
      case 1 ->
          mixed(
              bounded(affine.shape(), 1),
              new Unary(UnaryOp.TANH, affine),
              bounded(affine.shape(), 2));
      default -> new Sum(List.of(new Unary(UnaryOp.SIGMOID, affine), bounded(affine.shape(), 2)));
    };
  }

  /// `σ(u) ∘ a + (1 − σ(u)) ∘ b`
  Expr mixed(Expr u, Expr a, Expr b) {
    Expr gate = new Unary(UnaryOp.SIGMOID, u);
    Expr other = new Binary(BinaryOp.SUBTRACT, ONE, gate);
    return new Sum(
        List.of(new Binary(BinaryOp.MULTIPLY, gate, a), new Binary(BinaryOp.MULTIPLY, other, b)));
  }

  /// `σ(p) ∘ x`
  Expr gated(Expr x) {
    Expr gate = new Unary(UnaryOp.SIGMOID, scope.parameter("p", x.shape()));
    return new Binary(BinaryOp.MULTIPLY, gate, x);
  }

  /// An expression of `shape` (vector or scalar) with values of a few units, at most `depth`
  /// operations deep.
  Expr bounded(Shape shape, int depth) {
    if (depth == 0) {
      return leaf(shape);
    }
    int kinds = features.contains(Feature.KINKS) ? 18 : 12;
    if (features.contains(Feature.ROWS) && random.nextInt(6) == 0) {
      return shape instanceof Shape.Vector(Dim length) ? ofRow(shape, length, depth) : total(depth);
    }
    if (random.nextInt(12) == 0) {
      return new Unary(
          List.of(UnaryOp.SIN, UnaryOp.COS, UnaryOp.ERF).get(random.nextInt(3)),
          bounded(shape, depth - 1));
    }
    return switch (random.nextInt(kinds)) {
      case 0 -> new Unary(UnaryOp.TANH, bounded(shape, depth - 1));
      case 1 -> new Unary(UnaryOp.SIGMOID, bounded(shape, depth - 1));
      case 2 -> new Unary(UnaryOp.EXP, small(shape, depth));
      case 3 -> new Unary(UnaryOp.LOG, positive(shape, depth));
      case 4 -> new Unary(UnaryOp.SQRT, positive(shape, depth));
      case 5 -> new Unary(UnaryOp.SOFTPLUS, bounded(shape, depth - 1));
      case 6 -> new Binary(BinaryOp.DIVIDE, small(shape, depth), positive(shape, depth));
      case 7 -> new Binary(BinaryOp.POWER, positive(shape, depth), exponent(shape, depth));
      case 8 ->
          new Binary(BinaryOp.MULTIPLY, small(shape, depth), bounded(scalarOr(shape), depth - 1));
      case 9 -> new Binary(BinaryOp.SUBTRACT, ONE, bounded(shape, depth - 1));
      case 10 ->
          new Sum(
              List.of(
                  small(shape, depth),
                  new Unary(UnaryOp.NEGATE, small(shape, depth)),
                  small(shape, depth)));
      case 11 -> new Binary(BinaryOp.ADD, bounded(scalarOr(shape), depth - 1), small(shape, depth));
      case 12 -> new Unary(UnaryOp.RELU, bounded(shape, depth - 1));
      case 13 -> new Unary(UnaryOp.ABS, bounded(shape, depth - 1));
      case 14 ->
          new Binary(extreme(), bounded(shape, depth - 1), bounded(scalarOr(shape), depth - 1));
      case 15 -> {
        // With a parameter, for the ends of squashing functions are no whole numbers then.
        Expr times = new Binary(BinaryOp.MULTIPLY, new Literal(2.7), bounded(shape, depth - 1));
        Expr steep = new Sum(List.of(times, scope.parameter("p", shape)));
        Expr jump =
            new Unary(
                List.of(UnaryOp.SIGN, UnaryOp.STEP, UnaryOp.FLOOR).get(random.nextInt(3)), steep);
        yield new Binary(BinaryOp.MULTIPLY, jump, small(shape, depth));
      }
      default -> {
        Expr above = new Binary(BinaryOp.GREATER, bounded(shape, depth - 1), new Literal(0.1));
        yield new Select(above, bounded(shape, depth - 1), bounded(scalarOr(shape), depth - 1));
      }
    };
  }

  /// A layer norm, a softmax, a running mean.
  private Expr ofRow(Shape shape, Dim length, int depth) {
    // With a parameter, for equal elements differ from their mean by a rounding, which has no sign
    // to agree on.
    Expr x = new Sum(List.of(bounded(shape, depth - 1), scope.parameter("p", shape)));
    return switch (random.nextInt(3)) {
      case 0 -> {
        Expr d = new Binary(BinaryOp.SUBTRACT, x, mean(x, length));
        Expr square = new Binary(BinaryOp.MULTIPLY, d, d);
        Expr scale = new Binary(BinaryOp.ADD, mean(square, length), new Literal(0.5));
        yield new Binary(BinaryOp.DIVIDE, d, new Unary(UnaryOp.SQRT, scale));
      }
      case 1 -> {
        Expr largest = new Unary(UnaryOp.DETACH, new Reduce(ReduceOp.MAX, x));
        Expr e = new Unary(UnaryOp.EXP, new Binary(BinaryOp.SUBTRACT, x, largest));
        yield new Binary(BinaryOp.DIVIDE, e, new Reduce(ReduceOp.SUM, e));
      }
      default ->
          new Binary(
              BinaryOp.DIVIDE,
              new Expr.Running(random.nextBoolean(), new Unary(UnaryOp.TANH, x)),
              new Expr.Length(length));
    };
  }

  private static Expr mean(Expr x, Dim length) {
    return new Binary(BinaryOp.DIVIDE, new Reduce(ReduceOp.SUM, x), new Expr.Length(length));
  }

  /// A number from a vector.
  private Expr total(int depth) {
    Expr some = vector();
    Expr x =
        new Sum(
            List.of(some, bounded(some.shape(), depth - 1), scope.parameter("p", some.shape())));
    Dim length = ((Shape.Vector) some.shape()).length();
    return switch (random.nextInt(features.contains(Feature.KINKS) ? 3 : 2)) {
      case 0 -> mean(x, length);
      case 1 ->
          new Binary(
              BinaryOp.DIVIDE,
              new Reduce(ReduceOp.NORM, new Unary(UnaryOp.SOFTPLUS, x)),
              new Unary(UnaryOp.SQRT, new Expr.Length(length)));
      default -> new Reduce(ReduceOp.MAX, x);
    };
  }

  private BinaryOp extreme() {
    return random.nextBoolean() ? BinaryOp.MAX : BinaryOp.MIN;
  }

  /// Within ±1.
  private Expr small(Shape shape, int depth) {
    return new Unary(UnaryOp.TANH, bounded(shape, depth - 1));
  }

  /// Between 1 and 3.
  private Expr positive(Shape shape, int depth) {
    return new Binary(BinaryOp.ADD, new Literal(2), small(shape, depth));
  }

  private Expr exponent(Shape shape, int depth) {
    return switch (random.nextInt(3)) {
      case 0 -> new Literal(2);
      case 1 -> new Literal(-0.5);
      default -> small(shape, depth);
    };
  }

  /// A scalar now and then, to be spread.
  private Shape scalarOr(Shape shape) {
    return features.contains(Feature.SCALARS) && random.nextInt(4) == 0 ? Shape.SCALAR : shape;
  }

  private Expr leaf(Shape shape) {
    if (random.nextInt(4) > 0) {
      var value = scope.any(shape::equals);
      if (value.isPresent()) {
        return value.get();
      }
    }
    return shape instanceof Shape.Scalar ? scalarLeaf() : vectorLeaf(shape);
  }

  private Expr vectorLeaf(Shape shape) {
    if (features.contains(Feature.CONCATENATION) && random.nextInt(8) == 0) {
      Dim length = ((Shape.Vector) shape).length();
      Expr part = scope.any(shape::equals).orElse(scope.parameter("p", shape));
      Expr both =
          new Expr.Concat(List.of(part, new Unary(UnaryOp.TANH, scope.parameter("p", shape))));
      return new Expr.Slice(both, Expr.Axis.ROWS, random.nextBoolean() ? Dim.ZERO : length, length);
    }
    return scope.parameter("p", shape);
  }

  private Expr scalarLeaf() {
    return switch (random.nextInt(5)) {
      case 0 -> new Expr.Constant(new Symbol("alpha", "α"), 0.9);
      case 1 -> new Literal(0.7);
      case 2 -> {
        Expr x = new Unary(UnaryOp.TANH, vector());
        yield new Unary(UnaryOp.TANH, new Reduce(ReduceOp.SUM, x));
      }
      case 3 ->
          features.contains(Feature.STEP_NUMBER)
              ? new Unary(
                  UnaryOp.EXP,
                  new Binary(BinaryOp.MULTIPLY, new Literal(-0.2), new Expr.StepNumber()))
              : new Literal(0.3);
      default -> scope.parameter("beta", Shape.SCALAR);
    };
  }
}
