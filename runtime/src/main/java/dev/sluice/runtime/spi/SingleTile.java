package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 1 to 4 rows by 1 vector, for tails.
///
/// All accumulators are named locals, so that each gets a register. The loops move pointers by a
/// step that C2 doesn't know: a counted loop would be unrolled and then spill.
final class SingleTile {
  /// Most rows of one tile.
  static final int ROWS = 4;

  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private SingleTile() {}

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
    if (rows == 1 && aStep == Float.BYTES && bStep == V) {
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
    FloatVector c10 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S);
    long end = b + count * (V);
    long whole = b + count / 4 * (4L * V);
    while (b < whole) {
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(fromMemorySegment(S, right, b, ORDER), c00);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + 4));
      c10 = a1.fma(fromMemorySegment(S, right, b + V, ORDER), c10);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 8));
      c20 = a2.fma(fromMemorySegment(S, right, b + 2 * V, ORDER), c20);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 12));
      c30 = a3.fma(fromMemorySegment(S, right, b + 3 * V, ORDER), c30);
      a += 16;
      b += 4 * V;
    }
    while (b < end) {
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(fromMemorySegment(S, right, b, ORDER), c00);
      a += 4;
      b += 1 * V;
    }
    c00.add(c10).add(c20.add(c30)).intoMemorySegment(into, c, ORDER);
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
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
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
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
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
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c20 = fromMemorySegment(S, from, init + 2 * initRow, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c20.intoMemorySegment(into, c + 2 * cRow, ORDER);
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
    FloatVector c10 = fromMemorySegment(S, from, init + initRow, ORDER);
    FloatVector c20 = fromMemorySegment(S, from, init + 2 * initRow, ORDER);
    FloatVector c30 = fromMemorySegment(S, from, init + 3 * initRow, ORDER);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, right, b, ORDER);
      FloatVector a0 = broadcast(S, left.get(JAVA_FLOAT, a));
      c00 = a0.fma(b0, c00);
      FloatVector a1 = broadcast(S, left.get(JAVA_FLOAT, a + aRow));
      c10 = a1.fma(b0, c10);
      FloatVector a2 = broadcast(S, left.get(JAVA_FLOAT, a + 2 * aRow));
      c20 = a2.fma(b0, c20);
      FloatVector a3 = broadcast(S, left.get(JAVA_FLOAT, a + 3 * aRow));
      c30 = a3.fma(b0, c30);
      a += aStep;
      b += bStep;
    }
    c00.intoMemorySegment(into, c, ORDER);
    c10.intoMemorySegment(into, c + cRow, ORDER);
    c20.intoMemorySegment(into, c + 2 * cRow, ORDER);
    c30.intoMemorySegment(into, c + 3 * cRow, ORDER);
  }
}
