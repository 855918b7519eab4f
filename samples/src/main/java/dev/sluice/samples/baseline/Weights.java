package dev.sluice.samples.baseline;

import java.util.random.RandomGenerator;

/// Weights of a layer, or their gradients. The gates are stacked: i, f, g, o for the LSTM; r, u, g
/// for the GRU.
///
/// @param input [G·H, I], row-major
/// @param recurrent [G·H, H], row-major
/// @param bias [G·H]
public record Weights(
    int gates, int inputs, int hidden, float[] input, float[] recurrent, float[] bias) {
  public static Weights zero(int gates, int inputs, int hidden) {
    int rows = gates * hidden;
    return new Weights(
        gates, inputs, hidden, new float[rows * inputs], new float[rows * hidden], new float[rows]);
  }

  /// Uniform in ±1/√H.
  public static Weights random(int gates, int inputs, int hidden, RandomGenerator random) {
    Weights weights = zero(gates, inputs, hidden);
    float bound = (float) (1 / Math.sqrt(hidden));
    for (float[] array : new float[][] {weights.input, weights.recurrent, weights.bias}) {
      for (int i = 0; i < array.length; i++) {
        array[i] = random.nextFloat(-bound, bound);
      }
    }
    return weights;
  }
}
