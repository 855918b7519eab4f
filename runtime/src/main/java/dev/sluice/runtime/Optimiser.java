package dev.sluice.runtime;

/// Changes a network's weights along their gradients. Deterministic; used by one thread at a time.
public sealed interface Optimiser permits Sgd, Adam {
  /// One step. Waits for the sessions that run on the weights.
  ///
  /// @throws IllegalArgumentException when the gradients are another network's than those before
  void step(Gradients gradients);

  /// For a schedule: the rate from the next step on, 0 or more.
  void learningRate(double rate);

  static float checkRate(double rate) {
    if (!(rate >= 0) || !Double.isFinite(rate)) {
      throw new IllegalArgumentException("learning rate %s: expected 0 or more".formatted(rate));
    }
    return (float) rate;
  }
}
