package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// [Products] without vectors: the same layouts, a block of units at a time.
final class ScalarProducts {
  /// Units of a block; as many sums as fit into registers.
  static final int LANES = 8;

  /// Pairs that are added at a time: what they touch of the right operand stays in the cache.
  private static final int CHUNK = 256;

  private ScalarProducts() {}

  /// [Products#multiply].
  ///
  /// @param panels number of panels, which follow each other, `inner` steps each
  static void multiply(
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
    for (int depth = 0; depth < depths; depth++) {
      int part = Math.min(Tiling.DEPTH, k - depth * Tiling.DEPTH);
      for (int vector = 0; vector < panels * Tiling.VECTORS; vector++) {
        long column = (long) vector * Lanes.BYTES;
        long inPanel = (long) (vector % Tiling.VECTORS) * Lanes.BYTES;
        long start = init + vector / Tiling.VECTORS * initPanel + inPanel;
        long b =
            panel
                + ((long) (vector / Tiling.VECTORS) * inner + depth * Tiling.DEPTH)
                    * Tiling.PANEL_STEP
                + inPanel;
        for (int row = 0; row < rows; row++) {
          block(
              work,
              Tiling.row(left, row, rows, depth, depths),
              Float.BYTES,
              packed,
              b,
              Tiling.PANEL_STEP,
              part,
              from,
              start + row * initRow,
              work,
              c + row * cRow + column);
        }
      }
      from = work;
      init = c;
      initRow = cRow;
      initPanel = Tiling.PANEL_STEP;
    }
  }

  /// One product of [OuterProducts], some of its rows and columns.
  static void outer(
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
      long gradientRow) {
    for (int done = 0; done < count; done += CHUNK) {
      int pairs = Math.min(CHUNK, count - done);
      for (int row = 0; row < rows; row++) {
        // A column of the left operand.
        long a = left + done * leftRow + (long) row * Float.BYTES;
        long target = gradient + row * gradientRow;
        for (int column = 0; column < columns; ) {
          long shift = (long) column * Float.BYTES;
          long b = right + done * rightRow + shift;
          long c = target + shift;
          if (column + LANES <= columns) {
            block(work, a, leftRow, work, b, rightRow, pairs, gradients, c, gradients, c);
            column += LANES;
          } else {
            float sum = sum(work, a, leftRow, work, b, rightRow, pairs);
            gradients.set(JAVA_FLOAT, c, gradients.get(JAVA_FLOAT, c) + sum);
            column++;
          }
        }
      }
    }
  }

  private static float sum(
      MemorySegment left, long a, long aStep, MemorySegment right, long b, long bStep, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum =
          Math.fma(left.get(JAVA_FLOAT, a + i * aStep), right.get(JAVA_FLOAT, b + i * bStep), sum);
    }
    return sum;
  }

  /// `c = from[init] + Σ_k left[a + k · aStep] · right[b + k · bStep]` for one block.
  static void block(
      MemorySegment left,
      long a,
      long aStep,
      MemorySegment right,
      long b,
      long bStep,
      int count,
      MemorySegment from,
      long init,
      MemorySegment into,
      long c) {
    float c0 = 0;
    float c1 = 0;
    float c2 = 0;
    float c3 = 0;
    float c4 = 0;
    float c5 = 0;
    float c6 = 0;
    float c7 = 0;
    for (int i = 0; i < count; i++) {
      float x = left.get(JAVA_FLOAT, a + i * aStep);
      // One check for all of them.
      MemorySegment y = right.asSlice(b + i * bStep, LANES * Float.BYTES);
      c0 = Math.fma(x, y.get(JAVA_FLOAT, 0), c0);
      c1 = Math.fma(x, y.get(JAVA_FLOAT, 4), c1);
      c2 = Math.fma(x, y.get(JAVA_FLOAT, 8), c2);
      c3 = Math.fma(x, y.get(JAVA_FLOAT, 12), c3);
      c4 = Math.fma(x, y.get(JAVA_FLOAT, 16), c4);
      c5 = Math.fma(x, y.get(JAVA_FLOAT, 20), c5);
      c6 = Math.fma(x, y.get(JAVA_FLOAT, 24), c6);
      c7 = Math.fma(x, y.get(JAVA_FLOAT, 28), c7);
    }
    into.set(JAVA_FLOAT, c, from.get(JAVA_FLOAT, init) + c0);
    into.set(JAVA_FLOAT, c + 4, from.get(JAVA_FLOAT, init + 4) + c1);
    into.set(JAVA_FLOAT, c + 8, from.get(JAVA_FLOAT, init + 8) + c2);
    into.set(JAVA_FLOAT, c + 12, from.get(JAVA_FLOAT, init + 12) + c3);
    into.set(JAVA_FLOAT, c + 16, from.get(JAVA_FLOAT, init + 16) + c4);
    into.set(JAVA_FLOAT, c + 20, from.get(JAVA_FLOAT, init + 20) + c5);
    into.set(JAVA_FLOAT, c + 24, from.get(JAVA_FLOAT, init + 24) + c6);
    into.set(JAVA_FLOAT, c + 28, from.get(JAVA_FLOAT, init + 28) + c7);
  }
}
