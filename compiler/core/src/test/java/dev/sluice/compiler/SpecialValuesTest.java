package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import org.junit.jupiter.api.Test;

/// Values at the ends of what a float is, from step to step.
class SpecialValuesTest {
  private static final int UNITS = 17;

  /// `h_t = a h_{t-1} + x_t`, from what the first step's x is.
  private static float[] decay(float a, float first, int steps) {
    var cell = SluiceCompiler.compile("dim x = dim h\nh_t = a ∘ h_{t-1} + x_t").load();
    float[] x = new float[UNITS];
    float[] h = new float[UNITS];
    float[] values = new float[steps];
    try (Sequential network = Sequential.of(Recurrent.of(cell, Sizes.of("x", UNITS)));
        Session session = network.session(1)) {
      float[] weights = new float[UNITS];
      java.util.Arrays.fill(weights, a);
      network.weights().set(Name.of(0, "a"), weights);
      java.util.Arrays.fill(x, first);
      for (int t = 0; t < steps; t++) {
        session.step(x, h);
        java.util.Arrays.fill(x, 0);
        values[t] = h[UNITS - 1];
      }
    }
    return values;
  }

  @Test
  void aStateDecaysThroughDenormalsToZero() {
    float[] values = decay(0.5f, 1, 160);
    for (int t = 0; t < values.length; t++) {
      assertThat(values[t]).isEqualTo((float) Math.pow(0.5, t));
    }
    assertThat(values[140]).isBetween(Float.MIN_VALUE, Float.MIN_NORMAL);
    assertThat(values[159]).isZero();
  }

  @Test
  void whatIsNoNumberStays() {
    assertThat(decay(0.5f, Float.NaN, 3)).containsOnly(Float.NaN);
    assertThat(decay(0.5f, Float.POSITIVE_INFINITY, 3)).containsOnly(Float.POSITIVE_INFINITY);
    assertThat(decay(-1, Float.NEGATIVE_INFINITY, 2))
        .containsExactly(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
  }

  @Test
  void oneSequencesNaNIsItsOwn() {
    var cell = SluiceCompiler.compile("h_t = tanh(W h_{t-1} + V x_t)").load();
    try (Sequential network =
            Sequential.of(Recurrent.of(cell, Sizes.of("x", 3).and("h", UNITS))).initialise(2);
        Session session = network.session(1)) {
      float[] x = new float[5 * 3];
      x[2 * 3] = Float.NaN;
      Tensor y = session.run(Tensor.of(x, 1, 5, 3));
      for (int b = 0; b < 5; b++) {
        assertThat(Float.isNaN(y.get(0, b, 4))).isEqualTo(b == 2);
      }
    }
  }
}
