package dev.sluice.runtime;

import java.util.Arrays;

/// States of a cell at the start of each chunk of steps, from where a pass backwards runs the chunk
/// again.
final class Checkpoints implements AutoCloseable {
  private final Rows[] states;
  private final Rows[] kept;

  /// @param states the values that are kept and brought back
  Checkpoints(Placed cell, Rows[] states) {
    this.states = states;
    this.kept =
        Arrays.stream(states)
            .map(rows -> new Rows("checkpoints of " + cell, rows.length()))
            .toArray(Rows[]::new);
  }

  /// @param count how many there will be
  void room(int count, int batch) {
    for (Rows rows : kept) {
      rows.room(Math.multiplyExact(count, batch));
    }
  }

  void keep(int number, int batch) {
    for (int i = 0; i < states.length; i++) {
      for (int b = 0; b < batch; b++) {
        states[i].copyRow(b, 0, kept[i], number * batch + b, 0, states[i].length());
      }
    }
  }

  void bringBack(int number, int batch) {
    for (int i = 0; i < states.length; i++) {
      for (int b = 0; b < batch; b++) {
        kept[i].copyRow(number * batch + b, 0, states[i], b, 0, states[i].length());
      }
    }
  }

  long bytes() {
    return Arrays.stream(kept).mapToLong(Rows::bytes).sum();
  }

  @Override
  public void close() {
    for (Rows rows : kept) {
      rows.close();
    }
  }
}
