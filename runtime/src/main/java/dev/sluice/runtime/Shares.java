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
  /// Multiplications that take about as long as it takes to wake a helper, which is 0.1 ms.
  private static final long WORTH_A_CALL = 1 << 22;

  /// Multiplications of one member in one step that are worth waiting for the others, which is 0.1
  /// µs.
  private static final long WORTH_A_BARRIER = 1 << 15;

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

  /// Members that the work is worth.
  ///
  /// @param pairs of steps and sequences
  int members(int batch, int pairs) {
    // Without a sequence of its own a member would wait for the others' steps.
    boolean all = !recurrent || split(batch) == Split.UNITS;
    return (int) Math.min(all ? most : Math.min(most, batch), 1 + products * pairs / WORTH_A_CALL);
  }
}
