package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Jacobian.Factor;
import dev.sluice.compiler.ir.Jacobian.Path;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A path of a [Jacobian] that leads through matrices, or from a number, as people write it: with a
/// matrix as the vector of its rows, `A X Bᵀ` is `(A ⊗ B) x`, so that `diag(f) ⊗ I` scales rows and
/// `I ⊗ kᵀ` is the product with k.
///
///     (I ⊗ 𝟙) (I ⊗ diag(k)) → I ⊗ k     (A ⊗ B) (C ⊗ D) → A C ⊗ B D
///
/// @param scalars numbers that the pieces are multiplied by
/// @param pieces from the target to the source
public record Kronecker(double coefficient, List<Expr> scalars, List<Piece> pieces) {
  public Kronecker {
    scalars = List.copyOf(scalars);
    pieces = List.copyOf(pieces);
  }

  /// Factors of the product.
  public sealed interface Piece {
    /// `left ⊗ right`
    record Pair(Side left, Side right) implements Piece {
      Space out() {
        return Space.of(left.outOne(), right.outOne());
      }

      Space in() {
        return Space.of(left.inOne(), right.inOne());
      }

      boolean isOfOnes() {
        return left.isOnes() && right.isOnes();
      }

      boolean isTotal() {
        return left.isTotal() && right.isTotal();
      }
    }

    /// A diagonal matrix with the elements of a product of matrices.
    record Elements(List<Expr> product) implements Piece {
      public Elements {
        product = List.copyOf(product);
      }
    }
  }

  /// A product of factors of vectors.
  ///
  /// @param one whether, without any factor, it is the number 1 instead of an identity matrix
  public record Side(List<Factor> factors, boolean one) {
    public Side {
      factors = List.copyOf(factors);
    }

    private static Side of(Factor factor) {
      return new Side(List.of(factor), false);
    }

    private Side then(Side next) {
      List<Factor> all = new ArrayList<>(factors);
      all.addAll(next.factors);
      return new Side(all, one && next.one);
    }

    /// Whether it gives a number.
    public boolean outOne() {
      return factors.isEmpty() ? one : factors.getFirst() instanceof Factor.Row;
    }

    /// Whether it takes a number.
    public boolean inOne() {
      return factors.isEmpty() ? one : factors.getLast() instanceof Factor.Ones;
    }

    private boolean isOnes() {
      return factors.size() == 1 && factors.getFirst() instanceof Factor.Ones;
    }

    private boolean isTotal() {
      return factors.size() == 1
          && factors.getFirst() instanceof Factor.Row(List<Expr> product, Dim _)
          && product.isEmpty();
    }
  }

  private static final Side IDENTITY = new Side(List.of(), false);
  static final Side ONE = new Side(List.of(), true);

  /// What is between two pieces: a matrix, a vector of its rows or of its columns, a number.
  private enum Space {
    MATRIX,
    LEFT,
    RIGHT,
    NUMBER;

    static Space of(boolean leftOne, boolean rightOne) {
      return leftOne ? rightOne ? NUMBER : RIGHT : rightOne ? LEFT : MATRIX;
    }
  }

  /// Empty for a path from vector to vector alone.
  public static Optional<Kronecker> of(Path path) {
    return path.factors().stream().anyMatch(Kronecker::isWide)
        ? Optional.of(new Builder(path).build())
        : Optional.empty();
  }

  private static boolean isWide(Factor factor) {
    return switch (factor) {
      case Factor.Diagonal(List<Expr> product) ->
          product.stream().anyMatch(e -> e.shape() instanceof Matrix);
      case Factor.Ones _, Factor.Spread _, Factor.Total _ -> true;
      case Factor.Weight _, Factor.Row _, Factor.Triangle _, Factor.Cut _, Factor.Place _ -> false;
    };
  }

  private static final class Builder {
    private final Path path;
    private final List<Expr> scalars = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();

    Builder(Path path) {
      this.path = path;
    }

