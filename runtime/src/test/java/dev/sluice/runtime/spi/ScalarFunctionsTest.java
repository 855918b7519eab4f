package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/// Each function gives, bit by bit, what its vector twin gives.
@DisabledIfSystemProperty(named = "sluice.vector", matches = "off")
class ScalarFunctionsTest {
  private interface FloatFunction {
    float of(float x);
  }

  private interface TwoFloats {
    float of(float a, float b);
  }

  /// Every 20,011th float of all, and those where something happens.
  private static final float[] ALL = all();

  private static final float[] ENDS = {
    0,
    -0f,
    1,
    -1,
    2,
    -2,
    3,
    -3,
    0.5f,
    -0.5f,
    10,
    -10,
    39,
    -50,
    5000,
    8388607,
    16777217,
    3e38f,
    -3e38f,
    88.73f,
    -104,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  @Test
  void functionsOfOneNumber() throws Throwable {
    same("tanh", ScalarFunctions::tanh, Functions::tanh);
    same("sigmoid", ScalarFunctions::sigmoid, Functions::sigmoid);
    same("precise tanh", ScalarPrecise::tanh, Precise::tanh);
    same("precise sigmoid", ScalarPrecise::sigmoid, Precise::sigmoid);
    same("exp", ScalarFunctions::exp, Functions::exp);
    same("log", ScalarFunctions::log, Functions::log);
    same("softplus", ScalarFunctions::softplus, Functions::softplus);
    same("relu", ScalarFunctions::relu, Functions::relu);
    same("sign", ScalarFunctions::sign, Functions::sign);
    same("step", ScalarFunctions::step, Functions::step);
    same("erf", ScalarFunctions::erf, Functions::erf);
    same("floor", ScalarFunctions::floor, Functions::floor);
  }

  @Test
  void functionsOfTwoNumbers() throws Throwable {
    same("power", ScalarFunctions::power, Power::power);
    same("greater", ScalarFunctions::greater, Functions::greater);
  }

  @Test
  void choice() {
    for (float condition : ENDS) {
      float vector = Functions.select(spread(condition), spread(5), spread(Float.NaN)).lane(0);
      assertThat(ScalarFunctions.select(condition, 5, Float.NaN)).isEqualTo(Float.valueOf(vector));
    }
  }

  private static void same(String name, FloatFunction scalar, Accuracy.Unary vector)
      throws Throwable {
    for (float x : ALL) {
      same(name + " of " + x, scalar.of(x), vector.apply(spread(x)));
    }
    for (float x : ENDS) {
      same(name + " of " + x, scalar.of(x), vector.apply(spread(x)));
    }
  }

  private static void same(String name, TwoFloats scalar, Accuracy.Binary vector) throws Throwable {
    for (float b : ENDS) {
      for (float a : ENDS) {
        same(name + " of " + a + ", " + b, scalar.of(a, b), vector.apply(spread(a), spread(b)));
      }
      for (int i = 0; i < ALL.length; i += 100) {
        float a = ALL[i];
        same(name + " of " + a + ", " + b, scalar.of(a, b), vector.apply(spread(a), spread(b)));
      }
    }
  }

  private static void same(String what, float scalar, FloatVector vector) {
    float expected = vector.lane(0);
    if (Float.floatToIntBits(scalar) != Float.floatToIntBits(expected)) {
      assertThat(scalar).as(what).isEqualTo(Float.valueOf(expected));
    }
  }

  private static FloatVector spread(float x) {
    return FloatVector.broadcast(Vectors.SPECIES, x);
  }

  private static float[] all() {
    float[] values = new float[(int) ((1L << 32) / 20_011)];
    IntStream.range(0, values.length)
        .forEach(i -> values[i] = Float.intBitsToFloat((int) (i * 20_011L)));
    return values;
  }
}
