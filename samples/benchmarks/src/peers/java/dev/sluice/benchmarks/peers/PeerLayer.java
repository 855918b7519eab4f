package dev.sluice.benchmarks.peers;

import dev.sluice.samples.bench.Workload;

/// Another framework's layer that does a [Workload] on one thread. Results stay where the framework
/// puts them.
interface PeerLayer extends AutoCloseable {
  /// The layer of a framework, by its name in benchmarks and reports.
  static PeerLayer of(String name, Workload work) {
    return switch (name) {
      case "onnxruntime" -> new OnnxRuntimeLayer(work);
      case "torch" -> new TorchLayer(work);
      default -> throw new IllegalArgumentException("no peer " + name);
    };
  }

  /// The forward pass over all steps.
  void infer();

  /// The forward pass and the whole backward pass, with gradients of weights and inputs.
  void train();

  /// A copy of the outputs of a forward pass, [T, B, H].
  float[] output();

  /// A copy of ∂L/∂x of the last training pass, [T, B, I].
  float[] inputGradient();

  @Override
  void close();
}
