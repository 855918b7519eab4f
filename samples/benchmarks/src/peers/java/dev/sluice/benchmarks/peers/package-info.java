/// Other frameworks, in the same process: ONNX Runtime and PyTorch.
@org.jspecify.annotations.NullMarked
package dev.sluice.benchmarks.peers;
