package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// Running sums along rows. Offsets and strides are in bytes.
public final class RunningSums {
  private RunningSums() {}

  /// `sums[r][i] = Σ_{j ≤ i} values[r][j]`
  ///
  /// @param row bytes from row to row, of both
  public static void forwards(
      MemorySegment work, long values, long sums, long row, int columns, int rows) {
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      for (int i = 0; i < columns; i++) {
        long at = r * row + (long) i * Float.BYTES;
        sum += work.get(JAVA_FLOAT, values + at);
        work.set(JAVA_FLOAT, sums + at, sum);
      }
    }
  }

  /// `sums[r][i] = Σ_{j ≥ i} values[r][j]`
  public static void backwards(
      MemorySegment work, long values, long sums, long row, int columns, int rows) {
    for (int r = 0; r < rows; r++) {
      float sum = 0;
      for (int i = columns - 1; i >= 0; i--) {
        long at = r * row + (long) i * Float.BYTES;
        sum += work.get(JAVA_FLOAT, values + at);
        work.set(JAVA_FLOAT, sums + at, sum);
      }
    }
  }
}
