package dev.sluice.runtime.spi;

import dev.sluice.runtime.WeightFormat;

/// How the packed weights of a cell are laid out: vectors in one block, panels in another.
///
/// @param forward what serves inference; the rest is for the way back
/// @param all everything
/// @param depth the longest inner length of a panel
public record Packing(Counts forward, Counts all, int depth) {
  /// What there is of each kind.
  ///
  /// @param vectors floats
  /// @param weights of panels
  /// @param scales floats, for formats that have them
  public record Counts(long vectors, long weights, long scales) {}

  Counts counts(Mode mode) {
    return switch (mode) {
      case INFERENCE -> forward;
      case TRAINING -> all;
    };
  }

  /// Bytes that packed weights take.
  public long bytes(Mode mode, WeightFormat format) {
    Counts counts = counts(mode);
    return Memory.bytes(counts.vectors)
        + Memory.bytes(weightFloats(counts, format))
        + (format == WeightFormat.INT8 ? Memory.bytes(counts.scales) : 0);
  }

  static long weightFloats(Counts counts, WeightFormat format) {
    // Panels are whole vectors of each format.
    long floats = Math.multiplyExact(counts.weights, format.bytes()) / Float.BYTES;
    return floats == 0 || format != WeightFormat.FLOAT32
        ? floats
        : Math.addExact(floats, Tiling.WINDOW / Float.BYTES);
  }

  /// Lays pieces out one after another.
  public static final class Builder {
    private long vectors;
    private long weights;
    private long scales;
    private int depth;
    private Counts forward = new Counts(0, 0, 0);
    private boolean forwardEnded;

    /// Room for the vectors of `slots` interleaved gates.
    ///
    /// @return its byte offset
    public long vectors(int length, int slots) {
      long at = vectors * Float.BYTES;
      vectors += Panels.floats(length, 1, slots);
      return at;
    }

    /// Room for a matrix whose rows serve as vectors.
    ///
    /// @return its byte offset
    public long matrix(int rows, int columns) {
      long at = vectors * Float.BYTES;
      vectors += (long) rows * Lanes.pad(columns);
      return at;
    }

    /// Room for the matrices of one product.
    ///
    /// @param units rows of each
    /// @param parts columns of the matrices that follow each other
    public Panel panel(int units, int slots, int... parts) {
      Panel panel = new Panel(weights, scales, units, slots, parts);
      weights += panel.weights();
      scales += panel.scaleFloats();
      depth = Math.max(depth, panel.inner());
      return panel;
    }

    /// What follows serves the way back alone.
    public void endForward() {
      forward = counts();
      forwardEnded = true;
    }

    private Counts counts() {
      return new Counts(vectors, weights, scales);
    }

    public Packing build() {
      return new Packing(forwardEnded ? forward : counts(), counts(), depth);
    }
  }
}
