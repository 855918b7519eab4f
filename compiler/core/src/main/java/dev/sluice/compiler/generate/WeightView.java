package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;

/// A parameter, or rows and columns of one, possibly transposed.
///
/// @param fromRow first row of the part in the stored parameter
/// @param fromColumn first column
/// @param rows of the part as stored; `columns` likewise
/// @param allRows rows of the whole parameter, and `stride` its columns
record WeightView(
    Symbol parameter,
    Dim fromRow,
    Dim fromColumn,
    Dim rows,
    Dim columns,
    Dim allRows,
    Dim stride,
    boolean transposed) {

  static WeightView of(Expr e) {
    return switch (e) {
      case Expr.Parameter(Symbol symbol, Shape shape) ->
          switch (shape) {
            case Shape.Scalar() ->
                new WeightView(
                    symbol, Dim.ZERO, Dim.ZERO, Dim.ONE, Dim.ONE, Dim.ONE, Dim.ONE, false);
            case Shape.Vector(Dim n) ->
                new WeightView(symbol, Dim.ZERO, Dim.ZERO, n, Dim.ONE, n, Dim.ONE, false);
            case Shape.Matrix(Dim rows, Dim columns) ->
                new WeightView(symbol, Dim.ZERO, Dim.ZERO, rows, columns, rows, columns, false);
          };
      case Expr.Slice(Expr x, Expr.Axis axis, Dim from, Dim length) ->
          of(x).slice(axis, from, length);
      case Expr.Transpose(Expr x) -> of(x).transpose();
      default -> throw new IllegalStateException("not a weight: " + e);
    };
  }

  private WeightView slice(Expr.Axis axis, Dim from, Dim length) {
    boolean ofStoredRows = (axis == Expr.Axis.ROWS) != transposed;
    return ofStoredRows
        ? new WeightView(
            parameter, fromRow.plus(from), fromColumn, length, columns, allRows, stride, transposed)
        : new WeightView(
            parameter, fromRow, fromColumn.plus(from), rows, length, allRows, stride, transposed);
  }

  private WeightView transpose() {
    return new WeightView(
        parameter, fromRow, fromColumn, rows, columns, allRows, stride, !transposed);
  }

  boolean hasAllRows() {
    return rows.equals(allRows);
  }

  /// Rows of the product that it gives.
  Dim units() {
    return transposed ? columns : rows;
  }

  /// Length of the vector that it takes.
  Dim inner() {
    return transposed ? rows : columns;
  }
}
