package dev.sluice.samples.baseline;

/// One weight of interleaved gates, packed for both directions: `z += x Wᵀ` and `dx += dz W`.
final class GatePanels {
  private final int gates;
  private final int columns;
  private final Panels forward;
  private final Panels backward;

  /// @param n units of a gate
  /// @param columns length of the vector that it multiplies
  GatePanels(int gates, int n, int columns) {
    this.gates = gates;
    this.columns = columns;
    int width = gates * Panels.pad(n);
    forward = new Panels(columns, width);
    backward = new Panels(width, Panels.pad(columns));
  }

  /// @param dense stacked gates [·, columns], of which these begin at `firstGate`
  void load(float[] dense, int n, int firstGate) {
    for (int gate = 0; gate < gates; gate++) {
      for (int unit = 0; unit < n; unit++) {
        int column = Panels.column(gates, gate, unit);
        int row = ((firstGate + gate) * n + unit) * columns;
        for (int k = 0; k < columns; k++) {
          forward.set(k, column, dense[row + k]);
          backward.set(column, k, dense[row + k]);
        }
      }
    }
  }

  Panels forward() {
    return forward;
  }

  Panels backward() {
    return backward;
  }

  /// A stacked bias of the same gates as one interleaved row.
  static float[] bias(float[] dense, int gates, int n, int firstGate) {
    float[] row = new float[gates * Panels.pad(n)];
    for (int gate = 0; gate < gates; gate++) {
      for (int unit = 0; unit < n; unit++) {
        row[Panels.column(gates, gate, unit)] = dense[(firstGate + gate) * n + unit];
      }
    }
    return row;
  }

  /// Sums of the interleaved rows of dz, added to a stacked bias.
  static void biasGradient(float[] dz, int gates, int n, int firstGate, float[] dense) {
    int width = gates * Panels.pad(n);
    float[] sum = new float[width];
    for (int from = 0; from < dz.length; from += width) {
      for (int i = 0; i < width; i++) {
        sum[i] += dz[from + i];
      }
    }
    for (int gate = 0; gate < gates; gate++) {
      for (int unit = 0; unit < n; unit++) {
        dense[(firstGate + gate) * n + unit] += sum[Panels.column(gates, gate, unit)];
      }
    }
  }

  /// Copies `count` rows of n floats between a dense and a padded array.
  static void copy(
      float[] from, int fromAt, int fromRow, float[] to, int toAt, int toRow, int n, int count) {
    if (fromRow == n && toRow == n) {
      System.arraycopy(from, fromAt, to, toAt, n * count);
      return;
    }
    for (int r = 0; r < count; r++) {
      System.arraycopy(from, fromAt + r * fromRow, to, toAt + r * toRow, n);
    }
  }
}
