package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 2 rows, or 1, by the last, partial vector of a row that has no padding.
/// Nothing past its end is read or written.
final class MaskedTile {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int ROWS = 2;

  private MaskedTile() {}

  /// `c[r] += Σ_k left[a + 2r + k · aStep] · right[b + k · bStep]` for the first `columns` lanes.
  ///
  /// @param work holds `a` and `b`
  static void accumulate(
      MemorySegment work,
      long a,
      long aStep,
      long b,
      long bStep,
      int count,
      MemorySegment gradients,
      long c,
      long cRow,
      int rows,
      int columns) {
    VectorMask<Float> lanes = S.indexInRange(0, columns);
    int row = 0;
    for (; row + ROWS <= rows; row += ROWS) {
      rows2(
          work,
          a + (long) row * Float.BYTES,
          aStep,
          b,
          bStep,
          count,
          gradients,
          c + row * cRow,
          cRow,
          lanes);
    }
    for (; row < rows; row++) {
      rows1(
          work,
          a + (long) row * Float.BYTES,
          aStep,
          b,
          bStep,
          count,
          gradients,
          c + row * cRow,
          lanes);
    }
  }

  private static void rows1(
      MemorySegment work,
      long a,
      long aStep,
      long b,
      long bStep,
      int count,
      MemorySegment gradients,
      long c,
      VectorMask<Float> lanes) {
    FloatVector c0 = fromMemorySegment(S, gradients, c, ORDER, lanes);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector a0 = broadcast(S, work.get(JAVA_FLOAT, a));
      c0 = a0.fma(fromMemorySegment(S, work, b, ORDER, lanes), c0);
      a += aStep;
      b += bStep;
    }
    c0.intoMemorySegment(gradients, c, ORDER, lanes);
  }

  private static void rows2(
      MemorySegment work,
      long a,
      long aStep,
      long b,
      long bStep,
      int count,
      MemorySegment gradients,
      long c,
      long cRow,
      VectorMask<Float> lanes) {
    FloatVector c0 = fromMemorySegment(S, gradients, c, ORDER, lanes);
    FloatVector c1 = fromMemorySegment(S, gradients, c + cRow, ORDER, lanes);
    long end = b + count * bStep;
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, work, b, ORDER, lanes);
      c0 = broadcast(S, work.get(JAVA_FLOAT, a)).fma(b0, c0);
      c1 = broadcast(S, work.get(JAVA_FLOAT, a + 4)).fma(b0, c1);
      a += aStep;
      b += bStep;
    }
    c0.intoMemorySegment(gradients, c, ORDER, lanes);
    c1.intoMemorySegment(gradients, c + cRow, ORDER, lanes);
  }
}
