package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// The memory of one unrolled pass: what generated code reads and writes.
///
/// Sequences are sorted by length, longest first, so that step t works on the first `rows(t)` of
/// them; row `start(t) + b` of a [Buffer.Rows#SEQUENCE] buffer belongs to sequence b at step t. A
/// reversed direction is reversed when its input is copied in, so generated code always runs
/// forward in time.
public final class Frame {
  private final Mode mode;
  private final List<Buffer> buffers;
  private final long[] bases;
  private final MemorySegment parameters;
  private final MemorySegment packed;
  private final MemorySegment gradients;
  private final MemorySegment work;
  private int batch;
  private int steps;
  private int firstStep;
  private int[] rows = {};
  private int[] starts = {};

  /// @param parameters the parameter block
  /// @param packed what [CellCode#pack] filled
  /// @param gradients the gradient block, laid out as the parameter block; [MemorySegment#NULL] in
  /// inference
  /// @param work at least [#workFloats] floats, aligned to 64 bytes, zeroed
  public Frame(
      CellCode code,
      Mode mode,
      MemorySegment parameters,
      MemorySegment packed,
      MemorySegment gradients,
      MemorySegment work) {
    this.mode = mode;
    this.buffers = code.buffers();
    this.bases = new long[buffers.size()];
    this.parameters = parameters;
    this.packed = packed;
    this.gradients = gradients;
    this.work = work;
  }

  /// Floats that the buffers take for a batch and a number of (step, sequence) pairs.
  public static long workFloats(List<Buffer> buffers, Mode mode, int batch, long pairs) {
    long sum = 0;
    for (Buffer buffer : buffers) {
      sum =
          Math.addExact(
              sum,
              Math.multiplyExact(
                  rowCount(buffer.rows(mode), batch, pairs), (long) buffer.stride()));
    }
    return sum;
  }

  /// Lays the buffers out for a pass; allocates only when it has more steps than any before.
  ///
  /// @param batch number of sequences
  /// @param rows sequences that are still running at each step, never increasing, `rows[0] ==
  /// batch`
  /// @param steps how many entries of `rows` count
  public void layOut(int batch, int[] rows, int steps) {
    if (starts.length <= steps) {
      starts = new int[steps + 1];
      this.rows = new int[steps + 1];
    }
    int pairs = 0;
    for (int t = 0; t < steps; t++) {
      if (rows[t] < 1 || rows[t] > (t == 0 ? batch : rows[t - 1])) {
        throw new IllegalArgumentException("rows of step " + t + ": " + rows[t]);
      }
      starts[t] = pairs;
      this.rows[t] = rows[t];
      pairs = Math.addExact(pairs, rows[t]);
    }
    starts[steps] = pairs;
    this.batch = batch;
    this.steps = steps;
    long base = 0;
    for (int i = 0; i < bases.length; i++) {
      bases[i] = base * Float.BYTES;
      base += rowCount(buffers.get(i).rows(mode), batch, pairs) * buffers.get(i).stride();
    }
    if (base * Float.BYTES > work.byteSize()) {
      throw new IllegalArgumentException(
          "frame of " + work.byteSize() + " bytes, needs " + base * Float.BYTES);
    }
  }

  private static long rowCount(Buffer.Rows rows, int batch, long pairs) {
    return switch (rows) {
      case NONE -> 0;
      case ONCE -> 1;
      case STEP -> batch;
      case RING -> 2L * batch;
      case SEQUENCE -> pairs;
      case STATE_SEQUENCE -> batch + pairs;
    };
  }

  public Mode mode() {
    return mode;
  }

  public int batch() {
    return batch;
  }

  public int steps() {
    return steps;
  }

  /// The number of step 0, for cells that read the step number: steps before this pass in a
  /// stateful session.
  public int firstStep() {
    return firstStep;
  }

  public void firstStep(int step) {
    this.firstStep = step;
  }

  /// End of the span of steps that starts at t: steps whose rows follow each other without a gap,
  /// at this step and at the one before, so that work without recurrence takes them as one block of
  /// rows.
  public int spanEnd(int t) {
    int end = t + 1;
    if (t == 0 || rows[t - 1] == rows[t]) {
      while (end < steps && rows[end] == rows[t]) {
        end++;
      }
    }
    return end;
  }

  /// Sequences that run at step t.
  public int rows(int t) {
    return rows[t];
  }

  /// Number of (step, sequence) pairs.
  public int pairs() {
    return starts[steps];
  }

  /// Pairs before step t.
  public int start(int t) {
    return starts[t];
  }

  public MemorySegment parameters() {
    return parameters;
  }

  public MemorySegment packed() {
    return packed;
  }

  public MemorySegment gradients() {
    return gradients;
  }

  public MemorySegment work() {
    return work;
  }

  /// Byte offset of a buffer in [#work].
  public long base(int buffer) {
    return bases[buffer];
  }

  /// Byte offset of the first row of step t; t = -1 is the initial value, t = steps the final
  /// gradient's place.
  public long row(int buffer, int t) {
    Buffer b = buffers.get(buffer);
    long row =
        switch (b.rows(mode)) {
          case NONE, ONCE, STEP -> 0;
          case RING -> (long) (t + 1 & 1) * batch;
          case SEQUENCE -> starts[t];
          case STATE_SEQUENCE -> t < 0 ? 0 : batch + starts[t];
        };
    return bases[buffer] + row * b.stride() * Float.BYTES;
  }
}
