package dev.sluice.runtime.spi;

/// What rows add to the gradients of parameters. Members of a team share out the elements of a
/// gradient: each is summed by one of them, over all rows. Offsets and strides are in bytes.
public final class WeightGradients {
  private WeightGradients() {}

  /// `gradient[i][j] += Σ_r left[r][i] · right[r][j]`.
  ///
  /// @param left rows of `rows` floats; `right` rows of `columns` floats
  /// @param count rows of both
  /// @param gradient first float of the target in [Frame#gradients]; `gradientRow` from row to row
  /// @param scratch a buffer of [Products#OUTER_FLOATS]
  public static void outer(
      Frame frame,
      long left,
      long leftRow,
      int rows,
      long right,
      long rightRow,
      int columns,
      int count,
      long gradient,
      long gradientRow,
      int scratch) {
    // A gradient of few rows is cut between its columns.
    int panel = Products.PANEL_VECTORS * Lanes.COUNT;
    boolean byRows = frame.shares(rows, Tiling.ROWS) >= frame.shares(columns, panel);
    int row = byRows ? frame.first(rows, Tiling.ROWS) : 0;
    int endRow = byRows ? frame.end(rows, Tiling.ROWS) : rows;
    int column = byRows ? 0 : frame.first(columns, panel);
    int endColumn = byRows ? columns : frame.end(columns, panel);
    if (row < endRow && column < endColumn) {
      Products.outer(
          frame.work(),
          left + (long) row * Float.BYTES,
          leftRow,
          endRow - row,
          right + (long) column * Float.BYTES,
          rightRow,
          endColumn - column,
          count,
          frame.gradients(),
          gradient + row * gradientRow + (long) column * Float.BYTES,
          gradientRow,
          frame.base(scratch));
    }
  }

  /// `gradient[i] += Σ_r values[r][i]`.
  public static void columnSums(
      Frame frame, long values, long valuesRow, int columns, int count, long gradient) {
    int first = frame.first(columns, Lanes.COUNT);
    int end = frame.end(columns, Lanes.COUNT);
    long shift = (long) first * Float.BYTES;
    if (first < end) {
      Products.columnSums(
          frame.work(),
          values + shift,
          valuesRow,
          end - first,
          count,
          frame.gradients(),
          gradient + shift);
    }
  }

  /// `gradient += Σ_r Σ_i values[r][i]`.
  public static void total(
      Frame frame, long values, long valuesRow, int columns, int count, long gradient) {
    if (frame.leads()) {
      Products.total(frame.work(), values, valuesRow, columns, count, frame.gradients(), gradient);
    }
  }
}
