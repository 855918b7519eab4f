package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Runs the register tiles of products until C1 has compiled them; see [TileCompilationTest].
final class EveryTile {
  private static final int CALLS = 300;
  private static final int STEPS = 4;
  private static final int PANELS = 5;

  private EveryTile() {}

  public static void main(String[] arguments) {
    long floats = Products.leftFloats(STEPS) + Tiling.COLUMN_TILE + 100_000;
    try (Memory.Block block = Memory.allocate("work", floats)) {
      for (int i = 0; i < CALLS; i++) {
        for (int rows = 1; rows <= Tiling.ROWS; rows++) {
          multiply(block.segment(), rows);
        }
        if (Tiling.LARGE) {
          columns(block.segment());
        }
      }
    }
  }

  private static void multiply(MemorySegment work, int rows) {
    int vectors = PANELS * Tiling.VECTORS;
    long left = 200_000;
    long row = (long) vectors * Lanes.BYTES;
    Products.multiply(
        work, left, STEPS, work, 0, 0, STEPS, null, 0, 0, 100_000, row, rows, vectors);
  }

  private static void columns(MemorySegment w) {
    long b = Tiling.COLUMN_TILE;
    long c = b + STEPS * Tiling.PANEL_STEP;
    long row = Tiling.PANEL_STEP;
    ColumnTile7.columns7(w, 0, w, b, STEPS, w, c, row, w, c, row);
    ColumnTile7.columns8(w, 0, w, b, STEPS, w, c, row, w, c, row);
    ColumnTile7.columns9(w, 0, w, b, STEPS, w, c, row, w, c, row);
    ColumnTile10.columns10(w, 0, w, b, STEPS, w, c, row, w, c, row);
    ColumnTile10.columns11(w, 0, w, b, STEPS, w, c, row, w, c, row);
    ColumnTile10.columns12(w, 0, w, b, STEPS, w, c, row, w, c, row);
  }
}
