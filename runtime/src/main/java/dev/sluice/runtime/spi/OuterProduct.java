package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// `gradient[i][j] += Σ_r left[r][i] · right[r][j]`, in register tiles.
///
/// A chunk of both operands is copied into scratch as the tiles want it: the right one into
/// panels, used by all columns of the left one; of the left one, a tile's columns at a time.
final class OuterProduct {
  /// Pairs that are added at a time.
  private static final int CHUNK = 256;

  /// Panels of the right operand at a time: with 256 pairs, 256 KiB, half of a small L2 cache.
  private static final int PANELS = 256 / Lanes.BYTES * 2;

  private static final long COLUMNS_AT = 0;
  private static final long TARGET_AT = Tiling.COLUMN_TILE;
  private static final long TARGET_ROW = Tiling.PANEL_STEP;
  private static final long PANELS_AT = TARGET_AT + Tiling.ROWS * TARGET_ROW;

  /// Floats of scratch.
  static final int SCRATCH_FLOATS =
      Lanes.pad(Math.toIntExact((PANELS_AT + PANELS * CHUNK * Tiling.PANEL_STEP) / Float.BYTES));

  private OuterProduct() {}

  /// See [Products#outer].
  static void run(
      MemorySegment work,
      long left,
      long leftRow,
      int rows,
      long right,
      long rightRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient,
      long gradientRow,
      long scratch) {
    int panels = (columns + Tiling.VECTORS * Lanes.COUNT - 1) / (Tiling.VECTORS * Lanes.COUNT);
    for (int done = 0; done < count; done += CHUNK) {
      int some = Math.min(CHUNK, count - done);
      for (int panel = 0; panel < panels; panel += PANELS) {
        int first = panel * Tiling.VECTORS * Lanes.COUNT;
        int width = Math.min(columns - first, PANELS * Tiling.VECTORS * Lanes.COUNT);
        loadPanels(
            work,
            right + done * rightRow + (long) first * Float.BYTES,
            rightRow,
            some,
            Math.min(PANELS, panels - panel),
            scratch + PANELS_AT);
        block(
            work,
            left + done * leftRow,
            leftRow,
            rows,
            width,
            some,
            gradients,
            gradient + (long) first * Float.BYTES,
            gradientRow,
            scratch);
      }
    }
  }

  private static void loadPanels(
      MemorySegment work, long right, long rightRow, int count, int panels, long into) {
    for (int panel = 0; panel < panels; panel++) {
      for (int r = 0; r < count; r++) {
        long from = right + r * rightRow + panel * Tiling.PANEL_STEP;
        long to = into + ((long) panel * count + r) * Tiling.PANEL_STEP;
        Copies.panel(work, from, to);
      }
    }
  }

  /// All columns of the left operand with the panels in scratch.
  private static void block(
      MemorySegment work,
      long left,
      long leftRow,
      int rows,
      int width,
      int count,
      MemorySegment gradients,
      long gradient,
      long gradientRow,
      long scratch) {
    int tiles = Tiling.tiles(rows);
    for (int tile = 0, row = 0; tile < tiles; tile++) {
      int share = (rows - row) / (tiles - tile);
      loadColumns(
          work, left + (long) row * Float.BYTES, leftRow, share, count, scratch + COLUMNS_AT);
      tile(
          share, work, width, count, gradients, gradient + row * gradientRow, gradientRow, scratch);
      row += share;
    }
  }

  private static void loadColumns(
      MemorySegment work, long left, long leftRow, int share, int count, long into) {
    for (int r = 0; r < count; r++) {
      long from = left + r * leftRow;
      long to = into + r * Tiling.COLUMN_STEP;
      Copies.columns(work, from, to, share);
    }
  }

  private static void tile(
      int share,
      MemorySegment work,
      int width,
      int count,
      MemorySegment gradients,
      long gradient,
      long gradientRow,
      long scratch) {
    int lanes = Tiling.VECTORS * Lanes.COUNT;
    long panel = scratch + PANELS_AT;
    for (int column = 0; column < width; column += lanes) {
      long target = gradient + (long) column * Float.BYTES;
      if (width - column >= lanes) {
        columns(
            share,
            work,
            scratch,
            panel,
            count,
            gradients,
            target,
            gradientRow,
            gradients,
            target,
            gradientRow);
      } else {
        long own = scratch + TARGET_AT;
        columns(share, work, scratch, panel, count, Products.ZEROS, 0, 0, work, own, TARGET_ROW);
        addPart(work, own, share, width - column, gradients, target, gradientRow);
      }
      panel += count * Tiling.PANEL_STEP;
    }
  }

  /// The last panel's columns, which end before its vectors do.
  private static void addPart(
      MemorySegment work,
      long own,
      int share,
      int columns,
      MemorySegment gradients,
      long target,
      long gradientRow) {
    for (int r = 0; r < share; r++) {
      for (int i = 0; i < columns; i++) {
        long at = target + r * gradientRow + (long) i * Float.BYTES;
        float sum = work.get(JAVA_FLOAT, own + r * TARGET_ROW + (long) i * Float.BYTES);
        gradients.set(JAVA_FLOAT, at, gradients.get(JAVA_FLOAT, at) + sum);
      }
    }
  }

  private static void columns(
      int share,
      MemorySegment work,
      long scratch,
      long b,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow) {
    long a = scratch + COLUMNS_AT;
    long never = Tiling.NEVER;
    switch (share) {
      case 1 -> ColumnTile.columns1(work, a, work, b, k, from, init, into, c);
      case 2 -> ColumnTile.columns2(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 3 -> ColumnTile.columns3(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 4 -> ColumnTile.columns4(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 5 ->
          TallColumnTile.columns5(work, a, work, b, k, never, from, init, initRow, into, c, cRow);
      case 6 ->
          TallColumnTile.columns6(work, a, work, b, k, never, from, init, initRow, into, c, cRow);
      case 7 -> ColumnTile7.columns7(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 8 -> ColumnTile7.columns8(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 9 -> ColumnTile7.columns9(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 10 -> ColumnTile10.columns10(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 11 -> ColumnTile10.columns11(work, a, work, b, k, from, init, initRow, into, c, cRow);
      case 12 -> ColumnTile10.columns12(work, a, work, b, k, from, init, initRow, into, c, cRow);
      default -> throw new IllegalArgumentException("columns of a tile: " + share);
    }
  }
}
