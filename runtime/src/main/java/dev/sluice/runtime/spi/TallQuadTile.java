package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 5 or 6 rows by 4 vectors: 24 accumulators, for 32 vector registers.
///
/// All accumulators are named locals, so that each gets a register. The loops move pointers by a
/// step that C2 doesn't know: a counted loop would be unrolled and then spill.
final class TallQuadTile {
  /// Most rows of one tile.
  static final int ROWS = 6;

  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private TallQuadTile() {}

  /// `c[r] = from[r] + Σ_k left[a + r · aRow + k · aStep] · right[b + k · bStep]`, k < count.
  ///
  /// @param rows 5 to [#ROWS]
  static void run(
      int rows,
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
    switch (rows) {
      case 5 ->
          rows5(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
      case 6 ->
          rows6(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
      default -> throw new IllegalArgumentException("rows of a tile: " + rows);
    }
  }

  private static void rows5(
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
    FloatVector c00 = fromMemorySegment(S, from, init, ORDER);
    FloatVector c01 = fromMemorySegment(S, from, init + V, ORDER);
    FloatVector c02 = fromMemorySegment(S, from, init + 2 * V, ORDER);
    FloatVector c03 = fromMemorySegment(S, from, init + 3 * V, ORDER);
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c11 = fromMemorySegment(S, from, init + initRow + V, ORDER);
    FloatVector c12 = fromMemorySegment(S, from, init + initRow + 2 * V, ORDER);
    FloatVector c13 = fromMemorySegment(S, from, init + initRow + 3 * V, ORDER);
    FloatVector c20 = fromMemorySegment(S, from, init + 2 * initRow, ORDER);
    FloatVector c21 = fromMemorySegment(S, from, init + 2 * initRow + V, ORDER);
    FloatVector c22 = fromMemorySegment(S, from, init + 2 * initRow + 2 * V, ORDER);
    FloatVector c23 = fromMemorySegment(S, from, init + 2 * initRow + 3 * V, ORDER);
    FloatVector c30 = fromMemorySegment(S, from, init + 3 * initRow, ORDER);
    FloatVector c31 = fromMemorySegment(S, from, init + 3 * initRow + V, ORDER);
    FloatVector c32 = fromMemorySegment(S, from, init + 3 * initRow + 2 * V, ORDER);
    FloatVector c33 = fromMemorySegment(S, from, init + 3 * initRow + 3 * V, ORDER);
    FloatVector c40 = fromMemorySegment(S, from, init + 4 * initRow, ORDER);
    FloatVector c41 = fromMemorySegment(S, from, init + 4 * initRow + V, ORDER);
    FloatVector c42 = fromMemorySegment(S, from, init + 4 * initRow + 2 * V, ORDER);
    FloatVector c43 = fromMemorySegment(S, from, init + 4 * initRow + 3 * V, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, right, b + V, ORDER);
      FloatVector b2 = fromMemorySegment(S, right, b + 2 * V, ORDER);
      FloatVector b3 = fromMemorySegment(S, right, b + 3 * V, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 3 * aRow));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = broadcast(S, left.get(JAVA_FLOAT, a + 4 * aRow));
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
    c02.intoMemorySegment(into, c + 2 * V, ORDER);
    c03.intoMemorySegment(into, c + 3 * V, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c11.intoMemorySegment(into, c + cRow + V, ORDER);
    c12.intoMemorySegment(into, c + cRow + 2 * V, ORDER);
    c13.intoMemorySegment(into, c + cRow + 3 * V, ORDER);
    c20.intoMemorySegment(into, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(into, c + 2 * cRow + V, ORDER);
    c22.intoMemorySegment(into, c + 2 * cRow + 2 * V, ORDER);
    c23.intoMemorySegment(into, c + 2 * cRow + 3 * V, ORDER);
    c30.intoMemorySegment(into, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(into, c + 3 * cRow + V, ORDER);
    c32.intoMemorySegment(into, c + 3 * cRow + 2 * V, ORDER);
    c33.intoMemorySegment(into, c + 3 * cRow + 3 * V, ORDER);
    c40.intoMemorySegment(into, c + 4 * cRow, ORDER);
    c41.intoMemorySegment(into, c + 4 * cRow + V, ORDER);
    c42.intoMemorySegment(into, c + 4 * cRow + 2 * V, ORDER);
    c43.intoMemorySegment(into, c + 4 * cRow + 3 * V, ORDER);
  }

  private static void rows6(
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
    FloatVector c00 = fromMemorySegment(S, from, init, ORDER);
    FloatVector c01 = fromMemorySegment(S, from, init + V, ORDER);
    FloatVector c02 = fromMemorySegment(S, from, init + 2 * V, ORDER);
    FloatVector c03 = fromMemorySegment(S, from, init + 3 * V, ORDER);
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c11 = fromMemorySegment(S, from, init + initRow + V, ORDER);
    FloatVector c12 = fromMemorySegment(S, from, init + initRow + 2 * V, ORDER);
    FloatVector c13 = fromMemorySegment(S, from, init + initRow + 3 * V, ORDER);
    FloatVector c20 = fromMemorySegment(S, from, init + 2 * initRow, ORDER);
    FloatVector c21 = fromMemorySegment(S, from, init + 2 * initRow + V, ORDER);
    FloatVector c22 = fromMemorySegment(S, from, init + 2 * initRow + 2 * V, ORDER);
    FloatVector c23 = fromMemorySegment(S, from, init + 2 * initRow + 3 * V, ORDER);
    FloatVector c30 = fromMemorySegment(S, from, init + 3 * initRow, ORDER);
    FloatVector c31 = fromMemorySegment(S, from, init + 3 * initRow + V, ORDER);
    FloatVector c32 = fromMemorySegment(S, from, init + 3 * initRow + 2 * V, ORDER);
    FloatVector c33 = fromMemorySegment(S, from, init + 3 * initRow + 3 * V, ORDER);
    FloatVector c40 = fromMemorySegment(S, from, init + 4 * initRow, ORDER);
    FloatVector c41 = fromMemorySegment(S, from, init + 4 * initRow + V, ORDER);
    FloatVector c42 = fromMemorySegment(S, from, init + 4 * initRow + 2 * V, ORDER);
    FloatVector c43 = fromMemorySegment(S, from, init + 4 * initRow + 3 * V, ORDER);
    FloatVector c50 = fromMemorySegment(S, from, init + 5 * initRow, ORDER);
    FloatVector c51 = fromMemorySegment(S, from, init + 5 * initRow + V, ORDER);
    FloatVector c52 = fromMemorySegment(S, from, init + 5 * initRow + 2 * V, ORDER);
    FloatVector c53 = fromMemorySegment(S, from, init + 5 * initRow + 3 * V, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, right, b + V, ORDER);
      FloatVector b2 = fromMemorySegment(S, right, b + 2 * V, ORDER);
      FloatVector b3 = fromMemorySegment(S, right, b + 3 * V, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 3 * aRow));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      FloatVector a4 = broadcast(S, left.get(JAVA_FLOAT, a + 4 * aRow));
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      FloatVector a5 = broadcast(S, left.get(JAVA_FLOAT, a + 5 * aRow));
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
    c02.intoMemorySegment(into, c + 2 * V, ORDER);
    c03.intoMemorySegment(into, c + 3 * V, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c11.intoMemorySegment(into, c + cRow + V, ORDER);
    c12.intoMemorySegment(into, c + cRow + 2 * V, ORDER);
    c13.intoMemorySegment(into, c + cRow + 3 * V, ORDER);
    c20.intoMemorySegment(into, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(into, c + 2 * cRow + V, ORDER);
    c22.intoMemorySegment(into, c + 2 * cRow + 2 * V, ORDER);
    c23.intoMemorySegment(into, c + 2 * cRow + 3 * V, ORDER);
    c30.intoMemorySegment(into, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(into, c + 3 * cRow + V, ORDER);
    c32.intoMemorySegment(into, c + 3 * cRow + 2 * V, ORDER);
    c33.intoMemorySegment(into, c + 3 * cRow + 3 * V, ORDER);
    c40.intoMemorySegment(into, c + 4 * cRow, ORDER);
    c41.intoMemorySegment(into, c + 4 * cRow + V, ORDER);
    c42.intoMemorySegment(into, c + 4 * cRow + 2 * V, ORDER);
    c43.intoMemorySegment(into, c + 4 * cRow + 3 * V, ORDER);
    c50.intoMemorySegment(into, c + 5 * cRow, ORDER);
    c51.intoMemorySegment(into, c + 5 * cRow + V, ORDER);
    c52.intoMemorySegment(into, c + 5 * cRow + 2 * V, ORDER);
    c53.intoMemorySegment(into, c + 5 * cRow + 3 * V, ORDER);
  }
}
