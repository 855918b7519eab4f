package dev.sluice.samples.baseline;

import java.util.Arrays;

/// The gradient of a weight, `Σ_p dz_p xᵀ_p` over all (step, sequence) pairs, as a product of
/// packed panels: 256 pairs at a time, so that both operands stay in the second-level cache.
final class GradientGemm {
  private static final int CHUNK = 256;
  private static final int TILE = 4;

  private final int rows;
  private final int columns;
  private final int stride;
  private final float[] left;
  private final Panels right;
  private final float[] sum;

  /// @param rows length of a row of dz, a multiple of four
  /// @param columns length of x
  GradientGemm(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    stride = Panels.pad(columns);
    left = new float[rows * CHUNK];
    right = new Panels(CHUNK, stride);
    sum = new float[rows * stride];
  }

  /// Row i of the gradient is at `i · pad(columns)` of what it returns.
  float[] run(float[] dz, int dzRow, float[] x, int xRow, int pairs) {
    Arrays.fill(sum, 0f);
    for (int from = 0; from < pairs; from += CHUNK) {
      int count = Math.min(CHUNK, pairs - from);
      for (int i = 0; i < rows; i += TILE) {
        for (int p = 0; p < count; p++) {
          System.arraycopy(dz, (from + p) * dzRow + i, left, i * CHUNK + p * TILE, TILE);
        }
      }
      right.load(x, from * xRow, xRow, columns, count);
      for (int i = 0; i < rows; i += TILE) {
        right.multiply(left, i * CHUNK, 1, TILE, count, sum, i * stride, stride, TILE);
      }
    }
    return sum;
  }

  /// Copies the gradient of `gates` interleaved gates of n units into rows `firstGate · n …` of a
  /// dense matrix.
  void unpack(int gates, int n, int firstGate, float[] dense) {
    for (int gate = 0; gate < gates; gate++) {
      for (int unit = 0; unit < n; unit++) {
        System.arraycopy(
            sum,
            Panels.column(gates, gate, unit) * stride,
            dense,
            ((firstGate + gate) * n + unit) * columns,
            columns);
      }
    }
  }
}
