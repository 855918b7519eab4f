package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Accuracy against double precision: every 20,011th float of all, and the ends.
class FunctionsTest {
  @Test
  void sigmoidIsCloseEverywhere() {
    Error error = Error.of(Functions::sigmoid, x -> 1 / (1 + Math.exp(-x)), ALL);
    assertThat(error.absolute).isLessThan(2e-7);
  }

  @Test
  void tanhIsCloseEverywhere() {
    Error error = Error.of(Functions::tanh, Math::tanh, ALL);
    assertThat(error.absolute).isLessThan(3e-7);
  }

  @Test
  void tanhAndSigmoidStayInTheirRange() {
    float[] tanh = map(Functions::tanh, ALL);
    float[] sigmoid = map(Functions::sigmoid, ALL);
    for (int i = 0; i < ALL.length; i++) {
      if (!Float.isNaN(ALL[i]) && !(Math.abs(tanh[i]) <= 1 && sigmoid[i] >= 0 && sigmoid[i] <= 1)) {
        assertThat(ALL[i]).as("tanh %s, sigmoid %s", tanh[i], sigmoid[i]).isNaN();
      }
    }
  }

  @Test
  void expIsWithinOneUlp() {
    assertThat(Error.of(Functions::exp, Math::exp, ALL).ulps).isLessThan(1.0);
    assertThat(Error.of(Functions::exp, Math::exp, between(-88, 89)).ulps).isLessThan(1.0);
    assertThat(Error.of(Functions::exp, Math::exp, between(-106, -87)).ulps).isLessThan(1.0);
  }

  @Test
  void logIsWithinOneUlp() {
    assertThat(Error.of(Functions::log, Math::log, ALL).ulps).isLessThan(1.0);
    assertThat(Error.of(Functions::log, Math::log, between(0.5f, 2)).ulps).isLessThan(1.0);
  }

  @Test
  void softplusIsWithinTwoUlp() {
    DoubleUnaryOperator exact = x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    assertThat(Error.of(Functions::softplus, exact, ALL).ulps).isLessThan(2.0);
    assertThat(Error.of(Functions::softplus, exact, between(-87, 20)).ulps).isLessThan(2.0);
  }

  @Test
  void powerIsRelativelyClose() {
    double worst = 0;
    double worstModerate = 0;
    for (float b :
        new float[] {-30, -3, -2, -1.5f, -0.3f, 0.1f, 0.5f, 1, 1.7f, 2, 3, 10, 80, 250}) {
      float exponent = b;
      float[] inputs = between(1e-3f, 30);
      float[] got =
          map(a -> Functions.power(a, FloatVector.broadcast(Vectors.SPECIES, exponent)), inputs);
      for (int i = 0; i < inputs.length; i++) {
        double exact = Math.pow(inputs[i], b);
        if (exact > Float.MIN_NORMAL && exact < 3.4e38) {
          double error = Math.abs(got[i] / exact - 1);
          worst = Math.max(worst, error);
          worstModerate = Math.max(worstModerate, Math.abs(Math.log(exact)) < 10 ? error : 0);
        }
      }
    }
    assertThat(worst).isLessThan(2e-6);
    assertThat(worstModerate).isLessThan(3e-7);
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
  void ends(String function, float x, float expected) {
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
  void endsOfTwo(String function, float a, float b, float expected) {
    assertThat(apply(function.equals("power") ? Functions::power : Functions::greater, a, b))
        .isEqualTo(Float.valueOf(expected));
  }

  private static UnaryOperator<FloatVector> unary(String name) {
    return switch (name) {
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

  private static float[] map(UnaryOperator<FloatVector> function, float[] inputs) {
    float[] padded = Arrays.copyOf(inputs, Lanes.pad(inputs.length));
    float[] results = new float[padded.length];
    for (int i = 0; i < padded.length; i += Lanes.COUNT) {
      function.apply(FloatVector.fromArray(Vectors.SPECIES, padded, i)).intoArray(results, i);
    }
    return Arrays.copyOf(results, inputs.length);
  }

  /// All lanes must agree; so one of them is the result.
  private static float apply(UnaryOperator<FloatVector> function, float x) {
    return same(function.apply(FloatVector.broadcast(Vectors.SPECIES, x)));
  }

  private static float apply(BinaryOperator<FloatVector> function, float a, float b) {
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

  private static final float[] ALL = sample(0, 1L << 32, 20_011);

  private static float[] between(float from, float to) {
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (from + (double) i / values.length * ((double) to - from));
    }
    return values;
  }

  private static float[] sample(long from, long to, long step) {
    float[] values = new float[(int) ((to - from + step - 1) / step)];
    IntStream.range(0, values.length)
        .forEach(i -> values[i] = Float.intBitsToFloat((int) (from + i * step)));
    return values;
  }

  /// The largest errors of a function; NaN and infinities must be met exactly.
  private record Error(double absolute, double ulps) {
    static Error of(
        UnaryOperator<FloatVector> function, DoubleUnaryOperator exact, float[] inputs) {
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
      return new Error(absolute, ulps);
    }
  }
}
