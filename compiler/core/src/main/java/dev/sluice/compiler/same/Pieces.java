package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.same.Head.Weight;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The parameters of a cell in the pieces that its equations read: the gates' rows of a stacked
/// weight.
final class Pieces {
  private final Map<Symbol, Set<Weight>> read = new LinkedHashMap<>();

  private Pieces() {}

  static Pieces of(Cell cell) {
    Pieces pieces = new Pieces();
    for (Equation e : cell.equations()) {
      pieces.visit(e.value());
    }
    return pieces;
  }

  private void visit(Expr e) {
    Optional<Weight> weight = weight(e);
    if (weight.isPresent()) {
      read.computeIfAbsent(weight.get().symbol(), _ -> new LinkedHashSet<>()).add(weight.get());
    } else {
      Operands.of(e).forEach(this::visit);
    }
  }

  /// A parameter, or rows and then columns of one.
  static Optional<Weight> weight(Expr e) {
    return switch (e) {
      case Expr.Parameter(Symbol symbol, Shape shape) -> Optional.of(Weight.whole(symbol, shape));
      case Expr.Slice(Expr x, Axis axis, Dim from, Dim _) ->
          weight(x)
              .map(
                  w ->
                      axis == Axis.ROWS
                          ? new Weight(w.symbol(), w.row().plus(from), w.column(), e.shape())
                          : new Weight(w.symbol(), w.row(), w.column().plus(from), e.shape()));
      default -> Optional.empty();
    };
  }

  /// Whether no other piece that is read has elements of this one, for all sizes.
  boolean isApart(Weight weight) {
    return read.getOrDefault(weight.symbol(), Set.of()).stream()
        .allMatch(other -> other.equals(weight) || areApart(weight, other));
  }

  private static boolean areApart(Weight a, Weight b) {
    return follows(a.row(), b.row().plus(rows(b.shape())))
        || follows(b.row(), a.row().plus(rows(a.shape())))
        || follows(a.column(), b.column().plus(columns(b.shape())))
        || follows(b.column(), a.column().plus(columns(a.shape())));
  }

  /// Whether a start is at or behind an end.
  private static boolean follows(Dim start, Dim end) {
    Dim gap = start.minus(end);
    return gap.constant() >= 0 && gap.terms().values().stream().allMatch(c -> c >= 0);
  }

  static Dim rows(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> Dim.ONE;
      case Shape.Vector(Dim length) -> length;
      case Shape.Matrix(Dim rows, Dim _) -> rows;
    };
  }

  static Dim columns(Shape shape) {
    return shape instanceof Shape.Matrix(Dim _, Dim columns) ? columns : Dim.ONE;
  }
}
