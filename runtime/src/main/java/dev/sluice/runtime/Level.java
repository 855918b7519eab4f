package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode.Slot;
import java.util.List;

/// A layer of a network, placed: one direction or two.
///
/// @param first number of its first cell among the network's
/// @param last whether only the last step of each sequence is given on
record Level(List<Placed> cells, int first, Merge merge, boolean last) {
  Level {
    cells = List.copyOf(cells);
  }

  int inputLength() {
    return cells.getFirst().code().inputs().getFirst().length();
  }

  /// Inputs of the cell beside its first.
  List<Slot> moreInputs() {
    List<Slot> inputs = cells.getFirst().code().inputs();
    return inputs.subList(1, inputs.size());
  }

  int outputLength() {
    int length = cells.getFirst().code().output().length();
    return cells.size() == 2 && merge == Merge.CONCAT ? 2 * length : length;
  }

  /// Whether its one cell's output buffer is the layer's output as it stands.
  boolean plain() {
    return cells.size() == 1 && !cells.getFirst().reverse() && !last;
  }
}
