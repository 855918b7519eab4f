package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every function that precise cells call, against double precision: every 1,009th float of all,
/// random bits, and densely where the results change.
class PreciseTest {
  private static final float[] EVERYWHERE = Accuracy.sample(1_009);

  static Stream<Arguments> functions() {
    return Stream.of(
        function("sigmoid", Precise::sigmoid, x -> 1 / (1 + StrictMath.exp(-x))),
        function("tanh", Precise::tanh, StrictMath::tanh),
        function("exp", Functions::exp, StrictMath::exp),
        function("log", Functions::log, StrictMath::log),
        function(
            "softplus",
            Functions::softplus,
            x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)))));
  }

  private static Arguments function(
      String name, Accuracy.Unary function, DoubleUnaryOperator exact) {
    return Arguments.of(name, function, exact);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void isWithinTwoUlp(String name, Accuracy.Unary function, DoubleUnaryOperator exact) {
    double worst = Accuracy.of(function, exact, EVERYWHERE).ulps();
    worst = Math.max(worst, Accuracy.of(function, exact, Accuracy.random(1_000_000, 1)).ulps());
    for (float end : new float[] {0.01f, 1, 10, 110}) {
      float[] dense = Accuracy.between(-end, end, 500_000);
      worst = Math.max(worst, Accuracy.of(function, exact, dense).ulps());
    }
    assertThat(worst).as("ulps").isLessThan(2);
  }

  @Test
  void powersAreWithinFourUlp() throws Throwable {
    SplittableRandom random = new SplittableRandom(2);
    float[] a = new float[Lanes.COUNT];
    float[] b = new float[Lanes.COUNT];
    float[] found = new float[Lanes.COUNT];
    double worst = 0;
    for (int trial = 0; trial < 2_000_000; trial += Lanes.COUNT) {
      for (int i = 0; i < a.length; i++) {
        // A third near 1, a third of any size, a third with whole exponents.
        a[i] =
            switch (trial / Lanes.COUNT % 3) {
              case 0 -> random.nextFloat(0.5f, 2);
              case 1 -> Float.intBitsToFloat(random.nextInt(1 << 23, 255 << 23));
              default -> random.nextFloat(-30, 30);
            };
        // No power of 0 is left between the bounds.
        a[i] = a[i] == 0 ? 1 : a[i];
        double widest = 87 / Math.max(1e-3, Math.abs(Math.log(Math.abs(a[i]))));
        b[i] = (float) random.nextDouble(-widest, widest);
        b[i] = a[i] < 0 ? Math.round(b[i]) : b[i];
      }
      Power.power(
              FloatVector.fromArray(Vectors.SPECIES, a, 0),
              FloatVector.fromArray(Vectors.SPECIES, b, 0))
          .intoArray(found, 0);
      for (int i = 0; i < a.length; i++) {
        double exact = StrictMath.pow(a[i], b[i]);
        double error = Math.abs(found[i] - exact) / Math.ulp((float) exact);
        assertThat(error).as("%s ^ %s = %s", a[i], b[i], found[i]).isLessThan(4);
        worst = Math.max(worst, error);
      }
    }
    assertThat(worst).isGreaterThan(0.5);
  }

  @Test
  void theUsualOnesAreNot() {
    assertThat(Accuracy.of(Functions::tanh, StrictMath::tanh, EVERYWHERE).ulps()).isGreaterThan(2);
  }
}
