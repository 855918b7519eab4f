package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Gradients of weights against sums in double precision.
class OuterProductsTest {
  /// @param left operand's number, and right one's
  /// @param first row of its parameter's `all`
  private record Weight(int left, int right, long at, int stride, int first, int all) {}

  /// Operands of random lengths, of which each of random weights multiplies two.
  private record Case(int[] lengths, List<Weight> weights, int count, int floats) {
    static Case random(SplittableRandom random) {
      int[] lengths = random.ints(random.nextInt(2, 9), 1, 90).toArray();
      lengths[1] = lengths[0];
      if (random.nextInt(8) == 0) {
        // More panels than scratch has room for.
        lengths[0] = 20 * Products.PANEL_VECTORS * Lanes.COUNT + 3;
      }
      int count = new int[] {1, 2, 7, 255, 256, 300, 513}[random.nextInt(7)];
      List<Weight> weights = new ArrayList<>();
      int floats = 1;
      for (int i = random.nextInt(1, 7); i > 0; i--) {
        int left = random.nextInt(lengths.length);
        int right = random.nextInt(lengths.length);
        int stride = lengths[right] + random.nextInt(3);
        weights.add(new Weight(left, right, floats, stride, 0, lengths[left]));
        if (left != right && lengths[left] == lengths[right] && random.nextBoolean()) {
          // A weight that is used transposed, too: its elements stay with their members.
          weights.add(new Weight(right, left, floats, stride, 0, lengths[left]));
        }
        int part = random.nextInt(lengths.length);
        if (lengths[part] <= lengths[left] && random.nextBoolean()) {
          // Some rows of it are used alone, too.
          int first = random.nextInt(lengths[left] - lengths[part] + 1);
          long at = floats + first * stride;
          weights.add(
              random.nextInt(weights.size() + 1),
              new Weight(part, right, at, stride, first, lengths[left]));
        }
        floats += lengths[left] * stride;
      }
      return new Case(lengths, weights, count, floats);
    }

    OuterProducts products() {
      OuterProducts.Builder builder = new OuterProducts.Builder();
      for (Weight w : weights) {
        // The operand's second row is that of the first step.
        builder.add(
            w.left,
            0,
            lengths[w.left],
            w.right,
            0,
            lengths[w.right],
            w.at * Float.BYTES,
            w.stride,
            w.first,
            w.all);
      }
      return builder.build();
    }

    List<Buffer> buffers() {
      List<Buffer> buffers = new ArrayList<>();
      for (int length : lengths) {
        buffers.add(new Buffer("v", Lanes.pad(length), Buffer.Rows.SEQUENCE, Buffer.Rows.SEQUENCE));
      }
      buffers.add(
          new Buffer("outer", products().scratchFloats(), Buffer.Rows.ONCE, Buffer.Rows.ONCE));
      return buffers;
    }
  }

  private static float[] gradients(Case c, int members, SplittableRandom random, float[] before) {
    List<Buffer> buffers = c.buffers();
    long floats = Frame.workFloats(buffers, Mode.TRAINING, 1, c.count, members);
    try (Memory.Block work = Memory.allocate("test", floats);
        Memory.Block gradients = Memory.allocate("test", c.floats)) {
      MemorySegment.copy(before, 0, gradients.segment(), ValueLayout.JAVA_FLOAT, 0, before.length);
      Buffers code = new Buffers(buffers);
      PackedWeights packed =
          PackedWeights.allocate("test", code.packing(), Mode.INFERENCE, WeightFormat.FLOAT32);
      Frame first =
          new Frame(
              code,
              Mode.TRAINING,
              MemorySegment.NULL,
              packed,
              gradients.segment(),
              work.segment(),
              members);
      int[] rows = new int[c.count];
      Arrays.fill(rows, 1);
      first.layOut(1, rows, c.count);
      for (int i = 0; i < c.lengths.length; i++) {
        for (int r = 0; r < c.count; r++) {
          for (int j = 0; j < c.lengths[i]; j++) {
            work.segment()
                .set(ValueLayout.JAVA_FLOAT, first.row(i, r) + 4L * j, random.nextFloat(-1, 1));
          }
        }
      }
      OuterProducts products = c.products();
      for (int member = 0; member < members; member++) {
        Frame frame = member == 0 ? first : first.member(member, packed);
        frame.share(Team.of(members), members, Split.SEQUENCES);
        products.addTo(frame, 0, c.count, c.lengths.length);
      }
      return gradients.segment().asSlice(0, 4L * c.floats).toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @Test
  void operandsThatAreSharedGiveEachWeightItsGradient() {
    SplittableRandom seeds = new SplittableRandom(5);
    for (int trial = 0; trial < 60; trial++) {
      Case c = Case.random(seeds);
      float[] before = new float[c.floats];
      for (int i = 0; i < before.length; i++) {
        before[i] = seeds.nextFloat(-1, 1);
      }
      long seed = seeds.nextLong();
      float[] after = gradients(c, 1, new SplittableRandom(seed), before);
      assertThat(gradients(c, 5, new SplittableRandom(seed), before))
          .as("five members: %s", c)
          .isEqualTo(after);
      expect(c, new SplittableRandom(seed), before, after);
    }
  }

  private static void expect(Case c, SplittableRandom random, float[] before, float[] after) {
    double[][][] values = new double[c.lengths.length][c.count][];
    for (int i = 0; i < c.lengths.length; i++) {
      for (int r = 0; r < c.count; r++) {
        values[i][r] = new double[c.lengths[i]];
        for (int j = 0; j < c.lengths[i]; j++) {
          values[i][r][j] = random.nextFloat(-1, 1);
        }
      }
    }
    double[] expected = new double[c.floats];
    for (int i = 0; i < c.floats; i++) {
      expected[i] = before[i];
    }
    for (Weight w : c.weights) {
      for (int r = 0; r < c.count; r++) {
        double[] left = values[w.left][r];
        double[] right = values[w.right][r];
        for (int i = 0; i < left.length; i++) {
          for (int j = 0; j < right.length; j++) {
            expected[Math.toIntExact(w.at) + i * w.stride + j] += left[i] * right[j];
          }
        }
      }
    }
    for (int i = 0; i < c.floats; i++) {
      // At most three products and a start: half an ulp of their largest sum, for each of its
      // terms.
      assertThat((double) after[i])
          .as("float %d of %s", i, c)
          .isCloseTo(expected[i], within((3 * c.count + 1) * (3 * c.count + 1) * 0x1p-24));
    }
  }

  @Test
  void rowsThatAreNotThereThrow() {
    Case c = new Case(new int[] {5, 5}, List.of(new Weight(0, 1, 1, 5, 0, 5)), 4, 26);
    Case tooFew = new Case(c.lengths, List.of(new Weight(0, 1, 2_000, 5, 0, 5)), 4, 26);
    assertThatThrownBy(() -> gradients(tooFew, 1, new SplittableRandom(1), new float[26]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
