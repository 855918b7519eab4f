package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/// What rows add to the gradients of parameters, but for products; for those see [OuterProducts].
/// Members of a team share out a parameter's rows, or a vector's elements: each is summed by one of
/// them, over all rows, whatever part of the parameter something is added to. Such a part starts at
/// row `first` of `all`. Offsets and strides are in bytes.
public final class WeightGradients {
  private WeightGradients() {}

  /// `gradient[i] += Σ_r values[r][i]`, for a whole parameter.
  public static void columnSums(
      Frame frame, long values, long valuesRow, int columns, int count, long gradient) {
    columnSums(frame, values, valuesRow, columns, count, gradient, 0, columns);
  }

  /// `gradient[i] += Σ_r values[r][i]`.
  public static void columnSums(
      Frame frame,
      long values,
      long valuesRow,
      int columns,
      int count,
      long gradient,
      int first,
      int all) {
    int from = Math.clamp(frame.firstOwn(all) - first, 0, columns);
    int end = Math.clamp(frame.endOwn(all) - first, 0, columns);
    long shift = (long) from * Float.BYTES;
    if (from < end) {
      Products.columnSums(
          frame.work(),
          values + shift,
          valuesRow,
          end - from,
          count,
          frame.gradients(),
          gradient + shift);
    }
  }

  /// `gradient[i][j] += Σ_r values[r][i][j]` for matrices, whose rows lie one after another.
  ///
  /// @param values matrices of `rows` × `columns` floats; `valuesRow` from row to row
  /// @param count of matrices
  /// @param gradientRow from row to row of the gradient
  public static void matrixSums(
      Frame frame,
      long values,
      long valuesRow,
      int rows,
      int columns,
      int count,
      long gradient,
      long gradientRow,
      int first,
      int all) {
    int end = Math.clamp(frame.endOwn(all) - first, 0, rows);
    for (int i = Math.clamp(frame.firstOwn(all) - first, 0, rows); i < end; i++) {
      Products.columnSums(
          frame.work(),
          values + i * valuesRow,
          rows * valuesRow,
          columns,
          count,
          frame.gradients(),
          gradient + i * gradientRow);
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
      long gradientRow,
      int first,
      int all) {
    int end = Math.clamp(frame.endOwn(all) - first, 0, columns);
    int begin = Math.clamp(frame.firstOwn(all) - first, 0, columns);
    for (int block = begin; block < end; block += Lanes.COUNT) {
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

  /// `gradient += Σ_r Σ_i values[r][i]`, for a scalar parameter.
  public static void total(
      Frame frame, long values, long valuesRow, int columns, int count, long gradient) {
    if (frame.leads()) {
      Products.total(frame.work(), values, valuesRow, columns, count, frame.gradients(), gradient);
    }
  }
}
