package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import java.util.List;

/// A right side. Every node knows its shape and refuses operands that do not fit; the front end
/// reports a user's mistake before it builds a node, so an exception here is a bug of the compiler.
///
/// Sharing is by name (an [Equation] per shared value), never by pointer, so that record equality
/// finds common subexpressions.
public sealed interface Expr {
  Shape shape();

  record Literal(double value) implements Expr {
    @Override
    public Shape shape() {
      return Shape.SCALAR;
    }
  }

  /// A hyperparameter (`const α = 0.9`): a number that keeps its name.
  record Constant(Symbol symbol, double value) implements Expr {
    @Override
    public Shape shape() {
      return Shape.SCALAR;
    }
  }

  /// The number of the step as a scalar, from 1 as papers count: what divides by it is finite, and
  /// the state before the first step is that of step 0.
  record StepNumber() implements Expr {
    @Override
    public Shape shape() {
      return Shape.SCALAR;
    }
  }

  /// How many elements a vector has, as a scalar: what a mean divides by.
  record Length(Dim of) implements Expr {
    @Override
    public Shape shape() {
      return Shape.SCALAR;
    }
  }

  /// A weight, bias or other trained value: no time.
  record Parameter(Symbol symbol, Shape shape) implements Expr {}

  /// A timed value: input, state or gate.
  ///
  /// @param delay 0 is this step, 1 the one before (`h_{t-1}`), -1 the one after (only in backward
  ///     equations)
  record Value(Symbol symbol, int delay, Shape shape) implements Expr {}

  /// A function of each element.
  record Unary(UnaryOp op, Expr x) implements Expr {
    @Override
    public Shape shape() {
      return x.shape();
    }
  }

  /// A function of two elements; a scalar is spread over the other side.
  record Binary(BinaryOp op, Expr a, Expr b) implements Expr {
    public Binary {
      Shape left = a.shape();
      Shape right = b.shape();
      if (!(left instanceof Scalar) && !(right instanceof Scalar)) {
        require(left.equals(right), op + " of " + left + " and " + right);
      }
    }

    @Override
    public Shape shape() {
      Shape left = a.shape(); // asked once, or a chain of products takes exponential time
      return left instanceof Scalar ? b.shape() : left;
    }
  }

  /// `then` where `condition` is not 0, `otherwise` elsewhere; scalars are spread.
  record Select(Expr condition, Expr then, Expr otherwise) implements Expr {
    @Override
    public Shape shape() {
      for (Expr e : List.of(condition, then, otherwise)) {
        Shape shape = e.shape();
        if (!(shape instanceof Scalar)) {
          return shape;
        }
      }
      return Shape.SCALAR;
    }
  }

  /// A sum of any number of terms of one shape; scalars are spread. Canonical form of a
  /// pre-activation: `W_f h_{t-1} + U_f x_t + b_f`.
  record Sum(List<Expr> terms) implements Expr {
    public Sum {
      terms = List.copyOf(terms);
      require(!terms.isEmpty(), "empty sum");
    }

    @Override
    public Shape shape() {
      for (Expr term : terms) {
        Shape shape = term.shape();
        if (!(shape instanceof Scalar)) {
          return shape;
        }
      }
      return Shape.SCALAR;
    }
  }

  /// The matrix product: matrix × vector, or matrix × matrix.
  record MatMul(Expr a, Expr b) implements Expr {
    public MatMul {
      require(a.shape() instanceof Matrix, "product of " + a.shape());
      Dim inner = ((Matrix) a.shape()).columns();
      Dim length =
          switch (b.shape()) {
            case Vector(Dim n) -> n;
            case Matrix(Dim rows, Dim _) -> rows;
            case Scalar() -> throw new IllegalArgumentException("matrix product with a scalar");
          };
      require(inner.equals(length), "product of " + a.shape() + " and " + b.shape());
    }

    @Override
    public Shape shape() {
      Dim rows = ((Matrix) a.shape()).rows();
      return b.shape() instanceof Matrix(Dim _, Dim columns)
          ? Shape.matrix(rows, columns)
          : Shape.vector(rows);
    }
  }

  record Transpose(Expr x) implements Expr {
    public Transpose {
      require(x.shape() instanceof Matrix, "transpose of " + x.shape());
    }

