package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Rows that [Tiling#load] has laid out times panels, cut into register tiles.
///
/// Whatever the tile, a sum goes through its products in the same order: a row's result doesn't
/// depend on the rows beside it.
final class PanelProduct {
  /// Panels that a single row goes through side by side.
  private static final int WIDE = 4;

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
    int together = rows == 1 ? WIDE : 1;
    for (int depth = 0; depth < depths; depth++) {
      int part = Math.min(Tiling.DEPTH, k - depth * Tiling.DEPTH);
      for (int p = 0; p < panels; ) {
        int width = panels - p >= together ? together : 1;
        long column = p * Tiling.PANEL_STEP;
        long start = init + p * initPanel;
        tiles(
            work,
            Tiling.left(left, 0, depth, depths),
            depths * Tiling.LEFT_TILE,
            packed,
            panel + p * next + depth * Tiling.DEPTH * Tiling.PANEL_STEP,
            next,
            part,
            from,
            start,
            initRow,
            c + column,
            cRow,
            rows,
            width);
        p += width;
      }
      // Longer sums go on from what they have reached.
      from = work;
      init = c;
      initRow = cRow;
      initPanel = Tiling.PANEL_STEP;
    }
  }

  /// All rows of some panels side by side.
  private static void tiles(
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
      default -> throw new IllegalArgumentException("rows of a tile: " + rows);
    }
  }
}
