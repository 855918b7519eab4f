package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Products against double precision. Memory that is no operand is NaN: read, it would spoil the
/// result; written, it would be no NaN of ours any longer.
class ProductsTest {
  /// What lies behind panels.
  private static final int WINDOW = (int) (Tiling.WINDOW / Float.BYTES);

  private static final float POISON = Float.intBitsToFloat(0x7fc12345);
  private static final int[] SIZES = {1, 3, 5, 7, 16, 17, 24, 33, 64, 100};

  /// Around the longest sum of one tile.
  private static final int[] DEPTHS = {1, 3, 17, 511, 512, 513, 1100};

  private enum Init {
    ZERO,
    ONE_ROW,
    ROWS,
    IN_PLACE
  }

  @ParameterizedTest
  @EnumSource(Init.class)
  void multiplyEqualsTheDefinition(Init init) {
    SplittableRandom random = new SplittableRandom(7);
    for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 48, Products.ROWS}) {
      for (int vectors : new int[] {1, 2, 3, 7, 8, 19}) {
        for (int k : DEPTHS) {
          multiply(random, init, rows, vectors, k);
        }
      }
    }
  }

  private static void multiply(SplittableRandom random, Init init, int rows, int vectors, int k) {
    int panels = (vectors + 1) / 2;
    int width = panels * 2 * Lanes.COUNT;
    int aRow = Lanes.pad(k) + random.nextInt(4);
    int cRow = width + random.nextInt(4);
    int a = 3;
    int c = a + rows * aRow + Lanes.COUNT;
    int start = init == Init.IN_PLACE ? c : c + rows * cRow + 2;
    int startRow = init == Init.ONE_ROW ? 0 : init == Init.IN_PLACE ? cRow : width + 1;
    int left = start + rows * Math.max(cRow, width + 1);
    try (Floats work = new Floats(left + Products.leftFloats(k));
        Floats packed = new Floats(5 + k * width + WINDOW)) {
      work.fill(random, a, rows, aRow, k);
      packed.fill(random, 5, 1, 0, k * width);
      if (init != Init.ZERO) {
        work.fill(random, start, rows, startRow, width);
      }
      float[] before = work.copy();
      Products.load(work.segment(), 4L * a, 4L * aRow, k, rows, 4L * left, 0, k);
      Products.multiply(
          work.segment(),
          4L * left,
          k,
          packed.segment(),
          4 * 5,
          0,
          k,
          init == Init.ZERO ? null : work.segment(),
          4L * start,
          4L * startRow,
          4L * c,
          4L * cRow,
          rows,
          vectors);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < width; j++) {
          double sum = init == Init.ZERO ? 0 : before[start + r * startRow + j];
          double size = Math.abs(sum);
          int panel = j / (2 * Lanes.COUNT);
          for (int i = 0; i < k; i++) {
            int at = 5 + ((panel * k + i) * 2 * Lanes.COUNT) + j % (2 * Lanes.COUNT);
            double term = (double) before[a + r * aRow + i] * packed.get(at);
            sum += term;
            size += Math.abs(term);
          }
          work.expect(
              c + r * cRow + j,
              sum,
              rounding(size, k),
              "%s, %d rows, %d vectors, k %d",
              init,
              rows,
              vectors,
              k);
        }
      }
      work.copyBack(before, left, Products.leftFloats(k));
      work.expectUntouched(before, c, rows, cRow, width);
    }
  }

  /// A row's result is the same bits whichever rows it is computed with: threads may share a batch
  /// as they like.
  @Test
  void rowsDoNotDependOnTheirNeighbours() {
    SplittableRandom random = new SplittableRandom(11);
    int k = 600;
    int vectors = 18;
    int most = 17;
    int row = Lanes.pad(k);
    int width = vectors * Lanes.COUNT;
    int left = most * (row + width);
    try (Floats work = new Floats(left + Products.leftFloats(k));
        Floats packed = new Floats(k * width + WINDOW)) {
      work.fill(random, 0, most, row, row);
      packed.fill(random, 0, 1, 0, k * width);
      float[] alone = new float[0];
      for (int rows = 1; rows <= most; rows++) {
        MemorySegment s = work.segment();
        long c = 4L * most * row;
        Products.load(s, 0, 4L * row, k, rows, 4L * left, 0, k);
        Products.multiply(
            s, 4L * left, k, packed.segment(), 0, 0, k, null, 0, 0, c, 4L * width, rows, vectors);
        float[] first = s.asSlice(c, 4L * width).toArray(JAVA_FLOAT);
        if (rows == 1) {
          alone = first;
        }
        assertThat(first).as("%d rows", rows).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 300})
  void sumsAddUp(int count) {
    SplittableRandom random = new SplittableRandom(count);
    for (int columns : SIZES) {
      int row = columns + random.nextInt(4);
      int result = count * row;
      try (Floats work = new Floats(result + 3 * count);
          Floats gradients = new Floats(columns + 3)) {
        work.fill(random, 0, count, row, columns);
        gradients.fill(random, 1, 1, 0, columns + 1);
        float[] before = gradients.copy();
        float[] workBefore = work.copy();
        Products.columnSums(work.segment(), 0, 4L * row, columns, count, gradients.segment(), 4);
        Products.total(
            work.segment(), 0, 4L * row, columns, count, gradients.segment(), 4L * (columns + 1));
        Products.rowSums(work.segment(), 0, 4L * row, columns, count, 4L * result, 12);
        double total = before[columns + 1];
        for (int j = 0; j < columns; j++) {
          double sum = before[1 + j];
          for (int r = 0; r < count; r++) {
            sum += work.get(r * row + j);
          }
          gradients.expect(1 + j, sum, rounding(count, count), "column %d of %d", j, columns);
          total += sum - before[1 + j];
        }
        gradients.expect(
            columns + 1, total, rounding(columns * count, columns + 1), "total of %d", columns);
        gradients.expectUntouched(before, 1, 1, 0, columns + 1);
        for (int r = 0; r < count; r++) {
          double sum = 0;
          for (int j = 0; j < columns; j++) {
            sum += workBefore[r * row + j];
          }
          work.expect(
              result + 3 * r, sum, rounding(columns, columns), "row %d of %d columns", r, columns);
        }
        work.expectUntouched(workBefore, result, count, 3, 1);
      }
    }
  }

  /// Operands side by side, multiplied with a part of longer panels, across the depth of a tile.
  @Test
  void operandsFollowEachOther() {
    SplittableRandom random = new SplittableRandom(5);
    int[] lengths = {37, 500, 130};
    int inner = 700;
    int first = 19;
    int k = 667;
    for (int rows : new int[] {1, 5, 8}) {
      int row = Lanes.pad(500);
      int c = 3 * rows * row;
      int width = 4 * Lanes.COUNT;
      int left = c + rows * width;
      try (Floats work = new Floats(left + Products.leftFloats(k));
          Floats packed = new Floats(inner * width + WINDOW)) {
        work.fill(random, 0, 3 * rows, row, row);
        packed.fill(random, 0, 1, 0, inner * width);
        MemorySegment s = work.segment();
        int at = 0;
        for (int i = 0; i < 3; i++) {
          Products.load(s, 4L * i * rows * row, 4L * row, lengths[i], rows, 4L * left, at, k);
          at += lengths[i];
        }
        Products.multiply(
            s,
            4L * left,
            k,
            packed.segment(),
            0,
            first,
            inner,
            null,
            0,
            0,
            4L * c,
            4L * width,
            rows,
            4);
        for (int r = 0; r < rows; r++) {
          for (int j = 0; j < width; j++) {
            double sum = 0;
            int step = first;
            for (int i = 0; i < 3; i++) {
              for (int e = 0; e < lengths[i]; e++, step++) {
                int panel = j / (2 * Lanes.COUNT);
                int b = (panel * inner + step) * 2 * Lanes.COUNT + j % (2 * Lanes.COUNT);
                sum += (double) work.get((i * rows + r) * row + e) * packed.get(b);
              }
            }
            work.expect(c + r * width + j, sum, rounding(k, k), "%d rows, %d", rows, j);
          }
        }
      }
    }
  }

  @Test
  void aSumOfNothingIsItsStart() {
    try (Floats work = new Floats(2 * Lanes.COUNT + Products.leftFloats(0))) {
      MemorySegment s = work.segment();
      Products.multiply(s, 8L * Lanes.COUNT, 0, s, 0, 0, 0, null, 0, 0, 0, 0, 1, 1);
      work.expect(Lanes.COUNT, 0, 0, "a sum of nothing");
    }
  }

  @Test
  void wrongOffsetsThrow() {
    int floats = Products.leftFloats(40) + 1000;
    try (Floats work = new Floats(floats)) {
      MemorySegment s = work.segment();
      long end = 4L * floats;
      for (long wrong : new long[] {-4, end, end - 12, Long.MAX_VALUE - 3, Long.MIN_VALUE}) {
        for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 9, 12}) {
          refused(() -> Products.load(s, wrong, 4, 40, rows, 0, 0, 40));
          refused(() -> Products.load(s, 0, 4, 40, rows, wrong, 0, 40));
          refused(() -> Products.multiply(s, wrong, 40, s, 0, 0, 40, null, 0, 0, 0, 0, rows, 1));
          refused(() -> Products.multiply(s, 0, 40, s, wrong, 0, 40, null, 0, 0, 0, 0, rows, 8));
          refused(() -> Products.multiply(s, 0, 2, s, 0, 0, 2, s, wrong, 0, 0, 0, rows, 8));
          refused(() -> Products.multiply(s, 0, 2, s, 0, 0, 2, null, 0, 0, wrong, 0, rows, 8));
        }
      }
    }
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void impossibleShapesAndClosedMemoryAreRefused() {
    Floats work = new Floats(Products.leftFloats(1));
    MemorySegment s = work.segment();
    int many = Products.ROWS + 1;
    assertThatThrownBy(() -> Products.multiply(s, 0, 1, s, 0, 0, 1, null, 0, 0, 0, 0, many, 1))
        .hasMessage("rows: " + many + ", expected 1 to " + Products.ROWS);
    assertThatThrownBy(() -> Products.load(s, 0, 4, 1, 0, 0, 0, 1))
        .hasMessage("rows: 0, expected 1 to " + Products.ROWS);
    work.close();
    assertThatThrownBy(() -> Products.multiply(s, 0, 1, s, 0, 0, 1, null, 0, 0, 0, 0, 1, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  /// What n additions of numbers whose sizes sum to `size` may lose.
  private static double rounding(double size, int n) {
    return size * (n + 4) * 0x1p-24;
  }

  /// Memory of exactly so many floats, all poison.
  private static final class Floats implements AutoCloseable {
    private final Memory.Block block;
    private final MemorySegment segment;

    Floats(int count) {
      block = Memory.allocate("test", count);
      segment = block.segment().asSlice(0, 4L * count);
      for (int i = 0; i < count; i++) {
        segment.setAtIndex(JAVA_FLOAT, i, POISON);
      }
    }

    MemorySegment segment() {
      return segment;
    }

    float get(int index) {
      return segment.getAtIndex(JAVA_FLOAT, index);
    }

    float[] copy() {
      return segment.toArray(JAVA_FLOAT);
    }

    void fill(SplittableRandom random, int from, int rows, int row, int columns) {
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < columns; j++) {
          segment.setAtIndex(JAVA_FLOAT, from + r * row + j, (float) random.nextDouble(-1, 1));
        }
      }
    }

    /// What these floats are now counts as what they were.
    void copyBack(float[] before, int from, int count) {
      MemorySegment.copy(segment, JAVA_FLOAT, 4L * from, before, from, count);
    }

    void expect(int index, double value, double tolerance, String what, Object... arguments) {
      double got = get(index);
      if (!(Math.abs(got - value) <= tolerance)) {
        assertThat(got).as(what, arguments).isEqualTo(value);
      }
    }

    /// All but the rows given are what they were.
    void expectUntouched(float[] before, int from, int rows, int row, int columns) {
      float[] after = copy();
      for (int r = 0; r < rows; r++) {
        System.arraycopy(before, from + r * row, after, from + r * row, columns);
      }
      for (int i = 0; i < after.length; i++) {
        if (Float.floatToRawIntBits(after[i]) != Float.floatToRawIntBits(before[i])) {
          assertThat(after[i])
              .as("float %d, which is none of the result's", i)
              .isEqualTo(before[i]);
        }
      }
    }

    @Override
    public void close() {
      block.close();
    }
  }
}
