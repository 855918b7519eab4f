package dev.sluice.runtime.spi;

import dev.sluice.runtime.Sizes;

/// A compiled cell, not yet of a definite size. Generated classes implement it and have a public
/// constructor without parameters.
public interface CellProgram {
  /// Raised whenever this package changes in a way that older generated code can't follow.
  int RUNTIME_VERSION = 6;

  /// The version that the class was generated for; the runtime refuses any other.
  int version();

  /// Name of the cell, from its file.
  String name();

  /// The equations, normalised Unicode, a line each.
  String equations();

  /// Dimensions, each with the vectors that have it, and `h/4` for one that is four times as long;
  /// the first input's and the output's are among them.
  java.util.SequencedMap<String, java.util.List<String>> dimensions();

  /// Bytes off the heap that a training, or a session, of a network of this cell keeps within,
  /// unless it is told another limit.
  default long memory() {
    return Long.MAX_VALUE;
  }

  /// The cell for given sizes.
  ///
  /// @throws IllegalArgumentException when a size is missing, unknown or contradictory, or differs
  ///     from one that the class was specialised to
  CellCode bind(Sizes sizes);
}
