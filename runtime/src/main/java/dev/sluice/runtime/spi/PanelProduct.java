package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Rows that [Tiling#load] has laid out times panels, cut into register tiles.
///
/// Whatever the tile, a sum goes through its products in the same order: a row's result doesn't
/// depend on the rows beside it.
final class PanelProduct {
  /// Panels that a single row goes through side by side.
  private static final int WIDE = 4;

  /// Panels that few rows go through side by side where there are registers for it.
  private static final int BROAD = 2;

  /// Most rows of tiles over [#BROAD] panels.
  private static final int FEW = 6;

  private PanelProduct() {}

  /// `c[r] = from[init + r] + Σ_k left[r][k] · panel[k]`; see [Products#multiply].
  ///
  /// @param initPanel bytes from a panel's start of `init` to the next one's; 0 to use the same
  /// @param panels number of panels, which follow each other, `inner` steps each
  static void run(
      MemorySegment work,
      long left,
      int k,
      MemorySegment packed,
      long panel,
      int inner,
      MemorySegment from,
      long init,
      long initRow,
      long initPanel,
      long c,
      long cRow,
      int rows,
      int panels) {
    int depths = Tiling.depths(k);
    long next = inner * Tiling.PANEL_STEP;
    int together = together(rows);
    for (int p = 0; p < panels; ) {
      int width = panels - p >= together ? together : 1;
      long into = c + p * Tiling.PANEL_STEP;
      MemorySegment before = from;
      long start = init + p * initPanel;
      long startRow = initRow;
      for (int depth = 0; depth < depths; depth++) {
        int done = depth * Tiling.DEPTH;
        tiles(
            work,
            Tiling.left(left, 0, depth, depths),
            depths * Tiling.LEFT_TILE,
            packed,
            panel + p * next + done * Tiling.PANEL_STEP,
            next,
            Math.min(Tiling.DEPTH, k - done),
            before,
            start,
            startRow,
            into,
            cRow,
            rows,
            width);
        // Longer sums go on from what they have reached, which is in the cache still.
        before = work;
        start = into;
        startRow = cRow;
      }
      p += width;
    }
  }

  private static int together(int rows) {
    if (rows == 1) {
      return WIDE;
    }
    return Tiling.LARGE && rows <= FEW ? BROAD : 1;
  }

  /// All rows of some panels side by side.
  static void tiles(
      MemorySegment work,
      long left,
      long nextTile,
      MemorySegment packed,
      long b,
      long nextPanel,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      long c,
      long cRow,
      int rows,
      int width) {
    if (width == WIDE) {
      WideRowTile.rows1(work, left, packed, b, nextPanel, k, from, init, work, c);
      return;
    }
    if (width == BROAD) {
      broad(rows, work, left, packed, b, nextPanel, k, from, init, initRow, c, cRow);
      return;
    }
    int tiles = Tiling.tiles(rows);
    for (int tile = 0, row = 0; tile < tiles; tile++) {
      int share = (rows - row) / (tiles - tile);
      long a = left + tile * nextTile;
      long start = init + row * initRow;
      long into = c + row * cRow;
      tile(share, work, a, packed, b, k, from, start, initRow, into, cRow);
      row += share;
    }
  }

  private static void tile(
      int rows,
      MemorySegment work,
      long a,
      MemorySegment packed,
      long b,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      long c,
      long cRow) {
    long never = Tiling.NEVER;
    switch (rows) {
      case 1 -> RowTile.rows1(work, a, packed, b, k, from, init, work, c);
      case 2 -> RowTile.rows2(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 3 -> RowTile.rows3(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 4 -> RowTile.rows4(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 5 -> TallRowTile.rows5(work, a, packed, b, k, never, from, init, initRow, work, c, cRow);
      case 6 -> TallRowTile.rows6(work, a, packed, b, k, never, from, init, initRow, work, c, cRow);
      case 7 -> RowTile7.rows7(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 8 -> RowTile7.rows8(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 9 -> RowTile7.rows9(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 10 -> RowTile10.rows10(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 11 -> RowTile10.rows11(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      case 12 -> RowTile10.rows12(work, a, packed, b, k, from, init, initRow, work, c, cRow);
      default -> throw new IllegalArgumentException("rows of a tile: " + rows);
    }
  }

  private static void broad(
      int rows,
      MemorySegment work,
      long a,
      MemorySegment packed,
      long b,
      long next,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      long c,
      long cRow) {
    switch (rows) {
      case 2 -> BroadRowTile.rows2(work, a, packed, b, next, k, from, init, initRow, work, c, cRow);
      case 3 -> BroadRowTile.rows3(work, a, packed, b, next, k, from, init, initRow, work, c, cRow);
      case 4 -> BroadRowTile.rows4(work, a, packed, b, next, k, from, init, initRow, work, c, cRow);
      case 5 ->
          BroadRowTile5.rows5(work, a, packed, b, next, k, from, init, initRow, work, c, cRow);
      case 6 ->
          BroadRowTile5.rows6(work, a, packed, b, next, k, from, init, initRow, work, c, cRow);
      default -> throw new IllegalArgumentException("rows of a broad tile: " + rows);
    }
  }
}
