package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.WeightNoise;
import dev.sluice.runtime.spi.Masks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Dropout and zoneout in a network: what training draws follows from the seed alone, and inference
/// draws nothing.
class RandomMasksTest {
  private static final int STEPS = 9;
  private static final int BATCH = 5;
  private static final int INPUTS = 3;
  private static final int HIDDEN = 37;
  private static final Sizes SIZES = Sizes.of("x", INPUTS).and("h", HIDDEN);
  private static final int[] LENGTHS = {3, 9, 1, 9, 6};

  private static final Compiled CELL =
      SluiceCompiler.compile(
          """
          u_t = σ(W_u dropout(x_t, 0.3) + U_u h_{t-1})
          g_t = tanh(W_g x_t + U_g variational_dropout(h_{t-1}, 0.25) + b)
          h_t = zoneout(h_{t-1}, u_t ∘ h_{t-1} + (1 - u_t) ∘ g_t, 0.2)
          """);

  /// A matrix, of which a state, what is written and what is read are masked.
  private static final Compiled MATRIX =
      SluiceCompiler.compile(
          """
          k_t = tanh(K x_t)
          W_t = 0.9 variational_dropout(S_{t-1}, 0.1) + dropout((V x_t) k_t^T, 0.3)
          S_t = zoneout(S_{t-1}, W_t, 0.2)
          h_t = tanh(dropout(S_t, 0.25) (Q x_t))
          """);

  static Stream<Compiled> cells() {
    return Stream.of(CELL, MATRIX);
  }

  private static Sequential network(Compiled cell, int layers) {
    return Sequential.of(Recurrent.of(cell.load(), sizes(cell)).stacked(layers)).initialise(1);
  }

  private static Sizes sizes(Compiled cell) {
    boolean keys = cell.cell().lengths().values().stream().anyMatch(v -> v.contains("k"));
    return keys ? SIZES.and("k", 5) : SIZES;
  }

