package dev.sluice.samples.baseline;

/// Sizes of a layer and of the sequences that it runs: I, H, B, T.
public record Extent(int inputs, int hidden, int batch, int steps) {
  public Extent {
    if (inputs < 1 || hidden < 1 || batch < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "sizes I=%d H=%d B=%d T=%d: each is at least 1".formatted(inputs, hidden, batch, steps));
    }
  }

  /// Number of (step, sequence) pairs.
  public int pairs() {
    return Math.multiplyExact(batch, steps);
  }
}
