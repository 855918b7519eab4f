package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;

/// The largest errors of a function against double precision; NaN and infinities must be met
/// exactly.
///
/// @param ulps error in units of the last place of the right result
record Accuracy(double absolute, double ulps) {
  interface Unary {
    FloatVector apply(FloatVector x) throws Throwable;
  }

  interface Binary {
    FloatVector apply(FloatVector a, FloatVector b) throws Throwable;
  }

  /// Every 20,011th float of all, denormals and NaN among them.
  static final float[] EVERYWHERE = sample(20_011);

  /// Every `step`th float of all.
  static float[] sample(int step) {
    float[] values = new float[(int) ((1L << 32) / step)];
    IntStream.range(0, values.length)
        .forEach(i -> values[i] = Float.intBitsToFloat((int) ((long) i * step)));
    return values;
  }

  /// Floats of random bits.
  static float[] random(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    return values;
  }

  static float[] between(float from, float to) {
    return between(from, to, 10_000);
  }

  static float[] between(float from, float to, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (from + (double) i / count * ((double) to - from));
    }
    return values;
  }

  static float[] map(Unary function, float[] inputs) {
    float[] padded = Arrays.copyOf(inputs, Lanes.pad(inputs.length));
    float[] results = new float[padded.length];
    try {
      for (int i = 0; i < padded.length; i += Lanes.COUNT) {
        function.apply(FloatVector.fromArray(Vectors.SPECIES, padded, i)).intoArray(results, i);
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return Arrays.copyOf(results, inputs.length);
  }

  static Accuracy of(Unary function, DoubleUnaryOperator exact, float[] inputs) {
    double absolute = 0;
    double ulps = 0;
    float[] got = map(function, inputs);
    for (int i = 0; i < inputs.length; i++) {
      double expected = exact.applyAsDouble(inputs[i]);
      float rounded = (float) expected;
      if (Float.isNaN(rounded) || Float.isInfinite(rounded) || Float.isNaN(got[i])) {
        assertThat(got[i]).as("at %s", inputs[i]).isEqualTo(Float.valueOf(rounded));
        continue;
      }
      double error = Math.abs(got[i] - expected);
      absolute = Math.max(absolute, error);
      ulps = Math.max(ulps, error / Math.ulp(rounded));
    }
    return new Accuracy(absolute, ulps);
  }
}