    @Override
    public Shape shape() {
      Matrix m = (Matrix) x.shape();
      return Shape.matrix(m.columns(), m.rows());
    }
  }

  /// `a bᵀ`.
  record Outer(Expr a, Expr b) implements Expr {
    public Outer {
      require(
          a.shape() instanceof Vector && b.shape() instanceof Vector,
          "outer of " + a.shape() + ", " + b.shape());
    }

    @Override
    public Shape shape() {
      return Shape.matrix(((Vector) a.shape()).length(), ((Vector) b.shape()).length());
    }
  }

  /// Vectors one above the other.
  record Concat(List<Expr> parts) implements Expr {
    public Concat {
      parts = List.copyOf(parts);
      require(
          parts.stream().allMatch(p -> p.shape() instanceof Vector),
          "concatenation of non-vectors");
    }

    @Override
    public Shape shape() {
      return Shape.vector(
          parts.stream().map(p -> ((Vector) p.shape()).length()).reduce(Dim.ZERO, Dim::plus));
    }
  }

  /// Consecutive elements of a vector, or consecutive rows or columns of a matrix.
  record Slice(Expr x, Axis axis, Dim from, Dim length) implements Expr {
    public Slice {
      require(
          x.shape() instanceof Matrix || x.shape() instanceof Vector && axis == Axis.ROWS,
          "slice of " + x.shape());
    }

    @Override
    public Shape shape() {
      return switch (x.shape()) {
        case Matrix(Dim rows, Dim columns) ->
            axis == Axis.ROWS ? Shape.matrix(length, columns) : Shape.matrix(rows, length);
        case Vector _, Scalar _ -> Shape.vector(length);
      };
    }
  }

  /// A number from a whole vector or matrix.
  record Reduce(ReduceOp op, Expr x) implements Expr {
    @Override
    public Shape shape() {
      return Shape.SCALAR;
    }
  }

  /// The running sum of a vector, from its first element on, or from its last one backwards.
  record Running(boolean backwards, Expr x) implements Expr {
    public Running {
      require(x.shape() instanceof Vector, "running sum of " + x.shape());
    }

    @Override
    public Shape shape() {
      return x.shape();
    }
  }

  /// A vector as a matrix, each element repeated: along [Axis#ROWS] element i fills row i, along
  /// [Axis#COLUMNS] element j fills column j. `a bᵀ` is the product of the two.
  ///
  /// @param count how often an element is repeated: the length of the other axis
  record Spread(Expr x, Axis axis, Dim count) implements Expr {
    public Spread {
      require(x.shape() instanceof Vector, "spread of " + x.shape());
    }

    @Override
    public Shape shape() {
      Dim length = ((Vector) x.shape()).length();
      return axis == Axis.ROWS ? Shape.matrix(length, count) : Shape.matrix(count, length);
    }
  }

  /// The sum of each row of a matrix ([Axis#ROWS]), or of each column, as a vector. `M x` is that
  /// of the rows of M with x spread along its columns.
  record Total(Axis axis, Expr x) implements Expr {
    public Total {
      require(x.shape() instanceof Matrix, "totals of " + x.shape());
    }

    @Override
    public Shape shape() {
      Matrix m = (Matrix) x.shape();
      return Shape.vector(axis == Axis.ROWS ? m.rows() : m.columns());
    }
  }

  enum Axis {
    ROWS,
    COLUMNS
  }

  /// Functions of one element. `STEP` is 1 above 0, else 0; `SIGN` is -1, 0 or 1; `ERF` is the
  /// integral of the normal distribution; `DETACH` is the element itself, with no gradient.
  enum UnaryOp {
    NEGATE,
    SIGMOID,
    TANH,
    RELU,
    EXP,
    LOG,
    SOFTPLUS,
    SQRT,
    ABS,
    SIGN,
    STEP,
    SIN,
    COS,
    ERF,
    FLOOR,
    DETACH
  }

  /// Functions of two elements. `GREATER` is 1 where a > b, else 0.
  enum BinaryOp {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MAX,
    MIN,
    POWER,
    GREATER
  }

  /// What a vector is reduced to: its sum, its largest element, its Euclidean length; of a matrix
  /// the Frobenius norm.
  enum ReduceOp {
    SUM,
    MAX,
    NORM
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
