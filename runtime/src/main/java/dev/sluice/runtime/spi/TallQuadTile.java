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

  private static final VectorSpecies<Float> S = Vectors.SPECIES;
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
    try {
      switch (rows) {
        case 5 ->
            rows5(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
        case 6 ->
            rows6(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
        default -> throw new IllegalArgumentException("rows of a tile: " + rows);
      }
    } catch (Throwable e) {
      throw TileEnd.unchecked(e);
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
      long cRow)
      throws Throwable {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c23 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c32 = zero;
    FloatVector c33 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c42 = zero;
    FloatVector c43 = zero;
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
    TileEnd.STORE4.invokeExact(c00, c01, c02, c03, from, init, into, c);
    TileEnd.STORE4.invokeExact(c10, c11, c12, c13, from, init + initRow, into, c + cRow);
    TileEnd.STORE4.invokeExact(c20, c21, c22, c23, from, init + 2 * initRow, into, c + 2 * cRow);
    TileEnd.STORE4.invokeExact(c30, c31, c32, c33, from, init + 3 * initRow, into, c + 3 * cRow);
    TileEnd.STORE4.invokeExact(c40, c41, c42, c43, from, init + 4 * initRow, into, c + 4 * cRow);
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
      long cRow)
      throws Throwable {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c23 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c32 = zero;
    FloatVector c33 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c42 = zero;
    FloatVector c43 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c52 = zero;
    FloatVector c53 = zero;
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
    TileEnd.STORE4.invokeExact(c00, c01, c02, c03, from, init, into, c);
    TileEnd.STORE4.invokeExact(c10, c11, c12, c13, from, init + initRow, into, c + cRow);
    TileEnd.STORE4.invokeExact(c20, c21, c22, c23, from, init + 2 * initRow, into, c + 2 * cRow);
    TileEnd.STORE4.invokeExact(c30, c31, c32, c33, from, init + 3 * initRow, into, c + 3 * cRow);
    TileEnd.STORE4.invokeExact(c40, c41, c42, c43, from, init + 4 * initRow, into, c + 4 * cRow);
    TileEnd.STORE4.invokeExact(c50, c51, c52, c53, from, init + 5 * initRow, into, c + 5 * cRow);
  }
}
