package dev.sluice.runtime;

/// Where the rows of a batch stand when its sequences are sorted, longest first: row `start(t) + b`
/// is step t of the b-th longest sequence. Allocates only for a larger batch than any before.
final class Layout {
  private int paddedSteps;
  private int batch;
  private int steps;
  private int[] order = {};
  private int[] lengths = {};
  private int[] rows = {};
  private int[] starts = {};

  /// @param lengths of the sequences in the caller's order; empty when all have `paddedSteps`
  /// @throws IllegalArgumentException when a length is not in 0 to `paddedSteps`, or all are 0
  void set(int paddedSteps, int batch, int[] lengths) {
    check(paddedSteps, batch, lengths);
    room(paddedSteps, batch);
    this.paddedSteps = paddedSteps;
    this.batch = batch;
    if (lengths.length == 0) {
      for (int b = 0; b < batch; b++) {
        order[b] = b;
        this.lengths[b] = paddedSteps;
      }
      java.util.Arrays.fill(rows, 0, paddedSteps, batch);
    } else {
      sort(lengths);
    }
    steps = this.lengths[0];
    starts[0] = 0;
    for (int t = 0; t < steps; t++) {
      starts[t + 1] = starts[t] + rows[t];
    }
  }

  /// One step of the same sequences in the same order.
  void setSingle(Layout source) {
    room(1, source.batch);
    paddedSteps = 1;
    batch = source.batch;
    steps = 1;
    System.arraycopy(source.order, 0, order, 0, batch);
    java.util.Arrays.fill(lengths, 0, batch, 1);
    rows[0] = batch;
    starts[0] = 0;
    starts[1] = batch;
  }

  /// Some steps of all sequences that still run then, in the same order.
  void setPart(Layout source, int from, int to) {
    int part = to - from;
    batch = source.rows[from];
    room(part, batch);
    paddedSteps = part;
    steps = part;
    System.arraycopy(source.order, 0, order, 0, batch);
    for (int b = 0; b < batch; b++) {
      lengths[b] = Math.min(source.lengths[b] - from, part);
    }
    System.arraycopy(source.rows, from, rows, 0, part);
    starts[0] = 0;
    for (int t = 0; t < part; t++) {
      starts[t + 1] = starts[t] + rows[t];
    }
  }

  private static void check(int paddedSteps, int batch, int[] lengths) {
    if (paddedSteps < 1 || batch < 1 || (long) paddedSteps * batch > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "%d steps of %d sequences: expected at least 1 of each and less than 2^31 together"
              .formatted(paddedSteps, batch));
    }
    if (lengths.length != 0 && lengths.length != batch) {
      throw new IllegalArgumentException(
          "%d lengths for a batch of %d sequences: expected one each"
              .formatted(lengths.length, batch));
    }
    boolean empty = lengths.length > 0;
    for (int b = 0; b < lengths.length; b++) {
      if (lengths[b] < 0 || lengths[b] > paddedSteps) {
        throw new IllegalArgumentException(
            "length %d of sequence %d: expected 0 to %d, the steps of x"
                .formatted(lengths[b], b, paddedSteps));
      }
      empty &= lengths[b] == 0;
    }
    if (empty) {
      throw new IllegalArgumentException(
          "all %d sequences have length 0: expected at least one step".formatted(batch));
    }
  }

  private void room(int paddedSteps, int batch) {
    if (order.length < batch) {
      order = new int[batch];
      lengths = new int[batch];
    }
    if (starts.length <= paddedSteps) {
      rows = new int[paddedSteps + 1];
      starts = new int[paddedSteps + 1];
    }
  }

  /// Counting sort, stable; on the way `rows[t]` becomes the number of sequences with more than t
  /// steps.
  private void sort(int[] given) {
    java.util.Arrays.fill(rows, 0, paddedSteps + 1, 0);
    for (int length : given) {
      if (length > 0) {
        rows[length - 1]++;
      }
    }
    for (int t = paddedSteps - 2; t >= 0; t--) {
      rows[t] += rows[t + 1];
    }
    // Sequences longer than L come first: rows[L] of them.
    System.arraycopy(rows, 0, starts, 0, paddedSteps + 1);
    for (int b = 0; b < given.length; b++) {
      int place = starts[given[b]]++;
      order[place] = b;
      lengths[place] = given[b];
    }
  }

  /// T of the caller's tensors.
  int paddedSteps() {
    return paddedSteps;
  }

  int batch() {
    return batch;
  }

  /// Steps of the longest sequence.
  int steps() {
    return steps;
  }

  int pairs() {
    return starts[steps];
  }

  /// Sequences that run at each step; the first [#steps] entries count.
  int[] rows() {
    return rows;
  }

  int rows(int t) {
    return rows[t];
  }

  /// Place in the caller's batch of the b-th longest sequence.
  int order(int b) {
    return order[b];
  }

  int length(int b) {
    return lengths[b];
  }

  /// Row of step t of sequence b, or in a reverse direction of the step that it has as its t-th.
  /// Its own inverse.
  int row(int t, int b, boolean reverse) {
    return starts[reverse ? lengths[b] - 1 - t : t] + b;
  }

  /// Row of step t of sequence b in the caller's tensors, [T, B, …]; in a reverse direction, of the
  /// step that it has as its t-th. Not for a part.
  long callersRow(int t, int b, boolean reverse) {
    return (long) (reverse ? lengths[b] - 1 - t : t) * batch + order[b];
  }

  /// Sequences that have a step at all: those without one come last and stay out of frames.
  int running() {
    return rows[0];
  }

  boolean padded() {
    return starts[steps] != (long) paddedSteps * batch;
  }

  /// Whether rows stand as in the caller's tensors: sequences of one length in their own order.
  boolean isCallers() {
    for (int b = 0; b < batch; b++) {
      if (order[b] != b) {
        return false;
      }
    }
    return !padded();
  }
}
