package dev.sluice.runtime;

/// Which way a cell runs over a sequence.
public enum Direction {
  /// From a sequence's first step to its last.
  FORWARD,
  /// From a sequence's own last step to its first.
  REVERSE
}
