package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Shape.Scalar;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a value of step t changes with a state: `∂c_t/∂c_{t-1} = diag(f_t)`, a sum over the paths
/// from one to the other within the step. A matrix counts as the vector of its rows, one after the
/// other.
///
/// @param target a state or the output
/// @param source a state
/// @param delay of the source: 1 for the step before, 0 for this step
/// @param paths that lead from the source to the target; none where it has no influence
/// @param isComplete whether all paths are there; a cell may have too many to be written down
public record Jacobian(
    Symbol target, Symbol source, int delay, Shape shape, List<Path> paths, boolean isComplete) {
  public Jacobian {
    paths = List.copyOf(paths);
  }

  /// A product of matrices, times a number.
  public record Path(double coefficient, List<Factor> factors) {
    public Path {
      factors = List.copyOf(factors);
    }

    /// Whether each element depends on its own element only.
    public boolean isDiagonal() {
      return factors.stream().allMatch(Factor.Diagonal.class::isInstance);
    }
  }

  public sealed interface Factor {
    /// A diagonal matrix with the product of some vectors, or of some matrices; numbers among them
    /// scale it.
    record Diagonal(List<Expr> product) implements Factor {
      public Diagonal {
        product = List.copyOf(product);
      }
    }

    record Weight(Expr matrix) implements Factor {}

    /// A column of ones: a number is added to each element of a vector or matrix.
    record Ones(Shape shape) implements Factor {}

    /// A row: the derivative of a number that is made of a vector; of ones where the product is
    /// empty.
    record Row(List<Expr> product, Dim length) implements Factor {
      public Row {
        product = List.copyOf(product);
      }
    }

    /// Ones on and below the diagonal, or on and above it: a running sum.
    record Triangle(boolean upper, Dim length) implements Factor {}

    /// Fills the rows, or the columns, of a matrix with a vector: element i fills row i along
    /// [Axis#ROWS].
    record Spread(Axis axis, Shape.Matrix matrix) implements Factor {}

    /// The sum of each row of a matrix, or of each column.
    record Total(Axis axis, Shape.Matrix matrix) implements Factor {}

    /// Takes some elements out of `of`.
    record Cut(Dim from, Dim length, Dim of) implements Factor {}

    /// Puts elements into a longer vector `of`.
    record Place(Dim from, Dim length, Dim of) implements Factor {}
  }

  /// `∂c_t/∂h_{t-1} = diag(c_{t-1} ∘ f_t ∘ (1 − f_t)) W_f + …`, direct paths first.
  public String text() {
    String left = "∂" + TimedName.of(target, 0) + "/∂" + TimedName.of(source, delay) + " = ";
    if (!isComplete) {
      return left + "more than " + paths.size() + " paths";
    }
    if (paths.isEmpty()) {
      return left + "0";
    }
    StringBuilder text = new StringBuilder(left);
    List<Path> sorted = paths.stream().sorted(Comparator.comparing(p -> !p.isDiagonal())).toList();
    for (int i = 0; i < sorted.size(); i++) {
      double c = sorted.get(i).coefficient;
      text.append(i == 0 ? c < 0 ? "−" : "" : c < 0 ? " − " : " + ");
      text.append(text(sorted.get(i)));
    }
    return text.toString();
  }

  private String text(Path path) {
    Optional<Kronecker> ofMatrices = Kronecker.of(path);
    return ofMatrices.isPresent() ? ofMatrices.get().text() : ofVectors(path);
  }

  private String ofVectors(Path path) {
    double size = Math.abs(path.coefficient);
    String unit = shape instanceof Scalar ? "1" : "I";
    String factors =
        path.factors.isEmpty()
            ? unit
            : path.factors.stream().map(Jacobian::text).collect(Collectors.joining(" "));
    boolean scales =
        path.isDiagonal()
            && !path.factors.isEmpty()
            && factors.indexOf("diag(") < 0
            && !(shape instanceof Scalar);
    String product = scales ? factors + " I" : factors;
    return size == 1 ? product : Notation.plainNumber(size) + " " + product;
  }

  /// A factor of vectors and numbers.
  static String text(Factor factor) {
    return switch (factor) {
      case Factor.Diagonal(List<Expr> product) -> {
        Expr all = product(product);
        String text = Notation.expression(all);
        yield all.shape() instanceof Scalar ? bracketed(text) : "diag(" + text + ")";
      }
      case Factor.Weight(Expr matrix) -> bracketed(Notation.expression(matrix));
      case Factor.Ones _ -> "𝟙";
      case Factor.Row(List<Expr> product, Dim _) ->
          product.isEmpty() ? "𝟙ᵀ" : bracketed(Notation.expression(product(product))) + "ᵀ";
      case Factor.Triangle(boolean upper, Dim _) -> upper ? "Lᵀ" : "L";
      case Factor.Spread(Axis axis, var _) -> axis == Axis.ROWS ? "I ⊗ 𝟙" : "𝟙 ⊗ I";
      case Factor.Total(Axis axis, var _) -> axis == Axis.ROWS ? "I ⊗ 𝟙ᵀ" : "𝟙ᵀ ⊗ I";
      case Factor.Cut(Dim from, Dim length, Dim _) -> rows(from, length);
      case Factor.Place(Dim from, Dim length, Dim _) -> rows(from, length) + "ᵀ";
    };
  }

  private static String rows(Dim from, Dim length) {
    return "I[" + (from + ":" + from.plus(length)).replace(" ", "") + "]";
  }

  static String bracketed(String text) {
    return text.contains(" ") ? "(" + text + ")" : text;
  }

  /// Of at least one factor.
  public static Expr product(List<Expr> factors) {
    return factors.stream().reduce((a, b) -> new Binary(BinaryOp.MULTIPLY, a, b)).orElseThrow();
  }
}
