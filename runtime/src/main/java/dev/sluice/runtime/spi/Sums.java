package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Sums of rows and columns. Lanes past the last column are never read.
final class Sums {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Sums() {}

  /// Every column is summed from row to row and then added: in whichever share it falls, and
  /// wherever in it, the result is the same.
  static void columns(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    int whole = columns / Lanes.COUNT;
    int block = 0;
    for (; block + 4 <= whole; block += 4) {
      long shift = (long) block * Lanes.BYTES;
      four(work, values + shift, valuesRow, count, gradients, gradient + shift);
    }
    for (; block < whole; block++) {
      long shift = (long) block * Lanes.BYTES;
      one(work, values + shift, valuesRow, count, gradients, gradient + shift, Lanes.COUNT);
    }
    int rest = columns - whole * Lanes.COUNT;
    if (rest > 0) {
      long shift = (long) whole * Lanes.BYTES;
      one(work, values + shift, valuesRow, count, gradients, gradient + shift, rest);
    }
  }

  /// Four vectors of columns: an addition takes longer than a load, and a row's lines lie side by
  /// side.
  private static void four(
      MemorySegment work,
      long values,
      long valuesRow,
      int count,
      MemorySegment gradients,
      long gradient) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    for (int row = 0; row < count; row++) {
      long at = values + row * valuesRow;
      s0 = s0.add(fromMemorySegment(S, work, at, ORDER));
      s1 = s1.add(fromMemorySegment(S, work, at + Lanes.BYTES, ORDER));
      s2 = s2.add(fromMemorySegment(S, work, at + 2L * Lanes.BYTES, ORDER));
      s3 = s3.add(fromMemorySegment(S, work, at + 3L * Lanes.BYTES, ORDER));
    }
    add(s0, gradients, gradient);
    add(s1, gradients, gradient + Lanes.BYTES);
    add(s2, gradients, gradient + 2L * Lanes.BYTES);
    add(s3, gradients, gradient + 3L * Lanes.BYTES);
  }

  private static void add(FloatVector sum, MemorySegment gradients, long gradient) {
    sum.add(fromMemorySegment(S, gradients, gradient, ORDER))
        .intoMemorySegment(gradients, gradient, ORDER);
  }

  /// Some columns of one vector.
  private static void one(
      MemorySegment work,
      long values,
      long valuesRow,
      int count,
      MemorySegment gradients,
      long gradient,
      int columns) {
    VectorMask<Float> lanes = S.indexInRange(0, columns);
    FloatVector sum = FloatVector.zero(S);
    for (int row = 0; row < count; row++) {
      sum = sum.add(fromMemorySegment(S, work, values + row * valuesRow, ORDER, lanes));
    }
    sum.add(fromMemorySegment(S, gradients, gradient, ORDER, lanes))
        .intoMemorySegment(gradients, gradient, ORDER, lanes);
  }

  static void total(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    // A sum for each row and these in double: many small values don't drown in a large sum.
    double sum = 0;
    for (int row = 0; row < count; row++) {
      sum += row(work, values + row * valuesRow, columns);
    }
    gradients.set(JAVA_FLOAT, gradient, (float) (gradients.get(JAVA_FLOAT, gradient) + sum));
  }

  static void rows(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      long result,
      long resultRow) {
    for (int row = 0; row < count; row++) {
      work.set(JAVA_FLOAT, result + row * resultRow, row(work, values + row * valuesRow, columns));
    }
  }

  private static float row(MemorySegment work, long values, int columns) {
    FloatVector sum = FloatVector.zero(S);
    int whole = columns / Lanes.COUNT;
    for (int block = 0; block < whole; block++) {
      sum = sum.add(fromMemorySegment(S, work, values + (long) block * Lanes.BYTES, ORDER));
    }
    int rest = columns - whole * Lanes.COUNT;
    if (rest > 0) {
      sum =
          sum.add(
              fromMemorySegment(
                  S, work, values + (long) whole * Lanes.BYTES, ORDER, S.indexInRange(0, rest)));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
