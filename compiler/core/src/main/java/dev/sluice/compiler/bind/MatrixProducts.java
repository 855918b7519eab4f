package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import java.util.List;

/// Products of matrices to [Expr]. A diagonal matrix scales rows or columns, the identity changes
/// nothing, and what holds one of them is multiplied out: `S (I − β k kᵀ)` is `S − S (β k kᵀ)`.
final class MatrixProducts {
  private final Lowering lowering;
  private final Typing typing;

  MatrixProducts(Lowering lowering, Typing typing) {
    this.lowering = lowering;
    this.typing = typing;
  }

  /// @param factors matrices, from left to right
  Expr product(List<Term> factors, Definition of) {
    int plain = 0;
    while (plain < factors.size() - 1 && holdsDiagonal(factors.get(plain))) {
      plain++;
    }
    Expr product = lowering.expr(factors.get(plain), of);
    for (Term factor : factors.subList(plain + 1, factors.size())) {
      product = times(product, factor, Axis.COLUMNS, of);
    }
    for (Term factor : factors.subList(0, plain).reversed()) {
      product = times(product, factor, Axis.ROWS, of);
    }
    return product;
  }

  private boolean holdsDiagonal(Term matrix) {
    return switch (matrix) {
      case Term.Identity _, Term.Diagonal _ -> true;
      case Term.Sum _, Term.Product _, Term.Map _, Term.Zip _, Term.Transposed _ ->
          matrix.children().stream()
              .anyMatch(x -> typing.type(x) instanceof Type.Matrix && holdsDiagonal(x));
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Parameter _,
          Term.Timed _,
          Term.Choice _,
          Term.Whole _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          false;
    };
  }

  /// The factor on the left of a matrix, where it acts on its rows, or on the right, where it acts
  /// on its columns.
  private Expr times(Expr matrix, Term factor, Axis side, Definition of) {
    return switch (factor) {
      case Term.Identity _ -> matrix;
      case Term.Diagonal d -> {
        Shape.Matrix shape = (Shape.Matrix) matrix.shape();
        var count = side == Axis.ROWS ? shape.columns() : shape.rows();
        Expr spread = new Expr.Spread(lowering.expr(d.x(), of), side, count);
        yield side == Axis.ROWS ? multiply(spread, matrix) : multiply(matrix, spread);
      }
      case Term.Transposed(Term x, var _)
          when x instanceof Term.Identity || x instanceof Term.Diagonal ->
          times(matrix, x, side, of);
      case Term.Map m when m.op() == UnaryOp.NEGATE && holdsDiagonal(m) ->
          new Expr.Unary(m.op(), times(matrix, m.x(), side, of));
      case Term.Sum s when holdsDiagonal(s) -> {
        Expr shared = lowering.shared(matrix, of);
        yield Lowering.signed(
            s, s.children().stream().map(x -> times(shared, x, side, of)).toList());
      }
      case Term.Product p when holdsDiagonal(p) -> {
        ProductTyping.Factors f = typing.factors(p);
        Expr product = matrix;
        for (Term x : side == Axis.ROWS ? f.rest().reversed() : f.rest()) {
          product = times(product, x, side, of);
        }
        for (Term scalar : f.scalars().reversed()) {
          product = multiply(lowering.expr(scalar, of), product);
        }
        yield product;
      }
      default -> {
        Expr other = lowering.expr(factor, of);
        yield side == Axis.ROWS ? new Expr.MatMul(other, matrix) : new Expr.MatMul(matrix, other);
      }
    };
  }

  private static Expr multiply(Expr a, Expr b) {
    return new Expr.Binary(BinaryOp.MULTIPLY, a, b);
  }
}
