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

  static void columns(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    int whole = columns / Lanes.COUNT;
    for (int block = 0; block < whole; block++) {
      long shift = (long) block * Lanes.BYTES;
      column(work, values + shift, valuesRow, count, gradients, gradient + shift);
    }
    int rest = columns - whole * Lanes.COUNT;
    if (rest > 0) {
      long shift = (long) whole * Lanes.BYTES;
      VectorMask<Float> lanes = S.indexInRange(0, rest);
      FloatVector sum = fromMemorySegment(S, gradients, gradient + shift, ORDER, lanes);
      for (int row = 0; row < count; row++) {
        sum = sum.add(fromMemorySegment(S, work, values + shift + row * valuesRow, ORDER, lanes));
      }
      sum.intoMemorySegment(gradients, gradient + shift, ORDER, lanes);
    }
  }

  /// One vector of columns; two sums, for an addition takes longer than a load.
  private static void column(
      MemorySegment work,
      long values,
      long valuesRow,
      int count,
      MemorySegment gradients,
      long gradient) {
    FloatVector even = FloatVector.zero(S);
    FloatVector odd = FloatVector.zero(S);
    int row = 0;
    for (; row + 1 < count; row += 2) {
      even = even.add(fromMemorySegment(S, work, values + row * valuesRow, ORDER));
      odd = odd.add(fromMemorySegment(S, work, values + (row + 1) * valuesRow, ORDER));
    }
    if (row < count) {
      even = even.add(fromMemorySegment(S, work, values + row * valuesRow, ORDER));
    }
    even.add(odd)
        .add(fromMemorySegment(S, gradients, gradient, ORDER))
        .intoMemorySegment(gradients, gradient, ORDER);
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
