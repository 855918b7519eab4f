package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Products with weights of fewer bits, against products with floats that are rounded alike.
class NarrowProductTest {
  private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 13, 48};

  private enum Init {
    ZERO,
    ONE_ROW,
    IN_PLACE
  }

  /// One product: weights `[slot][part]` of `units` rows, and rows of left operands.
  private static final class Case {
    final SplittableRandom random;
    final int units;
    final int slots;
    final int[] parts;
    final int rows;
    final int k;
    final int width;
    final float[][][] weights;
    final float[] left;
    final float[] init;

    Case(SplittableRandom random, int units, int slots, int rows, int... parts) {
      this.random = random;
      this.units = units;
      this.slots = slots;
      this.parts = parts;
      this.rows = rows;
      this.k = Arrays.stream(parts).sum();
      int vectors = Lanes.blocks(units) * slots;
      this.width = (vectors + vectors % 2) * Lanes.COUNT;
      this.weights = new float[slots][parts.length][];
      for (int slot = 0; slot < slots; slot++) {
        for (int part = 0; part < parts.length; part++) {
          weights[slot][part] = floats(units * parts[part]);
        }
      }
      this.left = floats(rows * k);
      this.init = floats(rows * width);
    }

    private float[] floats(int count) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = 2 * random.nextFloat() - 1;
      }
      return floats;
    }

    /// @param from the part that the sums start with
    float[] multiply(WeightFormat format, Init start, int from) {
      Packing.Builder pieces = new Packing.Builder();
      pieces.panel(3, 1, 7);
      Panel panel = pieces.panel(units, slots, parts);
      Packing packing = pieces.build();
      long scratch = PackedWeights.scratchFloats(packing, format);
      int skipped = Arrays.stream(parts, 0, from).sum();
      int inner = k - skipped;
      int row = Lanes.pad(inner);
      long c = (long) rows * row;
      long at = c + (long) rows * width;
      try (PackedWeights owned = PackedWeights.allocate("test", packing, Mode.INFERENCE, format);
          Memory.Block work = Memory.allocate("work", at + Products.leftFloats(inner));
          Memory.Block widened = Memory.allocate("scratch", 3 + scratch);
          Memory.Block initial = Memory.allocate("init", (long) rows * width)) {
        pack(owned, panel);
        MemorySegment s = work.segment();
        s.fill((byte) 0x7F);
        widened.segment().fill((byte) 0x7F);
        for (int r = 0; r < rows; r++) {
          MemorySegment.copy(left, r * k + skipped, s, JAVA_FLOAT, 4L * r * row, inner);
        }
        MemorySegment from0 = start == Init.IN_PLACE ? s : initial.segment();
        long init0 = start == Init.IN_PLACE ? 4 * c : 0;
        MemorySegment.copy(init, 0, from0, JAVA_FLOAT, init0, init.length);
        Products.load(s, 0, 4L * row, inner, rows, 4 * at, 0, inner);
        // Scratch that doesn't start at a vector: members' follow each other.
        PackedWeights packed = owned.withScratch(widened.segment(), 12);
        int together = slots % 2 == 0 ? 1 : 2;
        int blocks = Lanes.blocks(units);
        int half = blocks / 2 / together * together;
        for (int block : half == 0 ? new int[] {0} : new int[] {0, half}) {
          long shift = 4L * block * slots * Lanes.COUNT;
          @Nullable MemorySegment initFrom = start == Init.ZERO ? null : from0;
          Products.multiply(
              s,
              4 * at,
              inner,
              packed,
              panel,
              block,
              from,
              initFrom,
              init0 + shift,
              start == Init.ONE_ROW ? 0 : 4L * width,
              4 * c + shift,
              4L * width,
              rows,
              block == 0 && half > 0 ? half : blocks - block);
        }
        float[] sums = new float[rows * width];
        MemorySegment.copy(s, JAVA_FLOAT, 4 * c, sums, 0, sums.length);
        return sums;
      }
    }

    private void pack(PackedWeights packed, Panel panel) {
      for (int slot = 0; slot < slots; slot++) {
        for (int part = 0; part < parts.length; part++) {
          int columns = parts[part];
          try (Memory.Block stored = Memory.allocate("weight", (long) units * columns)) {
            MemorySegment.copy(
                weights[slot][part], 0, stored.segment(), JAVA_FLOAT, 0, units * columns);
            MemorySegment m = stored.segment();
            Panels.pack(m, 0, columns, false, units, columns, packed, panel, part, slot);
          }
        }
      }
    }

    void replaceWeights(WeightChange change) {
      for (float[][] slot : weights) {
        for (int part = 0; part < parts.length; part++) {
          int columns = parts[part];
          for (int unit = 0; unit < units; unit++) {
            change.change(slot[part], unit * columns, columns);
          }
        }
      }
    }
  }

  /// Changes a row in place.
  private interface WeightChange {
    void change(float[] weights, int start, int columns);
  }

  private static final int[][] PARTS = {{1}, {17}, {512}, {513}, {3, 600}, {64, 5, 500}};

  private static void cases(Consumer<Case> check) {
    SplittableRandom random = new SplittableRandom(19);
    for (int rows : ROWS) {
      for (int units : new int[] {1, Lanes.COUNT + 3, 9 * Lanes.COUNT - 1}) {
        for (int slots : new int[] {1, 2, 3}) {
          check.accept(new Case(random, units, slots, rows, PARTS[random.nextInt(PARTS.length)]));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Init.class)
  void bf16IsTheProductOfRoundedFloatsToTheBit(Init init) {
    cases(
        test -> {
          int from = test.parts.length - 1;
          float[] whole = test.multiply(WeightFormat.BFLOAT16, init, 0);
          float[] last = test.multiply(WeightFormat.BFLOAT16, init, from);
          test.replaceWeights(
              (w, start, columns) -> {
                for (int i = start; i < start + columns; i++) {
                  w[i] = Narrow.fromBfloat16(Narrow.toBfloat16(w[i]));
                }
              });
          assertThat(whole).isEqualTo(test.multiply(WeightFormat.FLOAT32, init, 0));
          assertThat(last).isEqualTo(test.multiply(WeightFormat.FLOAT32, init, from));
        });
  }

  /// With a scale that is a power of two all rounding is the same as that of floats.
  @ParameterizedTest
  @EnumSource(Init.class)
  void int8IsTheProductOfRoundedFloats(Init init) {
    cases(
        test -> {
          test.replaceWeights(
              (w, start, columns) -> {
                float scale = Math.scalb(1f, -3 - start % 5);
                for (int i = start; i < start + columns; i++) {
                  w[i] = scale * (int) (127 * w[i]);
                }
                w[start] = scale * 127;
              });
          for (int from : new int[] {0, test.parts.length - 1}) {
            float[] narrow = test.multiply(WeightFormat.INT8, init, from);
            float[] floats = test.multiply(WeightFormat.FLOAT32, init, from);
            if (test.parts.length - from == 1) {
              assertThat(narrow).isEqualTo(floats);
            } else {
              // Sums are cut where a part ends.
              for (int i = 0; i < floats.length; i++) {
                assertThat(narrow[i]).isCloseTo(floats[i], within(test.k));
              }
            }
          }
        });
  }

  private static Offset<Float> within(int k) {
    return Offset.offset(k * 8 * Math.ulp(1f));
  }

  /// Rows with scales of their own, however different the parts are.
  @Test
  void int8RoundsEachRowOfEachMatrixByItsOwnScale() {
    SplittableRandom random = new SplittableRandom(23);
    for (int rows : new int[] {1, 5}) {
      Case test = new Case(random, Lanes.COUNT + 1, 2, rows, 40, 30);
      for (float[][] slot : test.weights) {
        for (int i = 0; i < slot[1].length; i++) {
          slot[1][i] *= 1e-4f;
        }
      }
      float[] small = test.multiply(WeightFormat.INT8, Init.ZERO, 1);
      float[] exact = test.multiply(WeightFormat.FLOAT32, Init.ZERO, 1);
      for (int i = 0; i < exact.length; i++) {
        assertThat(small[i]).isCloseTo(exact[i], Offset.offset(30 * 0.5f * 1.01e-4f / 127));
      }
    }
  }

  /// Threads may share a batch as they like.
  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void rowsDoNotDependOnTheirNeighbours(WeightFormat format) {
    SplittableRandom random = new SplittableRandom(29);
    Case all = new Case(random, 5 * Lanes.COUNT + 1, 2, 9, 70, 600);
    float[] together = all.multiply(format, Init.IN_PLACE, 0);
    for (int row = 0; row < 9; row++) {
      Case one = new Case(random, all.units, all.slots, 1, all.parts);
      System.arraycopy(all.left, row * all.k, one.left, 0, all.k);
      System.arraycopy(all.init, row * all.width, one.init, 0, all.width);
      for (int slot = 0; slot < all.slots; slot++) {
        System.arraycopy(all.weights[slot], 0, one.weights[slot], 0, all.parts.length);
      }
      assertThat(one.multiply(format, Init.IN_PLACE, 0))
          .isEqualTo(Arrays.copyOfRange(together, row * all.width, (row + 1) * all.width));
    }
  }

  @Test
  void rowsOfZerosAndDenormalsAndHugeWeightsGiveFiniteSums() {
    for (WeightFormat format : WeightFormat.values()) {
      for (int rows : new int[] {1, 3}) {
        Case test = new Case(new SplittableRandom(31), 2 * Lanes.COUNT, 1, rows, 20);
        float[] sizes = {0, Float.MIN_VALUE, 1e-40f, 1e-38f, 1e36f};
        IntStream.range(0, test.units * 20)
            .forEach(i -> test.weights[0][0][i] *= sizes[i / 20 % sizes.length]);
        float[] sums = test.multiply(format, Init.ZERO, 0);
        float[] exact = test.multiply(WeightFormat.FLOAT32, Init.ZERO, 0);
        for (int i = 0; i < sums.length; i++) {
          float size = sizes[i % test.width % sizes.length];
          assertThat(sums[i])
              .as("%s, %s", format, size)
              .isCloseTo(
                  exact[i],
                  // Half a step of the row, or of the smallest bf16.
                  Offset.offset(20 * size / 127 + 20 * 0x1p-134f));
        }
      }
    }
  }

  @Test
  void whatIsNotFiniteIsRefusedByInt8AndKeptByBf16() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Case test = new Case(new SplittableRandom(37), 3, 1, 2, 5);
      test.weights[0][0][7] = bad;
      assertThatThrownBy(() -> test.multiply(WeightFormat.INT8, Init.ZERO, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a weight is %s: expected finite ones for int8".formatted(bad));
      float[] kept = test.multiply(WeightFormat.BFLOAT16, Init.ZERO, 0);
      float[] floats = test.multiply(WeightFormat.FLOAT32, Init.ZERO, 0);
      assertThat(kept[1]).isEqualTo(Float.valueOf(floats[1])).isNotFinite();
      assertThat(kept[0]).isFinite();
    }
  }

  @Test
  void placesOutsideThePanelsAreRefused() {
    for (WeightFormat format : WeightFormat.values()) {
      Packing.Builder pieces = new Packing.Builder();
      Panel panel = pieces.panel(2 * Lanes.COUNT, 1, 8);
      Packing packing = pieces.build();
      long floats = 1000 + Products.leftFloats(8);
      try (PackedWeights packed = PackedWeights.allocate("test", packing, Mode.INFERENCE, format);
          Memory.Block work = Memory.allocate("work", floats)) {
        MemorySegment s = work.segment();
        for (int wrong : new int[] {-2, 64, 1 << 20}) {
          assertThatThrownBy(
                  () ->
                      Products.multiply(
                          s, 4000, 8, packed, panel, wrong, 0, null, 0, 0, 0, 0, 1, 2))
              .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(
                () -> Products.multiply(s, 4000, 9, packed, panel, 0, 0, null, 0, 0, 0, 0, 1, 2))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }
}
