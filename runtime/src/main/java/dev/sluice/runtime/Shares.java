package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import dev.sluice.runtime.spi.Split;

/// How many threads the passes of a cell are worth, and what they share out.
///
/// @param most threads that there may be
/// @param products multiplications of weights for one sequence at one step
/// @param recurrent whether a step waits for the one before
record Shares(int most, long products, boolean recurrent) {
  /// Multiplications that take about as long as it takes to call a helper.
  private static final long WORTH_A_CALL = 1 << 20;

  /// Multiplications of one member in one step that are worth waiting for the others.
  private static final long WORTH_A_BARRIER = 1 << 14;

  static Shares of(CellCode code, int size) {
    long products =
        code.parameters().stream()
            .filter(p -> p.rank() == 2)
            .mapToLong(ParameterSlot::floats)
            .sum();
    return new Shares(code.isShared() ? size : 1, products, !code.states().isEmpty());
  }

  /// Sequences as soon as there is one for each member: then nobody waits in the loop.
  Split split(int batch) {
    return recurrent && batch < most && products * batch / most >= WORTH_A_BARRIER
        ? Split.UNITS
        : Split.SEQUENCES;
  }

  /// @param pairs of steps and sequences
  int members(int pairs) {
    return (int) Math.min(most, 1 + products * pairs / WORTH_A_CALL);
  }
}
