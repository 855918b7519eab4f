package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Rounding of weights to fewer bits.
class NarrowTest {
  private static float rounded(float value) {
    return Narrow.fromBfloat16(Narrow.toBfloat16(value));
  }

  @Test
  void bf16IsTheNearestOfTheTwoNeighbours() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!Float.isFinite(value)) {
        continue;
      }
      float below = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
      float above = Float.intBitsToFloat(Float.floatToRawIntBits(below) + 0x10000);
      double least = Math.abs((double) value - below);
      if (Float.isFinite(above)) {
        least = Math.min(least, Math.abs((double) value - above));
      }
      assertThat(Math.abs((double) value - rounded(value))).as("%s", value).isEqualTo(least);
    }
  }

  @Test
  void bf16OfTheMiddleIsEven() {
    assertThat(rounded(Float.intBitsToFloat(0x3F808000)))
        .isEqualTo(Float.intBitsToFloat(0x3F800000));
    assertThat(rounded(Float.intBitsToFloat(0x3F818000)))
        .isEqualTo(Float.intBitsToFloat(0x3F820000));
    assertThat(rounded(Float.intBitsToFloat(0xBF818000)))
        .isEqualTo(Float.intBitsToFloat(0xBF820000));
  }

  @Test
  void bf16KeepsWhatIsNoNumberAndWhatIsFinite() {
    float largest = Float.intBitsToFloat(0x7F7F0000);
    assertThat(rounded(Float.MAX_VALUE)).isEqualTo(largest);
    assertThat(rounded(-Float.MAX_VALUE)).isEqualTo(-largest);
    assertThat(rounded(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(rounded(Float.NaN)).isNaN();
    // A NaN whose upper half alone would be an infinity.
    assertThat(rounded(Float.intBitsToFloat(0x7F800001))).isNaN();
    assertThat(Float.floatToRawIntBits(rounded(-0f))).isEqualTo(0x80000000);
    assertThat(rounded(Float.MIN_VALUE)).isEqualTo(0);
    assertThat(rounded(Float.intBitsToFloat(0x00018000))).isEqualTo(Float.intBitsToFloat(0x20000));
  }

  @Test
  void int8IsWithinHalfAStepOfTheRow() {
    SplittableRandom random = new SplittableRandom(5);
    for (float most : new float[] {1e-42f, 1e-38f, 1e-20f, 0.3f, 1, 4711, 1e30f, Float.MAX_VALUE}) {
      float scale = Narrow.scale(most);
      for (int i = 0; i < 1000; i++) {
        float value = i == 0 ? most : i == 1 ? -most : most * (2 * random.nextFloat() - 1);
        int whole = Narrow.toInt8(value, scale);
        assertThat(whole).isBetween(-127, 127);
        assertThat(Math.abs((double) value - (double) whole * scale))
            .as("%s of at most %s", value, most)
            .isLessThanOrEqualTo(0.500001 * most / 127 + 127 * Float.MIN_VALUE);
      }
      assertThat(Narrow.toInt8(0, scale)).isZero();
    }
  }

  @Test
  void int8OfARowOfZerosIsZero() {
    assertThat(Narrow.scale(0)).isZero();
    assertThat(Narrow.toInt8(0, 0)).isZero();
    // Too small for a scale of its own.
    assertThat(Narrow.toInt8(Float.MIN_VALUE, Narrow.scale(Float.MIN_VALUE))).isZero();
  }
}
