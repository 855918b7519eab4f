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

  /// Weights that a core's cache has no room for. Members with sequences of their own read all of
  /// them at each step, those with units their part: an LSTM of 64 sequences and 512 units takes
  /// 0.90 of the time on two cores, of 32 and 256 0.96, of 4 and 256 0.89; of 17 and 130, whose
  /// weights stay in the cache, 1.11.
  private static final long BEYOND_CACHE = 1 << 18;

  static Shares of(CellCode code, int size) {
    long products =
        code.parameters().stream()
            .filter(p -> p.rank() == 2)
            .mapToLong(ParameterSlot::floats)
            .sum();
    return new Shares(code.isShared() ? size : 1, products, !code.states().isEmpty());
  }

  /// Sequences as soon as there is one for each member, for then nobody waits in the loop, unless
  /// the weights are many.
  Split split(int batch) {
    boolean many = products >= Math.max(BEYOND_CACHE, (long) most * BEYOND_CACHE / 2);
    return recurrent
            && (batch < most || many)
            && most > 1
            && products * batch / most >= WORTH_A_BARRIER
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
