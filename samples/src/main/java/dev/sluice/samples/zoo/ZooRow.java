package dev.sluice.samples.zoo;

import dev.sluice.compiler.analysis.Recurrence;
import org.jspecify.annotations.Nullable;

/// What was found out about one cell.
///
/// @param problem why it doesn't compile, or what failed; empty when all is well
/// @param facts null when it doesn't compile
record ZooRow(String name, String problem, @Nullable Facts facts) {

  /// @param gradients derived against central differences
  /// @param generated generated code against the interpreter
  /// @param recorded against recorded results of other software; null when there are none
  /// @param flops of a step forward of one sequence, all lengths [ZooCheck#LENGTH]
  /// @param time of training per FLOP relative to the LSTM; NaN when it wasn't measured
  record Facts(
      Check gradients,
      Check generated,
      @Nullable Check recorded,
      Recurrence recurrence,
      long flops,
      double time) {
    Facts withTime(double ratio) {
      return new Facts(gradients, generated, recorded, recurrence, flops, ratio);
    }
  }

  /// @param error the largest, relative to the largest number of its tensor
  record Check(boolean pass, double error) {}

  boolean pass() {
    return problem.isEmpty();
  }
}
