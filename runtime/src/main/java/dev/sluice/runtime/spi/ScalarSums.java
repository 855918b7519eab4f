package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// [Sums] without vectors.
final class ScalarSums {
  private ScalarSums() {}

  static void columns(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    for (int column = 0; column < columns; column++) {
      long shift = (long) column * Float.BYTES;
      double sum = gradients.get(JAVA_FLOAT, gradient + shift);
      for (int row = 0; row < count; row++) {
        sum += work.get(JAVA_FLOAT, values + shift + row * valuesRow);
      }
      gradients.set(JAVA_FLOAT, gradient + shift, (float) sum);
    }
  }

  static void total(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    double sum = gradients.get(JAVA_FLOAT, gradient);
    for (int row = 0; row < count; row++) {
      sum += row(work, values + row * valuesRow, columns);
    }
    gradients.set(JAVA_FLOAT, gradient, (float) sum);
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
      double sum = row(work, values + row * valuesRow, columns);
      work.set(JAVA_FLOAT, result + row * resultRow, (float) sum);
    }
  }

  private static double row(MemorySegment work, long values, int columns) {
    double sum = 0;
    for (int column = 0; column < columns; column++) {
      sum += work.get(JAVA_FLOAT, values + (long) column * Float.BYTES);
    }
    return sum;
  }
}
