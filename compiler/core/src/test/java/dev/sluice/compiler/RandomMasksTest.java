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
import org.junit.jupiter.api.Test;

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

  private static Sequential network(Compiled cell, int layers) {
    return Sequential.of(Recurrent.of(cell.load(), SIZES).stacked(layers)).initialise(1);
  }

  private static Batch batch() {
    Random random = new Random(3);
    float[] x = new float[STEPS * BATCH * INPUTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return Batch.of(Tensor.of(x, STEPS, BATCH, INPUTS)).lengths(LENGTHS);
  }

  @Test
  void aSeedSaysWhatEveryPassDraws() {
    try (Sequential network = network(CELL, 2);
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

  @Test
  void trainingIsWhatTheInterpreterComputesWithTheSameSeed() {
    try (Sequential network = network(CELL, 1);
        Training training = network.training(1)) {
      Tensor y = training.seed(7).forward(batch());
      Map<String, Array> parameters = new LinkedHashMap<>();
      for (Name name : network.weights().names()) {
        parameters.put(name.symbol(), doubles(network.weights().get(name)));
      }
      Interpreter interpreter = Interpreter.of(CELL.cell(), Map.of("x", INPUTS, "h", HIDDEN));
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
    try (Sequential without = network(plain, 2);
        Sequential with = network(dropped, 2);
        Session expected = without.session(1);
        Session found = with.session(1);
        Training training = with.training(1)) {
      float[] y = expected.run(batch()).toArray();
      assertThat(found.run(batch()).toArray()).isEqualTo(y);
      assertThat(training.forward(batch()).toArray()).isNotEqualTo(y);
      assertThat(training.withoutMasks().forward(batch()).toArray()).isEqualTo(y);
    }
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
