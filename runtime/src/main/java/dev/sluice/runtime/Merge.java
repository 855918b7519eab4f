package dev.sluice.runtime;

/// What a bidirectional layer does with its two outputs of n floats, step by step.
public enum Merge {
  /// Forward, then reverse: 2n floats.
  CONCAT,
  /// Forward + reverse: n floats.
  SUM,
  /// (Forward + reverse) / 2: n floats.
  MEAN
}
