package dev.sluice.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Values;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Definitions in the language against the formulas of the other libraries' documentation.
final class ActivationsTest {
  private static final double[] POINTS = {-7, -3, -1.2, -0.3, 0, 0.2, 0.5, 1.1, 3.5, 7};
  private static final double EXPONENTIALS = Arrays.stream(POINTS).map(Math::exp).sum();

  private static Arguments onnx(String name, double alpha, double beta, DoubleUnaryOperator f) {
    return Arguments.of(name, Activations.onnx("act", name, alpha, beta), f);
  }

  private static Arguments keras(String name, DoubleUnaryOperator f) {
    return Arguments.of(name, Activations.keras("act", name), f);
  }

  private static Arguments jax(String name, DoubleUnaryOperator f) {
    return Arguments.of(name + " of JAX", Activations.jax("act", name), f);
  }

  private static double clip(double v, double low, double high) {
    return Math.max(low, Math.min(high, v));
  }

  static Stream<Arguments> all() {
    return Stream.of(
        onnx("Relu", 0, 0, v -> Math.max(v, 0)),
        onnx("Tanh", 0, 0, Math::tanh),
        onnx("Sigmoid", 0, 0, v -> 1 / (1 + Math.exp(-v))),
        onnx("Affine", 0.5, -0.1, v -> 0.5 * v - 0.1),
        onnx("LeakyRelu", 0.02, 0, v -> v < 0 ? 0.02 * v : v),
        onnx("ThresholdedRelu", 0.5, 0, v -> v > 0.5 ? v : 0),
        onnx("ScaledTanh", 1.5, 0.75, v -> 1.5 * Math.tanh(0.75 * v)),
        onnx("HardSigmoid", 0.2, 0.5, v -> clip(0.2 * v + 0.5, 0, 1)),
        onnx("Elu", 0.7, 0, v -> v < 0 ? 0.7 * Math.expm1(v) : v),
        onnx("Softsign", 0, 0, v -> v / (1 + Math.abs(v))),
        onnx("Softplus", 0, 0, v -> Math.log1p(Math.exp(v))),
        keras("linear", v -> v),
        keras("hard_sigmoid", v -> clip(v + 3, 0, 6) / 6),
        keras("silu", v -> v / (1 + Math.exp(-v))),
        keras("exponential", Math::exp),
        keras("relu6", v -> clip(v, 0, 6)),
        keras("hard_tanh", v -> clip(v, -1, 1)),
        keras("leaky_relu", v -> v < 0 ? 0.2 * v : v),
        keras("log_sigmoid", v -> -Math.log1p(Math.exp(-v))),
        keras("hard_silu", v -> v * clip(v + 3, 0, 6) / 6),
        keras("celu", v -> v < 0 ? Math.expm1(v) : v),
        keras("squareplus", v -> (v + Math.sqrt(v * v + 4)) / 2),
        keras("sparse_plus", v -> v <= -1 ? 0 : v >= 1 ? v : (v + 1) * (v + 1) / 4),
        keras("sparse_sigmoid", v -> v <= -1 ? 0 : v >= 1 ? 1 : (v + 1) / 2),
        keras("tanh_shrink", v -> v - Math.tanh(v)),
        keras("soft_shrink", v -> v > 0.5 ? v - 0.5 : v < -0.5 ? v + 0.5 : 0),
        keras("hard_shrink", v -> Math.abs(v) > 0.5 ? v : 0),
        keras("softmax", v -> Math.exp(v) / EXPONENTIALS),
        keras("log_softmax", v -> v - Math.log(EXPONENTIALS)),
        jax("leaky_relu", v -> v < 0 ? 0.01 * v : v),
        jax("soft_sign", v -> v / (1 + Math.abs(v))),
        keras("selu", v -> 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * Math.expm1(v) : v)),
        keras("elu", v -> v < 0 ? Math.expm1(v) : v),
        jax(
            "gelu",
            v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void asDocumented(String name, String definition, DoubleUnaryOperator expected) {
    Compiled compiled =
        SluiceCompiler.compile(definition + "\nh_t = act(x_t) + u ∘ h_{t-1}\ndim x = dim h\n");
    double[][][] x = new double[1][1][POINTS.length];
    x[0][0] = POINTS;
    Values values =
        Values.of(1, 1, Map.of("u", Array.vector(new double[POINTS.length])), Map.of("x", x));

    double[] actual =
        Interpreter.of(compiled.canonical(), compiled.cell().sizes(Map.of("h", POINTS.length)))
            .run(values)
            .output()[0][0];

    for (int i = 0; i < POINTS.length; i++) {
      assertThat(actual[i])
          .as("%s(%s)", name, POINTS[i])
          .isCloseTo(expected.applyAsDouble(POINTS[i]), org.assertj.core.data.Offset.offset(1e-12));
    }
  }
}
