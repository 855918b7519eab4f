package dev.sluice.runtime;

/// Symbols as vectors: 1 at the symbol's place, 0 elsewhere.
public final class OneHot {
  private OneHot() {}

  /// @param symbols [T][B], each 0 to `classes` - 1
  /// @return [T, B, classes]
  public static Tensor of(int[][] symbols, int classes) {
    int batch = symbols.length == 0 ? 0 : symbols[0].length;
    Tensor tensor = Tensor.zeros(symbols.length, batch, classes);
    for (int t = 0; t < symbols.length; t++) {
      if (symbols[t].length != batch) {
        throw new IllegalArgumentException(
            "step %d has %d symbols, step 0 has %d".formatted(t, symbols[t].length, batch));
      }
      for (int b = 0; b < batch; b++) {
        check(symbols[t][b], classes);
        tensor.set(1, t, b, symbols[t][b]);
      }
    }
    return tensor;
  }

  /// Fills one vector, for [Session#step]; allocates nothing.
  public static void fill(int symbol, float[] vector) {
    check(symbol, vector.length);
    java.util.Arrays.fill(vector, 0);
    vector[symbol] = 1;
  }

  private static void check(int symbol, int classes) {
    if (symbol < 0 || symbol >= classes) {
      throw new IllegalArgumentException(
          "symbol %d: expected 0 to %d".formatted(symbol, classes - 1));
    }
  }
}
