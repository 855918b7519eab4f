package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/// What rows add to the gradients of parameters, but for products; for those see [OuterProducts].
/// Members of a team share out the elements of a
/// gradient: each is summed by one of them, over all rows. Offsets and strides are in bytes.
public final class WeightGradients {
  private WeightGradients() {}

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

  /// `gradient[j][i] += Σ_r values[r][i][j]` for matrices.
  ///
  /// @param values matrices of `rows` × `columns` floats; `valuesRow` from row to row
  /// @param count of matrices
  /// @param gradientRow from row to row of the gradient
  public static void transposed(
      Frame frame,
      long values,
      long valuesRow,
      int rows,
      int columns,
      int count,
      long gradient,
      long gradientRow) {
    int end = frame.end(columns, Lanes.COUNT);
    for (int block = frame.first(columns, Lanes.COUNT); block < end; block += Lanes.COUNT) {
      int endColumn = Math.min(end, block + Lanes.COUNT);
      for (int row = 0; row < count * rows; row++) {
        long from = values + row * valuesRow;
        long to = gradient + (long) (row % rows) * Float.BYTES;
        for (int j = block; j < endColumn; j++) {
          long at = to + j * gradientRow;
          float more = frame.work().get(JAVA_FLOAT, from + (long) j * Float.BYTES);
          frame.gradients().set(JAVA_FLOAT, at, frame.gradients().get(JAVA_FLOAT, at) + more);
        }
      }
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
