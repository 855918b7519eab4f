package dev.sluice.runtime;

import java.util.Map;
import java.util.Random;

/// Gaussian noise on a network's weights while it trains (Graves 2011): added when this is made,
/// taken out when it is closed, so that what an optimiser changes are the weights themselves.
///
///     try (var noise = WeightNoise.add(network.weights(), 0.075, step)) {
///       Tensor y = training.forward(x);
///       …
///       training.backward(gradient);
///     }
///     adam.step(training.gradients());
///
/// The pass in between sees other weights and nothing else: its code is the same. Nobody else may
/// change the weights before it is closed.
public final class WeightNoise implements AutoCloseable {
  private final Weights weights;
  private final Map<String, Tensor> before;
  private boolean open = true;

  private WeightNoise(Weights weights, Map<String, Tensor> before) {
    this.weights = weights;
    this.before = before;
  }

  /// Adds noise to every parameter of every layer.
  ///
  /// @param deviation of the noise, 0 for none
  /// @param seed the same seed gives the same noise
  /// @throws IllegalArgumentException when the deviation is negative or not finite
  public static WeightNoise add(Weights weights, double deviation, long seed) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "weight noise of deviation %s: expected a finite number, 0 or more".formatted(deviation));
    }
    WeightNoise noise = new WeightNoise(weights, weights.toMap());
    if (deviation > 0) {
      Random random = new Random(seed);
      Map<String, Tensor> noisy = weights.toMap();
      for (Tensor tensor : noisy.values()) {
        add(tensor, deviation, random);
      }
      weights.setAll(noisy);
    }
    return noise;
  }

  private static void add(Tensor tensor, double deviation, Random random) {
    float[] values = tensor.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (deviation * random.nextGaussian());
    }
    tensor.copyFrom(values);
  }

  /// Brings back the weights as they were; closing again does nothing.
  @Override
  public void close() {
    if (open) {
      open = false;
      weights.setAll(before);
    }
  }
}
