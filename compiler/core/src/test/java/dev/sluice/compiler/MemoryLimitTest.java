package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Layer;
import dev.sluice.runtime.MemoryPlan;
import dev.sluice.runtime.Merge;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Mode;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Training and inference within a limit of memory give what they give without one.
class MemoryLimitTest {
  private static final int STEPS = 120;
  private static final int BATCH = 5;
  private static final int INPUTS = 3;
  private static final int HIDDEN = 18;
  private static final Sizes SIZES = Sizes.of("x", INPUTS).and("h", HIDDEN);

  private static final CellProgram LSTM =
      program(
          """
          f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
          i_t = σ(W_i h_{t-1} + U_i x_t + b_i)
          o_t = σ(W_o h_{t-1} + U_o x_t + b_o)
          g_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
          c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
          h_t = o_t ∘ tanh(c_t)
          """);

  /// Two delays, the step number.
  private static final CellProgram ECHO =
      program("h_t = tanh(W h_{t-1} + R h_{t-2} + U x_t + V x_{t-1} + 0.01 t)");

  /// Delays of inputs alone, over which nothing recurs.
  private static final CellProgram LAGS =
      program(
          """
          dim p = dim h
          p_t = tanh(V x_{t-2} + U x_t)
          f_t = σ(P p_{t-1} + R x_{t-1} + b)
          h_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ (Q p_t)
          """);

  /// Masks for every step, and for a whole sequence.
  private static final CellProgram DROPPED =
      program(
          "h_t = zoneout(h_{t-1}, tanh(W variational_dropout(h_{t-1}, 0.2) + U dropout(x_t, 0.3)), 0.4)");

  /// Weights that are computed from parameters; small ones, for the sums of a cell that doesn't
  /// forget are differences of much larger ones.
  private static final CellProgram ANTISYMMETRIC =
      program("h_t = tanh(0.3 (W - W^T) h_{t-1} + softplus(p) ∘ h_{t-1} + U x_t)");

  static Stream<Arguments> networks() {
    Recurrent dropped = Recurrent.of(DROPPED, SIZES);
    Recurrent lstm = Recurrent.of(LSTM, SIZES);
    Recurrent echo = Recurrent.of(ECHO, SIZES);
    Recurrent lags = Recurrent.of(LAGS, SIZES);
    return Stream.of(
        Arguments.of("one layer", new Layer[] {lstm}),
        Arguments.of("three layers", new Layer[] {lstm.stacked(3)}),
        Arguments.of("both directions", new Layer[] {lstm.stacked(2).bidirectional()}),
        Arguments.of("their mean", new Layer[] {lstm.bidirectional(Merge.MEAN)}),
        Arguments.of("reverse", new Layer[] {lstm.reverse()}),
        Arguments.of("last step", new Layer[] {lstm.stacked(2).lastStep()}),
        Arguments.of("random masks", new Layer[] {dropped.stacked(2).bidirectional()}),
        Arguments.of(
            "computed weights",
            new Layer[] {Recurrent.of(ANTISYMMETRIC, SIZES).stacked(2).bidirectional()}),
        Arguments.of("delays", new Layer[] {echo.stacked(2)}),
        Arguments.of("delays of inputs", new Layer[] {lags.stacked(2).bidirectional()}));
  }

  private static CellProgram program(String text) {
    return SluiceCompiler.compile(text).load();
  }

