package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A cell that reads `h_{t-2}`: an initial value given for h holds for all steps before the first,
/// in the runtime as in the interpreter, and its gradient counts them all.
class DelayedStatesTest {
  private static final double[] W = {0.3, -0.2, 0.1, 0.4};
  private static final double[] U = {-0.5, 0.2, 0.3, 0.1};
  private static final double[] V = {0.7, -0.6};
  private static final double[][][] X = {{{0.5}}, {{-0.3}}, {{0.8}}};

  private final Compiled compiled =
      SluiceCompiler.compile("h_t = tanh(W h_{t-1} + U h_{t-2} + V x_t)");

  @Test
  void anInitialStateHoldsForAllEarlierSteps() {
    try (Sequential network = network();
        Training training = network.training()) {
      Tensor y = training.forward(batch(0.25f, -0.75f));
      double[][][] expected = interpreted(0.25, -0.75);
      for (int t = 0; t < X.length; t++) {
        for (int i = 0; i < 2; i++) {
          assertThat((double) y.get(t, 0, i)).isCloseTo(expected[t][0][i], within(1e-6));
        }
      }
    }
  }

  @Test
  void itsGradientCountsAllEarlierSteps() {
    try (Sequential network = network();
        Training training = network.training()) {
      Tensor y = training.forward(batch(0.25f, -0.75f));
      float[] ones = new float[(int) y.floats()];
      Arrays.fill(ones, 1);
      training.backward(Tensor.of(ones, X.length, 1, 2));
      Map<Name, Tensor> gradients = training.initialStateGradients();
      assertThat(gradients).containsOnlyKeys(Name.of(0, "h"));
      double e = 1e-5;
      double slope =
          (sum(interpreted(0.25 + e, -0.75)) - sum(interpreted(0.25 - e, -0.75))) / (2 * e);
      float found = gradients.values().iterator().next().get(0, 0);
      assertThat((double) found).isCloseTo(slope, within(1e-5));
    }
  }

  /// Delays of inputs are all hoisted: what a pass before has left must come in with the states.
  @Test
  void inputsOfThePassBeforeAreRead() {
    Compiled lags =
        SluiceCompiler.compile(
            """
            dim p = dim h
            p_t = tanh(V x_{t-3} + U x_t)
            f_t = σ(P p_{t-1} + R x_{t-2} + b)
            h_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ (Q p_t)
            """);
    int steps = 11;
    Random random = new Random(5);
    float[] x = new float[steps * 2 * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    try (Sequential network =
            Sequential.of(Recurrent.of(lags.load(), Sizes.of("x", 3).and("h", 5)).stacked(2))
                .initialise(3);
        Session whole = network.session();
        Session stepwise = network.session();
        Session inParts = network.session()) {
      float[] expected = whole.run(Tensor.of(x, steps, 2, 3)).toArray();
      float[] y = new float[2 * 5];
      for (int t = 0; t < steps; t++) {
        stepwise.step(Arrays.copyOfRange(x, t * 6, t * 6 + 6), y);
        assertThat(y).isEqualTo(Arrays.copyOfRange(expected, t * 10, t * 10 + 10));
      }
      for (int[] part : new int[][] {{0, 1}, {1, 4}, {4, 6}, {6, 11}}) {
        float[] some = Arrays.copyOfRange(x, part[0] * 6, part[1] * 6);
        Batch batch = Batch.of(Tensor.of(some, part[1] - part[0], 2, 3));
        assertThat(inParts.run(part[0] > 0 ? batch.continuing() : batch).toArray())
            .isEqualTo(Arrays.copyOfRange(expected, part[0] * 10, part[1] * 10));
      }
    }
  }

  private Sequential network() {
    Sequential network = Sequential.of(Recurrent.of(compiled.load(), Sizes.of("x", 1).and("h", 2)));
    network.weights().set(Name.of(0, "W"), floats(W));
    network.weights().set(Name.of(0, "U"), floats(U));
    network.weights().set(Name.of(0, "V"), floats(V));
    return network;
  }

  private static Batch batch(float... h) {
    float[] x = {(float) X[0][0][0], (float) X[1][0][0], (float) X[2][0][0]};
    return Batch.of(Tensor.of(x, 3, 1, 1)).initial(Name.of(0, "h"), Tensor.of(h, 1, 2));
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private double[][][] interpreted(double... h) {
    Map<String, Array> parameters = new LinkedHashMap<>();
    parameters.put("W", Array.matrix(2, 2, W));
    parameters.put("U", Array.matrix(2, 2, U));
    parameters.put("V", Array.matrix(2, 1, V));
    Values values =
        Values.of(3, 1, parameters, Map.of("x", X)).withInitial(Map.of("h", new double[][] {h}));
    return Interpreter.of(compiled.cell(), Map.of("x", 1, "h", 2)).run(values).output();
  }

  private static double sum(double[][][] all) {
    double sum = 0;
    for (double[][] rows : all) {
      for (double value : rows[0]) {
        sum += value;
      }
    }
    return sum;
  }
}
