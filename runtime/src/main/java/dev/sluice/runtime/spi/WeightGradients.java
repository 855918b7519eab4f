package dev.sluice.runtime.spi;

/// What rows add to the gradients of parameters that are no matrices; for those see
/// [OuterProducts]. Members of a team share out the elements of a
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

  /// `gradient += Σ_r Σ_i values[r][i]`.
  public static void total(
      Frame frame, long values, long valuesRow, int columns, int count, long gradient) {
    if (frame.leads()) {
      Products.total(frame.work(), values, valuesRow, columns, count, frame.gradients(), gradient);
    }
  }
}
