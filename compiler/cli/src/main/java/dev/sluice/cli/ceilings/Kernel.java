package dev.sluice.cli.ceilings;

/// A loop that keeps one part of the processor busy and nothing else.
sealed interface Kernel permits FmaKernel, LoadKernel {
  /// Runs once.
  ///
  /// @return a number that depends on everything it did, so that none of it can be left out
  float run();

  /// What one run does: operations, or bytes.
  double work();
}
