package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// The register tiles of [OuterProducts], by how many columns of the left operand they have.
final class ColumnTiles {
  private ColumnTiles() {}

  /// `into[c + i · cRow] = from[init + i · initRow] + Σ_r left[r][i] · panel[r]`.
  static void run(
      int columns,
      MemorySegment work,
      long a,
      long b,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow) {
    long never = Tiling.NEVER;
    switch (columns) {
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
      default -> throw new IllegalArgumentException("columns of a tile: " + columns);
    }
  }

  /// Adds the columns of the last panel, which end before its vectors do.
  static void addPart(
      MemorySegment work,
      long own,
      long ownRow,
      int rows,
      int columns,
      MemorySegment gradients,
      long target,
      long gradientRow) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < columns; i++) {
        long at = target + r * gradientRow + (long) i * Float.BYTES;
        float sum = work.get(JAVA_FLOAT, own + r * ownRow + (long) i * Float.BYTES);
        gradients.set(JAVA_FLOAT, at, gradients.get(JAVA_FLOAT, at) + sum);
      }
    }
  }
}
