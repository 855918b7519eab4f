package dev.sluice.samples.bench;

/// A layer that does a [Workload] on one thread.
public interface Contestant extends AutoCloseable {
  /// The forward pass over all steps.
  ///
  /// @return the outputs [T, B, H], the contestant's own array
  float[] infer();

  /// The forward pass and the whole backward pass: gradients of weights, inputs and initial states.
  void train();

  /// ∂L/∂x [T, B, I] of the last training pass.
  float[] inputGradient();

  @Override
  default void close() {}
}