  /// All that a training step gives.
  private static Map<String, float[]> train(
      Sequential network, Batch batch, Tensor gradient, Training training) {
    Map<String, float[]> all = new LinkedHashMap<>();
    training.seed(11).gradients().zero();
    all.put("output", floats(training.forward(batch)));
    Map<Name, Tensor> finals = new LinkedHashMap<>();
    training.finalStates().forEach((name, t) -> finals.put(name, random(7, t.shape())));
    all.put("states before", floats(training.states(network.states().getFirst())));
    training.backward(gradient, finals);
    training.finalStates().forEach((name, t) -> all.put("final " + name, floats(t)));
    training.initialStateGradients().forEach((name, t) -> all.put("initial " + name, floats(t)));
    all.put("dx", floats(training.inputGradient()));
    for (Name name : network.weights().names()) {
      all.put("d" + name, floats(training.gradients().get(name)));
    }
    network.states().forEach(name -> all.put("states " + name, floats(training.states(name))));
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void gradientsAreThoseWithoutALimit(String what, Layer[] layers) {
    try (Sequential network = Sequential.of(layers).initialise(1)) {
      for (int[] lengths : new int[][] {{}, {120, 4, 20, 120, 13}, {0, 4, 20, 120, 0}}) {
        Batch batch = Batch.of(random(3, STEPS, BATCH, INPUTS)).lengths(lengths);
        try (Training free = network.training(1);
            Training limited = network.training(1)) {
          Tensor y = free.forward(batch);
          Tensor gradient = random(4, y.size(0), BATCH, network.outputLength());
          Map<String, float[]> expected = train(network, batch, gradient, free);
          long least = least(network, Mode.TRAINING);
          long all = plan(network, Mode.TRAINING, Long.MAX_VALUE).bytes();
          assertThat(least).isLessThan(all * 3 / 4);
          for (int i = 0; i <= 4; i++) {
            long limit = least + (all - least) * i / 4;
            limited.memory(limit);
            Map<String, float[]> found = train(network, batch, gradient, limited);
            assertThat(limited.memoryUsed()).isLessThanOrEqualTo(limit);
            expected.forEach((name, values) -> close(name, found.get(name), values));
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void whatIsPredictedIsTaken(String what, Layer[] layers) {
    try (Sequential network = Sequential.of(layers).initialise(1);
        Training training = network.training(1)) {
      Batch batch = Batch.of(random(3, STEPS, BATCH, INPUTS));
      long least = least(network, Mode.TRAINING);
      long all = plan(network, Mode.TRAINING, Long.MAX_VALUE).bytes();
      for (int i = 4; i >= 0; i--) {
        long limit = least + (all - least) * i / 4;
        MemoryPlan plan = plan(network, Mode.TRAINING, limit);
        training.memory(limit);
        Tensor y = training.forward(batch);
        training.backward(y);
        assertThat(training.memoryUsed()).as(plan.toString()).isEqualTo(plan.bytes());
        assertThat(plan.kept() == plan.cells()).isEqualTo(i == 4);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void inferenceInChunksIsTheSame(String what, Layer[] layers) {
    try (Sequential network = Sequential.of(layers).initialise(1);
        Session free = network.session(1);
        Session limited = network.session(1)) {
      Batch batch = Batch.of(random(3, STEPS, BATCH, INPUTS)).lengths(120, 4, 20, 120, 13);
      long limit = least(network, Mode.INFERENCE);
      limited.memory(limit);
      close("output", floats(limited.run(batch)), floats(free.run(batch)));
      assertThat(limited.memoryUsed()).isLessThanOrEqualTo(limit);
      limited
          .finalStates()
          .forEach((n, t) -> close("" + n, floats(t), floats(free.finalStates().get(n))));
    }
  }

  @Test
  void aLimitThatIsTooLowSaysWhatWouldDo() {
    try (Sequential network = Sequential.of(Recurrent.of(LSTM, SIZES)).initialise(1);
        Training training = network.training(1)) {
      training.memory(20_000);
      Tensor x = random(3, STEPS, BATCH, INPUTS);
      assertThatThrownBy(() -> training.forward(x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("5 sequences of 120 steps can't do with 20,000 bytes");
      training.memory(least(network, Mode.TRAINING)).forward(x);
      assertThatThrownBy(() -> training.memory(least(network, Mode.TRAINING) - 1).forward(x))
          .isInstanceOf(IllegalArgumentException.class);
      training.memory(Long.MAX_VALUE);
      training.backward(training.forward(x));
    }
  }

  @Test
  void theHighestThatFitIsKeptAndTheLastChunkIsNotRunTwice() {
    try (Sequential network = Sequential.of(Recurrent.of(LSTM, SIZES).stacked(2))) {
      long all = plan(network, Mode.TRAINING, Long.MAX_VALUE).bytes();
      MemoryPlan plan = plan(network, Mode.TRAINING, all * 9 / 10);
      assertThat(plan.kept()).isEqualTo(1);
      assertThat(plan.again()).isBetween(0.01, 0.45);
      assertThat(plan.chunk()).isGreaterThan(1);
    }
  }

  private static MemoryPlan plan(Sequential network, Mode mode, long limit) {
    try (Session session = network.session(1);
        Training training = network.training(1)) {
      return mode == Mode.INFERENCE
          ? session.memory(limit).plan(STEPS, BATCH)
          : training.memory(limit).plan(STEPS, BATCH);
    }
  }

  /// The least that is enough, from the refusal's own words.
  private static long least(Sequential network, Mode mode) {
    try {
      return plan(network, mode, 1).bytes();
    } catch (IllegalArgumentException e) {
      Matcher least = Pattern.compile("at least ([0-9,]+) bytes").matcher(e.getMessage());
      assertThat(least.find()).isTrue();
      return Long.parseLong(least.group(1).replace(",", ""));
    }
  }

  private static Tensor random(long seed, int... shape) {
    Random random = new Random(seed);
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(values, shape);
  }

  private static int count(int[] shape) {
    return java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static float[] floats(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
  }

  /// Only the order of sums over steps may differ.
  private static void close(String what, float[] found, float[] expected) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    float largest = 0;
    for (float x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    for (int i = 0; i < found.length; i++) {
      assertThat(Math.abs(found[i] - expected[i])).as(what).isLessThanOrEqualTo(2e-6f * largest);
    }
  }
}
