package dev.sluice.samples.baseline;

import java.util.List;

/// One recurrent layer of definite size, written by hand. Arrays are dense and row-major: inputs
/// [T, B, I], outputs [T, B, H], states [B, H]; what a method returns belongs to the layer and
/// lasts until the next call. One thread at a time.
public interface HandwrittenLayer {
  /// Copies the weights into the layer's own layout; once after every change.
  void load(Weights weights);

  /// Runs all steps.
  ///
  /// @param x inputs [T, B, I]
  /// @param initial a [B, H] array per state, h first
  /// @return outputs [T, B, H]
  float[] forward(float[] x, List<float[]> initial);

  /// The states after the last step of [#forward], h first.
  List<float[]> finalStates();

  /// Back through time after [#forward].
  ///
  /// @param outputGradient ∂L/∂y [T, B, H]
  /// @param finalGradients ∂L/∂(final state) [B, H], per state
  Gradients backward(float[] outputGradient, List<float[]> finalGradients);

  /// @param weights ∂L/∂weights
  /// @param x ∂L/∂x [T, B, I]
  /// @param initial ∂L/∂(initial state) [B, H], per state
  record Gradients(Weights weights, float[] x, List<float[]> initial) {}
}
