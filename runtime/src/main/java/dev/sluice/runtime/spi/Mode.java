package dev.sluice.runtime.spi;

/// What a frame is laid out for.
public enum Mode {
  /// Forward only: nothing is kept for a backward pass.
  INFERENCE,
  /// Forward keeps what backward reads.
  TRAINING
}
