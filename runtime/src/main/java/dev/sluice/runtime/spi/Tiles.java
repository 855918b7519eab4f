package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Cuts a product into the register tiles that suit the machine.
final class Tiles {
  private Tiles() {}

  /// `c[r] = from[r] + Σ_k left[a + r · aRow + k · aStep] · right[b + k · bStep]` for `rows` rows
  /// of `vectors` vectors.
  static void accumulate(
      MemorySegment left,
      long a,
      long aRow,
      long aStep,
      MemorySegment right,
      long b,
      long bStep,
      int count,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow,
      int rows,
      int vectors) {
    int most = mostRows(vectors);
    int tiles = (rows + most - 1) / most;
    // Equal shares: 7 rows are 4 and 3, not 6 and a slow 1.
    for (int tile = 0, row = 0; tile < tiles; tile++) {
      int share = (rows - row) / (tiles - tile);
      tile(
          share,
          vectors,
          left,
          a + row * aRow,
          aRow,
          aStep,
          right,
          b,
          bStep,
          count,
          from,
          init + row * initRow,
          initRow,
          into,
          c + row * cRow,
          cRow);
      row += share;
    }
  }

  private static int mostRows(int vectors) {
    return vectors == 4 && Vectors.MANY_REGISTERS ? TallQuadTile.ROWS : PairTile.ROWS;
  }

  private static void tile(
      int rows,
      int vectors,
      MemorySegment left,
      long a,
      long aRow,
      long aStep,
      MemorySegment right,
      long b,
      long bStep,
      int count,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow) {
    int wide = Vectors.MANY_REGISTERS ? vectors : Math.min(vectors, 2);
    switch (wide) {
      case 4 -> {
        if (rows > QuadTile.ROWS) {
          TallQuadTile.run(
              rows, left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c,
              cRow);
        } else {
          QuadTile.run(
              rows, left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c,
              cRow);
        }
      }
      case 3 ->
          TripleTile.run(
              rows, left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c,
              cRow);
      case 2 ->
          PairTile.run(
              rows, left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c,
              cRow);
      case 1 ->
          SingleTile.run(
              rows, left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c,
              cRow);
      default -> throw new IllegalArgumentException("vectors of a tile: " + vectors);
    }
    if (wide < vectors) {
      long shift = (long) wide * Lanes.BYTES;
      tile(
          rows,
          vectors - wide,
          left,
          a,
          aRow,
          aStep,
          right,
          b + shift,
          bStep,
          count,
          from,
          init + shift,
          initRow,
          into,
          c + shift,
          cRow);
    }
  }
}
