package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 1 to 4 rows by 4 vectors.
///
/// All accumulators are named locals, so that each gets a register. The loops move pointers by a
/// step that C2 doesn't know: a counted loop would be unrolled and then spill.
final class QuadTile {
  /// Most rows of one tile.
  static final int ROWS = 4;

  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private QuadTile() {}

  /// `c[r] = from[r] + Σ_k left[a + r · aRow + k · aStep] · right[b + k · bStep]`, k < count.
  ///
  /// @param rows 1 to [#ROWS]
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
    if (rows == 1 && aStep == Float.BYTES && bStep == 4L * V) {
      row(left, a, right, b, count, from, init, into, c);
      return;
    }
    try {
      switch (rows) {
        case 1 ->
            rows1(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
        case 2 ->
            rows2(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
        case 3 ->
            rows3(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
        case 4 ->
            rows4(left, a, aRow, aStep, right, b, bStep, count, from, init, initRow, into, c, cRow);
        default -> throw new IllegalArgumentException("rows of a tile: " + rows);
      }
    } catch (Throwable e) {
      throw TileEnd.unchecked(e);
    }
  }

  /// One row of a panel whose steps follow each other: 4 steps at a time, each with its own
  /// accumulators, for a sum over k in one register takes longer than its loads.
  private static void row(
      MemorySegment left,
      long a,
      MemorySegment right,
      long b,
      int count,
      MemorySegment from,
      long init,
      MemorySegment into,
      long c) {
    FloatVector c00 = fromMemorySegment(S, from, init, ORDER);
    FloatVector c01 = fromMemorySegment(S, from, init + V, ORDER);
    FloatVector c02 = fromMemorySegment(S, from, init + 2 * V, ORDER);
    FloatVector c03 = fromMemorySegment(S, from, init + 3 * V, ORDER);
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c12 = FloatVector.zero(S);
    FloatVector c13 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c22 = FloatVector.zero(S);
    FloatVector c23 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    FloatVector c32 = FloatVector.zero(S);
    FloatVector c33 = FloatVector.zero(S);
    long end = b + count * (4L * V);
    long whole = b + count / 4 * (16L * V);
    while (b < whole) {
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(fromMemorySegment(S, right, b, ORDER), c00);
      c01 = a0.fma(fromMemorySegment(S, right, b + V, ORDER), c01);
      c02 = a0.fma(fromMemorySegment(S, right, b + 2 * V, ORDER), c02);
      c03 = a0.fma(fromMemorySegment(S, right, b + 3 * V, ORDER), c03);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + 4));
      c10 = a1.fma(fromMemorySegment(S, right, b + 4 * V, ORDER), c10);
      c11 = a1.fma(fromMemorySegment(S, right, b + 5 * V, ORDER), c11);
      c12 = a1.fma(fromMemorySegment(S, right, b + 6 * V, ORDER), c12);
      c13 = a1.fma(fromMemorySegment(S, right, b + 7 * V, ORDER), c13);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 8));
      c20 = a2.fma(fromMemorySegment(S, right, b + 8 * V, ORDER), c20);
      c21 = a2.fma(fromMemorySegment(S, right, b + 9 * V, ORDER), c21);
      c22 = a2.fma(fromMemorySegment(S, right, b + 10 * V, ORDER), c22);
      c23 = a2.fma(fromMemorySegment(S, right, b + 11 * V, ORDER), c23);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 12));
      c30 = a3.fma(fromMemorySegment(S, right, b + 12 * V, ORDER), c30);
      c31 = a3.fma(fromMemorySegment(S, right, b + 13 * V, ORDER), c31);
      c32 = a3.fma(fromMemorySegment(S, right, b + 14 * V, ORDER), c32);
      c33 = a3.fma(fromMemorySegment(S, right, b + 15 * V, ORDER), c33);
      a += 16;
      b += 16 * V;
    }
    while (b < end) {
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(fromMemorySegment(S, right, b, ORDER), c00);
      c01 = a0.fma(fromMemorySegment(S, right, b + V, ORDER), c01);
      c02 = a0.fma(fromMemorySegment(S, right, b + 2 * V, ORDER), c02);
      c03 = a0.fma(fromMemorySegment(S, right, b + 3 * V, ORDER), c03);
      a += 4;
      b += 4 * V;
    }
    c00.add(c10).add(c20.add(c30)).intoMemorySegment(into, c, ORDER);
    c01.add(c11).add(c21.add(c31)).intoMemorySegment(into, c + V, ORDER);
    c02.add(c12).add(c22.add(c32)).intoMemorySegment(into, c + 2 * V, ORDER);
    c03.add(c13).add(c23.add(c33)).intoMemorySegment(into, c + 3 * V, ORDER);
  }

  private static void rows1(
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
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
    c02.intoMemorySegment(into, c + 2 * V, ORDER);
    c03.intoMemorySegment(into, c + 3 * V, ORDER);
  }

  private static void rows2(
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
      a += aStep;
      b += bStep;
    }
    TileEnd.STORE4.invokeExact(c00, c01, c02, c03, from, init, into, c);
    TileEnd.STORE4.invokeExact(c10, c11, c12, c13, from, init + initRow, into, c + cRow);
  }

  private static void rows3(
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
      a += aStep;
      b += bStep;
    }
    TileEnd.STORE4.invokeExact(c00, c01, c02, c03, from, init, into, c);
    TileEnd.STORE4.invokeExact(c10, c11, c12, c13, from, init + initRow, into, c + cRow);
    TileEnd.STORE4.invokeExact(c20, c21, c22, c23, from, init + 2 * initRow, into, c + 2 * cRow);
  }

  private static void rows4(
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
      a += aStep;
      b += bStep;
    }
    TileEnd.STORE4.invokeExact(c00, c01, c02, c03, from, init, into, c);
    TileEnd.STORE4.invokeExact(c10, c11, c12, c13, from, init + initRow, into, c + cRow);
    TileEnd.STORE4.invokeExact(c20, c21, c22, c23, from, init + 2 * initRow, into, c + 2 * cRow);
    TileEnd.STORE4.invokeExact(c30, c31, c32, c33, from, init + 3 * initRow, into, c + 3 * cRow);
  }
}
