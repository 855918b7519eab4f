package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Weights in the layout that [Products#multiply] reads.
///
/// Units (rows of the weight) are cut into blocks of [Lanes#COUNT], `blocksPerTile` blocks make a
/// tile, and `slots` gates of
/// the same length are interleaved block by block: float `((tile · k + i) · width + (block · slots
/// + slot) · COUNT + lane)`
/// of the panel, with `width = blocks of the tile · slots · COUNT`, is `weight[unit][i]` of that
/// slot. The last tile has as
/// many blocks as are left; lanes past the last unit are 0.
public final class Panels {
  private Panels() {}

  /// Floats of the panels of `slots` weights of `rows` × `columns`.
  public static long floats(int rows, int columns, int slots) {
    return (long) Lanes.pad(rows) * columns * slots;
  }

  /// Packs one weight into its slot.
  ///
  /// @param weight byte offset of its first float in `parameters`; `weightRow` floats from row to
  /// row
  /// @param transposed whether the rows of the product are the columns of what is stored
  /// @param rows units of the product (after transposition); `columns` its inner length
  /// @param panel byte offset of the panels in `packed`
  public static void pack(
      MemorySegment parameters,
      long weight,
      int weightRow,
      boolean transposed,
      int rows,
      int columns,
      MemorySegment packed,
      long panel,
      int slots,
      int slot,
      int blocksPerTile) {
    throw new UnsupportedOperationException("packing");
  }

  /// Adds a vector of `length` floats to a row of interleaved slots, one bias of a panel: float
  /// `(block · slots + slot) · COUNT + lane`.
  public static void addVector(
      MemorySegment parameters,
      long vector,
      int length,
      MemorySegment packed,
      long row,
      int slots,
      int slot) {
    throw new UnsupportedOperationException("packing");
  }
}