    Kronecker build() {
      for (int i = 0; i < path.factors().size(); i++) {
        add(path.factors().get(i), i);
      }
      return new Kronecker(path.coefficient(), scalars, pieces);
    }

    private void add(Factor factor, int at) {
      switch (factor) {
        case Factor.Diagonal(List<Expr> product) -> diagonal(product, at);
        case Factor.Ones(Matrix(Dim rows, Dim columns)) ->
            add(
                new Piece.Pair(
                    Side.of(new Factor.Ones(Shape.vector(rows))),
                    Side.of(new Factor.Ones(Shape.vector(columns)))));
        case Factor.Spread(Axis axis, Matrix(Dim rows, Dim columns)) ->
            add(
                axis == Axis.ROWS
                    ? new Piece.Pair(IDENTITY, Side.of(new Factor.Ones(Shape.vector(columns))))
                    : new Piece.Pair(Side.of(new Factor.Ones(Shape.vector(rows))), IDENTITY));
        case Factor.Total(Axis axis, Matrix(Dim rows, Dim columns)) ->
            add(
                axis == Axis.ROWS
                    ? new Piece.Pair(IDENTITY, Side.of(new Factor.Row(List.of(), columns)))
                    : new Piece.Pair(Side.of(new Factor.Row(List.of(), rows)), IDENTITY));
        case Factor.Row(List<Expr> product, Dim length) ->
            vector(new Factor.Row(vectors(product), length), at);
        case Factor.Ones _, Factor.Weight _, Factor.Triangle _, Factor.Cut _, Factor.Place _ ->
            vector(factor, at);
      }
    }

    private List<Expr> vectors(List<Expr> product) {
      List<Expr> vectors = new ArrayList<>();
      product.forEach(e -> (e.shape() instanceof Scalar ? scalars : vectors).add(e));
      return vectors;
    }

    private void diagonal(List<Expr> product, int at) {
      List<Expr> rest = vectors(product);
      if (rest.isEmpty()) {
        return;
      }
      if (rest.getFirst().shape() instanceof Vector) {
        vector(new Factor.Diagonal(rest), at);
        return;
      }
      List<Expr> rows = new ArrayList<>();
      List<Expr> columns = new ArrayList<>();
      for (Expr e : rest) {
        if (!(e instanceof Expr.Spread(Expr x, Axis axis, Dim _))) {
          pieces.add(new Piece.Elements(rest));
          return;
        }
        (axis == Axis.ROWS ? rows : columns).add(x);
      }
      add(new Piece.Pair(diagonal(rows), diagonal(columns)));
    }

    private static Side diagonal(List<Expr> product) {
      return product.isEmpty() ? IDENTITY : Side.of(new Factor.Diagonal(product));
    }

    /// On the side that the vector comes from, or goes to.
    private void vector(Factor factor, int at) {
      boolean left =
          !pieces.isEmpty() && pieces.getLast() instanceof Piece.Pair before
              ? before.in() == Space.LEFT || before.in() == Space.NUMBER && ahead(at)
              : ahead(at);
      add(left ? new Piece.Pair(Side.of(factor), ONE) : new Piece.Pair(ONE, Side.of(factor)));
    }

    private boolean ahead(int at) {
      for (Factor next : path.factors().subList(at, path.factors().size())) {
        if (next instanceof Factor.Total(Axis axis, Matrix _)) {
          return axis == Axis.ROWS;
        }
      }
      return true;
    }

    private void add(Piece.Pair next) {
      if (!pieces.isEmpty()
          && pieces.getLast() instanceof Piece.Pair before
          && before.in() == next.out()) {
        pieces.removeLast();
        pieces.add(new Piece.Pair(before.left.then(next.left), before.right.then(next.right)));
      } else {
        pieces.add(next);
      }
    }
  }

  /// Without the sign of the coefficient: `β_t (I ⊗ (k_t k_tᵀ))`.
  String text() {
    return KroneckerText.of(this);
  }
}
