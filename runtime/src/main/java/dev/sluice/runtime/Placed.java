package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;

/// One direction of one layer of a network.
///
/// @param cell name of the cell, for messages
record Placed(int layer, Direction direction, String cell, CellCode code) {
  Name name(String symbol) {
    return new Name(layer, direction, symbol);
  }

  boolean reverse() {
    return direction == Direction.REVERSE;
  }

  @Override
  public String toString() {
    return "layer %d (%s%s)".formatted(layer, cell, reverse() ? ", reverse" : "");
  }
}
