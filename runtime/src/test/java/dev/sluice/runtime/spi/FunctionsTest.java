package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Accuracy against double precision, and the ends.
class FunctionsTest {
  @Test
  void sigmoidIsCloseEverywhere() {
    Accuracy error =
        Accuracy.of(Functions::sigmoid, x -> 1 / (1 + Math.exp(-x)), Accuracy.EVERYWHERE);
    assertThat(error.absolute()).isLessThan(2e-7);
  }

  @Test
  void tanhIsCloseEverywhere() {
    Accuracy error = Accuracy.of(Functions::tanh, Math::tanh, Accuracy.EVERYWHERE);
    assertThat(error.absolute()).isLessThan(3e-7);
  }

  @Test
  void tanhAndSigmoidStayInTheirRange() {
    float[] all = Accuracy.EVERYWHERE;
    float[] tanh = Accuracy.map(Functions::tanh, Accuracy.EVERYWHERE);
    float[] sigmoid = Accuracy.map(Functions::sigmoid, Accuracy.EVERYWHERE);
    for (int i = 0; i < all.length; i++) {
      if (!Float.isNaN(all[i]) && !(Math.abs(tanh[i]) <= 1 && sigmoid[i] >= 0 && sigmoid[i] <= 1)) {
        assertThat(all[i]).as("tanh %s, sigmoid %s", tanh[i], sigmoid[i]).isNaN();
      }
    }
  }

  @Test
  void expIsWithinOneUlp() {
    assertThat(Accuracy.of(Functions::exp, Math::exp, Accuracy.EVERYWHERE).ulps()).isLessThan(1.0);
    assertThat(Accuracy.of(Functions::exp, Math::exp, Accuracy.between(-88, 89)).ulps())
        .isLessThan(1.0);
    assertThat(Accuracy.of(Functions::exp, Math::exp, Accuracy.between(-106, -87)).ulps())
        .isLessThan(1.0);
  }

  @Test
  void logIsWithinOneUlp() {
    assertThat(Accuracy.of(Functions::log, Math::log, Accuracy.EVERYWHERE).ulps()).isLessThan(1.0);
    assertThat(Accuracy.of(Functions::log, Math::log, Accuracy.between(0.5f, 2)).ulps())
        .isLessThan(1.0);
  }

  @Test
  void sineAndCosineAreCloseEverywhere() {
    float[] usual = Accuracy.between(-30_000, 30_000, 1_000_003);
    assertThat(Accuracy.of(Trigonometry::sin, Math::sin, usual).absolute()).isLessThan(1.5e-7);
    assertThat(Accuracy.of(Trigonometry::cos, Math::cos, usual).absolute()).isLessThan(1.5e-7);
    float[] large = Accuracy.between(-3e9f, 3e9f);
    assertThat(Accuracy.of(Trigonometry::sin, Math::sin, large).absolute()).isLessThan(1.5e-7);
    assertThat(Accuracy.of(Trigonometry::cos, Math::cos, large).absolute()).isLessThan(1.5e-7);
    float[] small = Accuracy.between(-0.75f, 0.75f);
    assertThat(Accuracy.of(Trigonometry::sin, Math::sin, small).ulps()).isLessThan(2.0);
  }

  @Test
  void sineOfALaneDoesNotDependOnTheOthers() throws Throwable {
    for (int lane = 1; lane < Lanes.COUNT; lane++) {
      for (float x : Accuracy.between(-30_000, 30_000, 1_000)) {
        FloatVector alone = FloatVector.broadcast(Vectors.SPECIES, x);
        FloatVector besideALargeOne = alone.withLane(0, 1e9f);
        assertThat(Trigonometry.sin(besideALargeOne).lane(lane))
            .isEqualTo(Trigonometry.sin(alone).lane(lane));
        assertThat(Trigonometry.cos(besideALargeOne).lane(lane))
            .isEqualTo(Trigonometry.cos(alone).lane(lane));
      }
    }
  }

  @Test
  void erfIsWithinTwoUlp() {
    assertThat(Accuracy.of(Functions::erf, FunctionsTest::erf, Accuracy.between(-8, 8)).ulps())
        .isLessThan(2.0);
  }

