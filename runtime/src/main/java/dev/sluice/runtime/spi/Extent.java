package dev.sluice.runtime.spi;

import java.util.List;

/// Where the rows of a pass lie: the part of a [Frame] that all members of a team share.
final class Extent {
  private final Mode mode;
  private final List<Buffer> buffers;
  private final int members;
  private final long[] bases;
  private final long workBytes;
  private int batch;
  private int steps;
  private int firstStep;
  private int[] rows = {};
  private int[] starts = {};

  /// @param members each has [Buffer.Rows#ONCE] buffers of its own
  /// @param workBytes room that there is
  Extent(Mode mode, List<Buffer> buffers, int members, long workBytes) {
    this.mode = mode;
    this.buffers = buffers;
    this.members = members;
    this.bases = new long[buffers.size()];
    this.workBytes = workBytes;
  }

  static long workFloats(List<Buffer> buffers, Mode mode, int batch, long pairs, int members) {
    long sum = 0;
    for (Buffer buffer : buffers) {
      sum =
          Math.addExact(
              sum,
              Math.multiplyExact(
                  rowCount(buffer.rows(mode), batch, pairs, members), (long) buffer.stride()));
    }
    return sum;
  }

  private static long rowCount(Buffer.Rows rows, int batch, long pairs, int members) {
    return switch (rows) {
      case NONE -> 0;
      case ONCE -> members;
      case STEP -> batch;
      case RING -> 2L * batch;
      case SEQUENCE -> pairs;
      case STATE_SEQUENCE -> batch + pairs;
    };
  }

  void layOut(int batch, int[] rows, int steps) {
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
      Buffer buffer = buffers.get(i);
      base += rowCount(buffer.rows(mode), batch, pairs, members) * buffer.stride();
    }
    if (base * Float.BYTES > workBytes) {
      throw new IllegalArgumentException(
          "frame of " + workBytes + " bytes, needs " + base * Float.BYTES);
    }
  }

  Mode mode() {
    return mode;
  }

  int batch() {
    return batch;
  }

  int steps() {
    return steps;
  }

  int firstStep() {
    return firstStep;
  }

  void firstStep(int step) {
    this.firstStep = step;
  }

  int spanEnd(int t) {
    int end = t + 1;
    if (t == 0 || rows[t - 1] == rows[t]) {
      while (end < steps && rows[end] == rows[t]) {
        end++;
      }
    }
    return end;
  }

  int rows(int t) {
    return rows[t];
  }

  int start(int t) {
    return starts[t];
  }

  /// Where the share of a member starts when sequences are shared out by their steps: those before
  /// it have about `part / parts` of them.
  int firstSequence(int part, int parts) {
    if (steps == 0 || rows[steps - 1] == batch) {
      return (int) (((long) batch * part + parts - 1) / parts);
    }
    long wanted = (long) starts[steps] * part / parts;
    int low = 0;
    int high = batch;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pairsBefore(middle) < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // The one before may be nearer.
    boolean nearer = low > 0 && wanted - pairsBefore(low - 1) <= pairsBefore(low) - wanted;
    return nearer ? low - 1 : low;
  }

  private long pairsBefore(int sequence) {
    long pairs = 0;
    for (int t = 0; t < steps; t++) {
      pairs += Math.min(rows[t], sequence);
    }
    return pairs;
  }

  long base(int buffer, int member) {
    Buffer b = buffers.get(buffer);
    return b.rows(mode) == Buffer.Rows.ONCE
        ? bases[buffer] + (long) member * b.stride() * Float.BYTES
        : bases[buffer];
  }

  long row(int buffer, int t, int member) {
    Buffer b = buffers.get(buffer);
    long row =
        switch (b.rows(mode)) {
          case NONE, STEP -> 0;
          case ONCE -> member;
          case RING -> (long) (t + 1 & 1) * batch;
          case SEQUENCE -> starts[t];
          case STATE_SEQUENCE -> t < 0 ? 0 : batch + starts[t];
        };
    return bases[buffer] + row * b.stride() * Float.BYTES;
  }
}