  private static Batch batch() {
    Random random = new Random(3);
    float[] x = new float[STEPS * BATCH * INPUTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return Batch.of(Tensor.of(x, STEPS, BATCH, INPUTS)).lengths(LENGTHS);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aSeedSaysWhatEveryPassDraws(Compiled cell) {
    try (Sequential network = network(cell, 2);
        Training one = network.training(1);
        Training two = network.training(2)) {
      float[] first = one.seed(7).forward(batch()).toArray();
      float[] second = one.forward(batch()).toArray();
      assertThat(first).isNotEqualTo(second);
      two.seed(7).warmUp(STEPS, BATCH, Duration.ofMillis(1));
      assertThat(two.forward(batch()).toArray()).isEqualTo(first);
      assertThat(two.forward(batch()).toArray()).isEqualTo(second);
      assertThat(two.seed(8).forward(batch()).toArray()).isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void trainingIsWhatTheInterpreterComputesWithTheSameSeed(Compiled cell) {
    try (Sequential network = network(cell, 1);
        Training training = network.training(1)) {
      Tensor y = training.seed(7).forward(batch());
      Map<String, Array> parameters = new LinkedHashMap<>();
      for (Name name : network.weights().names()) {
        parameters.put(name.symbol(), doubles(network.weights().get(name)));
      }
      Interpreter interpreter = Interpreter.of(cell.cell(), sizes(cell).byName());
      long seed = Masks.seed(Masks.seed(7, 0), 0);
      double[][][] expected = interpreter.run(values(parameters).withMaskSeed(seed)).output();
      for (int b = 0; b < BATCH; b++) {
        for (int t = 0; t < LENGTHS[b]; t++) {
          for (int i = 0; i < HIDDEN; i++) {
            double found = y.get(t, b, i);
            assertThat(Math.abs(found - expected[t][b][i])).isLessThan(1e-5);
          }
        }
      }
    }
  }

  private static Values values(Map<String, Array> parameters) {
    float[] x = batch().x().toArray();
    double[][][] steps = new double[STEPS][BATCH][INPUTS];
    for (int i = 0; i < x.length; i++) {
      steps[i / (BATCH * INPUTS)][i / INPUTS % BATCH][i % INPUTS] = x[i];
    }
    return Values.of(STEPS, BATCH, parameters, Map.of("x", steps))
        .withLengths(java.util.Arrays.stream(LENGTHS).boxed().toList());
  }

  private static Array doubles(Tensor tensor) {
    float[] floats = tensor.toArray();
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return tensor.rank() == 1
        ? Array.vector(values)
        : Array.matrix(tensor.size(0), tensor.size(1), values);
  }

  @Test
  void inferenceLeavesDropoutOut() {
    Compiled plain = SluiceCompiler.compile("h_t = tanh(W x_t + U h_{t-1} + b)");
    Compiled dropped =
        SluiceCompiler.compile(
            "h_t = tanh(W dropout(x_t, 0.3) + U variational_dropout(h_{t-1}, 0.5) + b)");
    assertThatInferenceIs(plain, dropped, 0);
  }

  /// But for roundings: an outer product that is masked is not added in one operation.
  @Test
  void inferenceLeavesDropoutOfMatricesOut() {
    String memory = "S_t = 0.9 %s + %s\nk_t = K x_t\nh_t = tanh(%s (Q x_t))";
    assertThatInferenceIs(
        SluiceCompiler.compile(memory.formatted("S_{t-1}", "(V x_t) k_t^T", "S_t")),
        SluiceCompiler.compile(
            memory.formatted(
                "variational_dropout(S_{t-1}, 0.5)",
                "dropout((V x_t) k_t^T, 0.3)",
                "dropout(S_t, 0.1)")),
        1e-6);
  }

  /// @param rounding relative to the largest number
  private static void assertThatInferenceIs(Compiled plain, Compiled dropped, double rounding) {
    try (Sequential without = network(plain, 2);
        Sequential with = network(dropped, 2);
        Session expected = without.session(1);
        Session found = with.session(1);
        Training training = with.training(1)) {
      float[] y = expected.run(batch()).toArray();
      assertThat(distance(found.run(batch()), y)).isLessThanOrEqualTo(rounding);
      assertThat(distance(training.forward(batch()), y)).isGreaterThan(0.01);
      assertThat(distance(training.withoutMasks().forward(batch()), y))
          .isLessThanOrEqualTo(rounding);
    }
  }

  private static double distance(Tensor found, float[] expected) {
    float[] numbers = found.toArray();
    assertThat(numbers).hasSameSizeAs(expected);
    double largest = 0;
    double distance = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      distance = Math.max(distance, Math.abs(numbers[i] - expected[i]));
    }
    return distance / largest;
  }

  @Test
  void weightNoiseIsThereWhileItIsOpen() {
    Compiled plain = SluiceCompiler.compile("h_t = tanh(W x_t + U h_{t-1} + b)");
    try (Sequential network = network(plain, 2);
        Training training = network.training(1)) {
      float[] clean = training.forward(batch()).toArray();
      Tensor gradient = Tensor.zeros(STEPS, BATCH, HIDDEN);
      float[] first;
      try (WeightNoise _ = WeightNoise.add(network.weights(), 0.1, 5)) {
        first = training.forward(batch()).toArray();
        training.backward(gradient);
      }
      assertThat(first).isNotEqualTo(clean);
      assertThat(training.forward(batch()).toArray()).isEqualTo(clean);
      try (WeightNoise _ = WeightNoise.add(network.weights(), 0.1, 5)) {
        assertThat(training.forward(batch()).toArray()).isEqualTo(first);
      }
      assertThatThrownBy(() -> training.backward(gradient))
          .hasMessageContaining("the weights have changed");
      try (WeightNoise _ = WeightNoise.add(network.weights(), 0, 5)) {
        assertThat(training.forward(batch()).toArray()).isEqualTo(clean);
      }
      assertThatThrownBy(() -> WeightNoise.add(network.weights(), -1, 5))
          .hasMessage("weight noise of deviation -1.0: expected a finite number, 0 or more");
    }
  }
}
