package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Runs the register tiles of products until C1 has compiled them, and their loops until HotSpot
/// wants to replace them on the stack; see [TileCompilationTest].
final class EveryTile {
  /// HotSpot looks at the counters of what it interprets every 128 calls.
  private static final int CALLS = 300;

  /// C2 is asked for a loop after 40,000 rounds, for a method after 600 calls.
  private static final int LONG_CALLS = 100;

  private static final int LONG = 500;

  private EveryTile() {}

  public static void main(String[] arguments) {
    long floats = Products.leftFloats(LONG) + 200_000;
    try (Memory.Block block = Memory.allocate("work", floats)) {
      for (int i = 0; i < CALLS; i++) {
        for (int rows = 1; rows <= Tiling.ROWS; rows++) {
          multiply(block.segment(), rows, 1, 4);
        }
        large(block.segment(), 4);
      }
      for (int i = 0; i < LONG_CALLS; i++) {
        large(block.segment(), LONG);
      }
    }
  }

  /// Tiles of many sums.
  private static void large(MemorySegment work, int steps) {
    multiply(work, 1, 4, steps);
    if (Tiling.LARGE) {
      for (int rows = 2; rows <= Tiling.ROWS; rows++) {
        multiply(work, rows, rows <= 6 ? 2 : 1, steps);
      }
      columns(work, steps);
    }
  }

  private static void multiply(MemorySegment work, int rows, int panels, int steps) {
    int vectors = panels * Tiling.VECTORS;
    long left = 400_000;
    long row = (long) vectors * Lanes.BYTES;
    long into = left - Tiling.ROWS * row;
    Products.multiply(work, left, steps, work, 0, 0, steps, null, 0, 0, into, row, rows, vectors);
  }

  private static void columns(MemorySegment w, int steps) {
    long b = Tiling.COLUMN_TILE;
    long c = b + steps * Tiling.PANEL_STEP;
    long row = Tiling.PANEL_STEP;
    ColumnTile7.columns7(w, 0, w, b, steps, w, c, row, w, c, row);
    ColumnTile7.columns8(w, 0, w, b, steps, w, c, row, w, c, row);
    ColumnTile7.columns9(w, 0, w, b, steps, w, c, row, w, c, row);
    ColumnTile10.columns10(w, 0, w, b, steps, w, c, row, w, c, row);
    ColumnTile10.columns11(w, 0, w, b, steps, w, c, row, w, c, row);
    ColumnTile10.columns12(w, 0, w, b, steps, w, c, row, w, c, row);
  }
}
