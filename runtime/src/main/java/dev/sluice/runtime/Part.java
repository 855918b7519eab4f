package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;

/// A run of steps that a cell's frame holds: all of them, or a chunk. Knows which row of a
/// network's
/// buffer is which row of the frame's; a cell that runs in reverse has its own first step at the
/// sequence's end.
final class Part {
  private final Layout own = new Layout();
  private Layout whole = own;
  private Layout steps = own;
  private int from;

  /// All steps.
  void set(Layout whole) {
    this.whole = whole;
    this.steps = whole;
    this.from = 0;
  }

  /// Steps of the cell from `from` on, before `to`.
  void set(Layout whole, int from, int to) {
    own.setPart(whole, from, to);
    this.whole = whole;
    this.steps = own;
    this.from = from;
  }

  /// Steps and sequences of the frame.
  Layout steps() {
    return steps;
  }

  /// The cell's number of the frame's first step.
  int from() {
    return from;
  }

  /// Whether the frame has the last step of the b-th longest sequence.
  boolean ends(int b) {
    int last = whole.length(b) - 1;
    return last >= from && last < from + steps.steps();
  }

  /// Row of the frame that is the last of the b-th longest sequence.
  int lastRow(int b) {
    return steps.row(whole.length(b) - 1 - from, b, false);
  }

  /// Copies what a cell reads into the frame's rows.
  void copyIn(Source source, Rows frame, boolean reverse) {
    if (steps == whole && !reverse && source.copyAll(whole, frame)) {
      return;
    }
    for (int t = 0; t < steps.steps(); t++) {
      for (int b = 0; b < steps.rows(t); b++) {
        source.copyStep(whole, from + t, b, reverse, frame, steps.row(t, b, false));
      }
    }
  }

  /// Copies columns of each row of the network's, from this one on, into the frame's.
  void copyIn(Rows network, int column, Rows frame, boolean reverse) {
    if (isWhole(network, column, frame, reverse)) {
      network.copyTo(frame, steps.pairs());
      return;
    }
    for (int t = 0; t < steps.steps(); t++) {
      for (int b = 0; b < steps.rows(t); b++) {
        int row = whole.row(from + t, b, reverse);
        network.copyRow(row, column, frame, steps.row(t, b, false), 0, frame.length());
      }
    }
  }

  /// Copies each row of the frame's into the network's, to this column.
  void copyOut(Rows frame, Rows network, int column, boolean reverse) {
    if (isWhole(network, column, frame, reverse)) {
      frame.copyTo(network, steps.pairs());
      return;
    }
    for (int t = 0; t < steps.steps(); t++) {
      for (int b = 0; b < steps.rows(t); b++) {
        int row = whole.row(from + t, b, reverse);
        frame.copyRow(steps.row(t, b, false), 0, network, row, column, frame.length());
      }
    }
  }

  /// Whether rows of the two are the same, at the same places.
  private boolean isWhole(Rows network, int column, Rows frame, boolean reverse) {
    return steps == whole && column == 0 && !reverse && network.length() == frame.length();
  }

  /// `network += scale · frame`, row by row.
  void addOut(Rows frame, Rows network, boolean reverse, float scale) {
    for (int t = 0; t < steps.steps(); t++) {
      for (int b = 0; b < steps.rows(t); b++) {
        int row = whole.row(from + t, b, reverse);
        frame.addRow(steps.row(t, b, false), network, row, scale);
      }
    }
  }

  /// Sorts the frame's rows out into a tensor [T, B, length].
  void write(Rows frame, Tensor tensor, boolean reverse) {
    long bytes = (long) frame.length() * Float.BYTES;
    for (int t = 0; t < steps.steps(); t++) {
      for (int b = 0; b < steps.rows(t); b++) {
        long to = whole.callersRow(from + t, b, reverse) * bytes;
        long row = frame.row(steps.row(t, b, false));
        MemorySegment.copy(frame.segment(), row, tensor.data(), to, bytes);
      }
    }
  }
}
