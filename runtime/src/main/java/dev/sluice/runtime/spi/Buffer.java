package dev.sluice.runtime.spi;

import java.util.Objects;

/// One array of a [Frame]: rows of floats.
///
/// @param name symbol it holds: `h`, `z_f`, `d_c`
/// @param stride floats from row to row, a multiple of [Lanes#COUNT]; lanes past the vector's
/// length hold anything
/// @param inference how many rows it has when there is no backward pass
/// @param training how many rows it has when there is one
public record Buffer(String name, int stride, Rows inference, Rows training) {
  public Buffer {
    Objects.requireNonNull(name);
    Objects.requireNonNull(inference);
    Objects.requireNonNull(training);
    if (stride < 0 || stride % Lanes.COUNT != 0) {
      throw new IllegalArgumentException("stride " + stride + " of " + name);
    }
  }

  public Rows rows(Mode mode) {
    return mode == Mode.INFERENCE ? inference : training;
  }

  /// How rows relate to steps. B is the batch, N the number of (step, sequence) pairs.
  public enum Rows {
    /// Not there in this mode.
    NONE,
    /// One row: scratch of a fixed size.
    ONCE,
    /// B rows, overwritten by every step.
    STEP,
    /// 2B rows: this step's and the one before's.
    RING,
    /// N rows: every step's.
    SEQUENCE,
    /// B + N rows: the initial value and every step's.
    STATE_SEQUENCE
  }
}