  /// Its derivative summed up, in 4,000 steps of Simpson's rule.
  private static double erf(double x) {
    int steps = 4_000;
    double width = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double s = i * width;
      int weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-s * s);
    }
    return sum * width / 3 * 2 / Math.sqrt(Math.PI);
  }

  @Test
  void floorIsExact() {
    assertThat(Accuracy.of(Functions::floor, Math::floor, Accuracy.EVERYWHERE).absolute()).isZero();
    assertThat(Accuracy.of(Functions::floor, Math::floor, Accuracy.between(-20, 20)).absolute())
        .isZero();
  }

  @Test
  void softplusIsWithinTwoUlp() {
    DoubleUnaryOperator exact = x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    assertThat(Accuracy.of(Functions::softplus, exact, Accuracy.EVERYWHERE).ulps()).isLessThan(2.0);
    assertThat(Accuracy.of(Functions::softplus, exact, Accuracy.between(-87, 20)).ulps())
        .isLessThan(2.0);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          exp,      NaN,       NaN
          exp,      Infinity,  Infinity
          exp,     -Infinity,  0
          exp,      88.73,     Infinity
          exp,      3e38,      Infinity
          exp,     -104,       0
          exp,     -3e38,      0
          exp,      0,         1
          exp,     -0.0,       1
          log,      NaN,       NaN
          log,      Infinity,  Infinity
          log,     -Infinity,  NaN
          log,      0,        -Infinity
          log,     -0.0,      -Infinity
          log,     -1e-45,     NaN
          log,     -2,         NaN
          log,      1,         0
          log,      1.4e-45,  -103.27893
          tanh,     NaN,       NaN
          tanh,     Infinity,  1
          tanh,    -Infinity, -1
          tanh,     20,        1
          tanh,    -20,       -1
          tanh,     0,         0
          tanh,    -0.0,      -0.0
          sigmoid,  NaN,       NaN
          sigmoid,  Infinity,  1
          sigmoid, -Infinity,  0
          sigmoid,  40,        1
          sigmoid, -40,        0
          sigmoid,  0,         0.5
          precise tanh,     NaN,       NaN
          precise tanh,     Infinity,  1
          precise tanh,    -Infinity, -1
          precise tanh,     20,        1
          precise tanh,    -3e38,     -1
          precise tanh,     0,         0
          precise tanh,    -0.0,      -0.0
          precise tanh,     1.4e-45,   1.4e-45
          precise sigmoid,  NaN,       NaN
          precise sigmoid,  Infinity,  1
          precise sigmoid, -Infinity,  0
          precise sigmoid,  40,        1
          precise sigmoid, -40,        4.248354E-18
          precise sigmoid,  0,         0.5
          softplus, NaN,       NaN
          softplus, Infinity,  Infinity
          softplus,-Infinity,  0
          softplus, 1000,      1000
          softplus,-1000,      0
          softplus, 0,         0.6931472
          relu,     NaN,       NaN
          relu,    -3,         0
          relu,     3,         3
          sign,     NaN,       NaN
          sign,    -Infinity, -1
          sign,    -1e-45,    -1
          sign,     0,         0
          sign,    -0.0,      -0.0
          sign,     7,         1
          step,     NaN,       0
          step,     1e-45,     1
          step,     0,         0
          step,    -5,         0
          """)
  void ends(String function, float x, float expected) throws Throwable {
    assertThat(apply(unary(function), x)).isEqualTo(Float.valueOf(expected));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          power,    2,         10,       1024
          power,   -2,         3,       -8
          power,   -2,         4,        16
          power,   -2,         0.5,      NaN
          power,   -4,        -1,       -0.25
          power,    0,         2,        0
          power,    0,        -2,        Infinity
          power,    0,         0,        1
          power,    NaN,       0,        1
          power,    NaN,       1,        NaN
          power,    1,         NaN,      NaN
          power,    1,         5000,     1
          power,   -1,         16777217, 1
          power,   -1,         8388607, -1
          power,   -1,         3e38,     1
          power,    10,        39,       Infinity
          power,   -10,        39,      -Infinity
          power,    10,       -50,       0
          power,    1.4e-45,   1,        1.4e-45
          power,    Infinity,  2,        Infinity
          power,    Infinity, -2,        0
          greater,  2,         1,        1
          greater,  1,         1,        0
          greater,  1,         2,        0
          greater,  NaN,       1,        0
          greater,  1,         NaN,      0
          """)
  void endsOfTwo(String function, float a, float b, float expected) throws Throwable {
    assertThat(apply(function.equals("power") ? Power::power : Functions::greater, a, b))
        .isEqualTo(Float.valueOf(expected));
  }

  private static Accuracy.Unary unary(String name) {
    return switch (name) {
      case "precise tanh" -> Precise::tanh;
      case "precise sigmoid" -> Precise::sigmoid;
      case "exp" -> Functions::exp;
      case "log" -> Functions::log;
      case "tanh" -> Functions::tanh;
      case "sigmoid" -> Functions::sigmoid;
      case "softplus" -> Functions::softplus;
      case "relu" -> Functions::relu;
      case "sign" -> Functions::sign;
      case "step" -> Functions::step;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// All lanes must agree; so one of them is the result.
  private static float apply(Accuracy.Unary function, float x) throws Throwable {
    return same(function.apply(FloatVector.broadcast(Vectors.SPECIES, x)));
  }

  private static float apply(Accuracy.Binary function, float a, float b) throws Throwable {
    return same(
        function.apply(
            FloatVector.broadcast(Vectors.SPECIES, a), FloatVector.broadcast(Vectors.SPECIES, b)));
  }

  private static float same(FloatVector result) {
    float[] lanes = result.toArray();
    for (float lane : lanes) {
      assertThat(Float.floatToIntBits(lane)).isEqualTo(Float.floatToIntBits(lanes[0]));
    }
    return lanes[0];
  }
}
