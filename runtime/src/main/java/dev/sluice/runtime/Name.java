package dev.sluice.runtime;

import java.util.Objects;

/// Where a parameter or a state of a network is: `0.W_f`, `1.reverse.h`.
///
/// @param layer from 0, the layer that reads the network's input
/// @param symbol of the cell: `W_f`, `h`
public record Name(int layer, Direction direction, String symbol) {
  public Name {
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(symbol, "symbol");
    if (layer < 0) {
      throw new IllegalArgumentException(
          "layer " + layer + " of " + symbol + ": layers count from 0");
    }
  }

  /// A symbol of a layer's forward direction.
  public static Name of(int layer, String symbol) {
    return new Name(layer, Direction.FORWARD, symbol);
  }

  /// A symbol of a layer's reverse direction.
  public static Name reverse(int layer, String symbol) {
    return new Name(layer, Direction.REVERSE, symbol);
  }

  /// The name in files and messages.
  @Override
  public String toString() {
    return layer + (direction == Direction.REVERSE ? ".reverse." : ".") + symbol;
  }
}
