package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 1 to 4 rows by 2 vectors: for tails and for 16 vector registers.
///
/// All accumulators are named locals, so that each gets a register. The loops move pointers by a
/// step that C2 doesn't know: a counted loop would be unrolled and then spill.
final class PairTile {
  /// Most rows of one tile.
  static final int ROWS = 4;

  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private PairTile() {}

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
    if (rows == 1 && aStep == Float.BYTES && bStep == 2L * V) {
      row(left, a, right, b, count, from, init, into, c);
      return;
    }
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
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    FloatVector c31 = FloatVector.zero(S);
    long end = b + count * (2L * V);
    long whole = b + count / 4 * (8L * V);
    while (b < whole) {
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(fromMemorySegment(S, right, b, ORDER), c00);
      c01 = a0.fma(fromMemorySegment(S, right, b + V, ORDER), c01);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + 4));
      c10 = a1.fma(fromMemorySegment(S, right, b + 2 * V, ORDER), c10);
      c11 = a1.fma(fromMemorySegment(S, right, b + 3 * V, ORDER), c11);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 8));
      c20 = a2.fma(fromMemorySegment(S, right, b + 4 * V, ORDER), c20);
      c21 = a2.fma(fromMemorySegment(S, right, b + 5 * V, ORDER), c21);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 12));
      c30 = a3.fma(fromMemorySegment(S, right, b + 6 * V, ORDER), c30);
      c31 = a3.fma(fromMemorySegment(S, right, b + 7 * V, ORDER), c31);
      a += 16;
      b += 8 * V;
    }
    while (b < end) {
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(fromMemorySegment(S, right, b, ORDER), c00);
      c01 = a0.fma(fromMemorySegment(S, right, b + V, ORDER), c01);
      a += 4;
      b += 2 * V;
    }
    c00.add(c10).add(c20.add(c30)).intoMemorySegment(into, c, ORDER);
    c01.add(c11).add(c21.add(c31)).intoMemorySegment(into, c + V, ORDER);
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
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, right, b + V, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
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
      long cRow) {
    FloatVector c00 = fromMemorySegment(S, from, init, ORDER);
    FloatVector c01 = fromMemorySegment(S, from, init + V, ORDER);
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c11 = fromMemorySegment(S, from, init + initRow + V, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, right, b + V, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c11.intoMemorySegment(into, c + cRow + V, ORDER);
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
      long cRow) {
    FloatVector c00 = fromMemorySegment(S, from, init, ORDER);
    FloatVector c01 = fromMemorySegment(S, from, init + V, ORDER);
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c11 = fromMemorySegment(S, from, init + initRow + V, ORDER);
    FloatVector c20 = fromMemorySegment(S, from, init + 2 * initRow, ORDER);
    FloatVector c21 = fromMemorySegment(S, from, init + 2 * initRow + V, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, right, b + V, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c11.intoMemorySegment(into, c + cRow + V, ORDER);
    c20.intoMemorySegment(into, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(into, c + 2 * cRow + V, ORDER);
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
      long cRow) {
    FloatVector c00 = fromMemorySegment(S, from, init, ORDER);
    FloatVector c01 = fromMemorySegment(S, from, init + V, ORDER);
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c11 = fromMemorySegment(S, from, init + initRow + V, ORDER);
    FloatVector c20 = fromMemorySegment(S, from, init + 2 * initRow, ORDER);
    FloatVector c21 = fromMemorySegment(S, from, init + 2 * initRow + V, ORDER);
    FloatVector c30 = fromMemorySegment(S, from, init + 3 * initRow, ORDER);
    FloatVector c31 = fromMemorySegment(S, from, init + 3 * initRow + V, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, right, b + V, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 3 * aRow));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c01.intoMemorySegment(into, c + V, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c11.intoMemorySegment(into, c + cRow + V, ORDER);
    c20.intoMemorySegment(into, c + 2 * cRow, ORDER);
    c21.intoMemorySegment(into, c + 2 * cRow + V, ORDER);
    c30.intoMemorySegment(into, c + 3 * cRow, ORDER);
    c31.intoMemorySegment(into, c + 3 * cRow + V, ORDER);
  }
}
