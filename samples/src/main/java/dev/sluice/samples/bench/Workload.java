package dev.sluice.samples.bench;

import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.baseline.Weights;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// What every contestant computes: weights, inputs [T, B, I], and ∂L/∂output [T, B, H], the same
/// for all.
public record Workload(
    CellKind cell, Extent extent, Weights weights, float[] x, float[] outputGradient) {

  /// The slides' two cells, and how the handwritten layers stack their gates.
  public enum CellKind {
    /// i, f, g, o.
    LSTM(4, 2),
    /// r, u, g.
    GRU(3, 1);

    private final int gates;
    private final int states;

    CellKind(int gates, int states) {
      this.gates = gates;
      this.states = states;
    }
  }

  public static Workload random(CellKind cell, Extent extent, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Weights weights = Weights.random(cell.gates, extent.inputs(), extent.hidden(), random);
    return new Workload(
        cell,
        extent,
        weights,
        uniform(extent.pairs() * extent.inputs(), random),
        uniform(extent.pairs() * extent.hidden(), random));
  }

  private static float[] uniform(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }

  /// Zeros for each state, [B, H].
  List<float[]> zeroStates() {
    return Stream.generate(() -> new float[extent.batch() * extent.hidden()])
        .limit(cell.states)
        .toList();
  }
}
