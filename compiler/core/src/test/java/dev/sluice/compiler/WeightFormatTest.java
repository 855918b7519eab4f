package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Linear;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.WeightFormat;
import dev.sluice.runtime.spi.CellProgram;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Sessions that keep their weights in fewer bits compute what sessions compute whose weights were
/// rounded before.
class WeightFormatTest {
  private static final int STEPS = 9;

  /// Of each kind one: gates that share a panel, a product of a product, hoisted sums, delays,
  /// diagonal weights, a state that is projected.
  private static CellProgram cell(String name) {
    return SluiceCompiler.compile(
            switch (name) {
              case "lstm" ->
                  """
                  f_t = σ(W_f h_{t-1} + U_f x_t + p ∘ c_{t-1} + b_f)
                  o_t = σ(W_o h_{t-1} + U_o x_t + b_o)
                  g_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
                  c_t = f_t ∘ c_{t-1} + (1 - f_t) ∘ g_t
                  h_t = o_t ∘ tanh(c_t)
                  """;
              case "gru" ->
                  """
                  (r_t; u_t) = σ(V x_t + W h_{t-1} + b)
                  g_t = tanh(V_g x_t + W_g (h_{t-1} ∘ r_t) + b_g)
                  h_t = (1 - u_t) ∘ g_t + u_t ∘ h_{t-1}
                  """;
              case "echo" -> "h_t = tanh(W h_{t-1} + R h_{t-2} + U x_t + V x_{t-1} + 0.01 t)";
              case "projected" ->
                  """
                  s_t = tanh(U x_t + W h_{t-1} + b)
                  h_t = P s_t
                  """;
              case "diagonal" ->
                  """
                  f_t = σ(W x_t + b)
                  h_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ (U x_t)
                  """;
              default -> throw new IllegalArgumentException(name);
            })
        .load();
  }

  private static Sequential network(String cell, int inputs, int hidden) {
    Sizes sizes = Sizes.of("x", inputs).and("h", hidden);
    if (cell.equals("projected")) {
      sizes = sizes.and("s", hidden + 4);
    }
    return Sequential.of(Recurrent.of(cell(cell), sizes).stacked(2), Linear.of(hidden, 3))
        .initialise(7);
  }

  private static Tensor random(int... shape) {
    SplittableRandom random = new SplittableRandom(11);
    Tensor zeros = Tensor.zeros(shape);
    float[] values = new float[Math.toIntExact(zeros.floats())];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.of(values, shape);
  }

  private static void roundWeights(Sequential network, WeightFormat format) {
    for (Name name : network.weights().names()) {
      Tensor weight = network.weights().get(name);
      if (weight.rank() == 2) {
        int columns = weight.size(1);
        float[] values = weight.toArray();
        for (int row = 0; row < weight.size(0); row++) {
          round(values, row * columns, columns, format);
        }
        network.weights().set(name, Tensor.of(values, weight.shape()));
      }
    }
  }

  private static void round(float[] values, int start, int count, WeightFormat format) {
    float most = 0;
    for (int i = start; i < start + count; i++) {
      most = Math.max(most, Math.abs(values[i]));
    }
    for (int i = start; i < start + count; i++) {
      values[i] =
          switch (format) {
            case FLOAT32 -> values[i];
            case BFLOAT16 -> {
              double unit = Math.ulp(values[i]) * 65536.0;
              yield (float) (Math.rint(values[i] / unit) * unit);
            }
            case INT8 -> most == 0 ? 0 : Math.round(values[i] / (most / 127)) * (most / 127);
          };
    }
  }

  @ParameterizedTest
  @CsvSource({"lstm", "gru", "echo", "projected", "diagonal"})
  void outputsAreThoseOfRoundedWeights(String cell) {
    for (WeightFormat format : WeightFormat.values()) {
      for (int batch : new int[] {1, 2, 3, 4, 7, 50}) {
        Tensor x = random(STEPS, batch, 10);
        try (Sequential given = network(cell, 10, 37);
            Sequential rounded = network(cell, 10, 37);
            Session narrow = given.session(1, format);
            Session floats = rounded.session(1)) {
          roundWeights(rounded, format);
          Batch ragged = Batch.of(x).lengths(lengths(batch));
          expect(format, narrow.run(ragged).toArray(), floats.run(ragged).toArray());
          expect(format, narrow.run(x).toArray(), floats.run(x).toArray());
          narrow.reset();
          floats.reset();
          float[] output = new float[batch * 3];
          float[] expected = new float[batch * 3];
          for (int t = 0; t < 3; t++) {
            float[] step = random(t + 1, batch * 10).toArray();
            float[] input = java.util.Arrays.copyOfRange(step, t * batch * 10, step.length);
            narrow.step(input, output);
            floats.step(input, expected);
            expect(format, output, expected);
          }
        }
      }
    }
  }

  private static int[] lengths(int batch) {
    int[] lengths = new int[batch];
    for (int b = 0; b < batch; b++) {
      lengths[b] = STEPS - b % STEPS;
    }
    return lengths;
  }

  /// bf16 to the bit; the scales of int8 are multiplied after summing.
  private static void expect(WeightFormat format, float[] found, float[] expected) {
    if (format == WeightFormat.INT8) {
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], Offset.offset(3e-6f));
      }
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void threadsDoNotChangeABit(WeightFormat format) {
    for (int batch : new int[] {1, 3, 5}) {
      Tensor x = random(40, batch, 60);
      try (Sequential network = network("lstm", 60, 250);
          Session one = network.session(1, format)) {
        float[] expected = one.run(x).toArray();
        for (int threads : new int[] {2, 3}) {
          try (Session several = network.session(threads, format)) {
            assertThat(several.run(x).toArray()).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void memoryIsWhatWasPredictedAndShrinksWithTheWeights() {
    long[] used = new long[WeightFormat.values().length];
    for (WeightFormat format : WeightFormat.values()) {
      for (int threads : new int[] {1, 2}) {
        try (Sequential network = network("gru", 40, 400);
            Session session = network.session(threads, format)) {
          long predicted = session.plan(30, 2).bytes();
          session.run(random(30, 2, 40));
          assertThat(session.memoryUsed()).as("%s", format).isEqualTo(predicted);
          used[format.ordinal()] = threads == 1 ? predicted : used[format.ordinal()];
        }
      }
    }
    // Parameters and panels of floats; of these the panels shrink.
    long weights = 3L * 400 * (40 + 400 + 400 + 400);
    assertThat(used[0] - used[1]).isBetween(2 * weights - 400_000, 2 * weights + 400_000);
    assertThat(used[0] - used[2]).isBetween(3 * weights - 400_000, 3 * weights + 400_000);
  }

  @Test
  void aLimitOfMemoryHoldsWithNarrowWeights() {
    Tensor x = random(200, 4, 10);
    try (Sequential network = network("lstm", 10, 37);
        Session free = network.session(1, WeightFormat.INT8);
        Session limited = network.session(1, WeightFormat.INT8)) {
      Tensor expected = free.run(x);
      long limit = free.memoryUsed() * 3 / 4;
      limited.memory(limit);
      assertThat(limited.run(x).toArray()).isEqualTo(expected.toArray());
      assertThat(limited.memoryUsed()).isLessThanOrEqualTo(limit);
    }
  }

  @Test
  void changedWeightsAreRoundedAnew() {
    Tensor x = random(STEPS, 1, 10);
    for (WeightFormat format : WeightFormat.values()) {
      try (Sequential network = network("lstm", 10, 37);
          Sequential other = network("lstm", 10, 37);
          Session session = network.session(1, format)) {
        session.run(x);
        other.initialise(8);
        network.weights().setAll(other.weights().toMap());
        try (Session fresh = other.session(1, format)) {
          assertThat(session.run(x).toArray()).isEqualTo(fresh.run(x).toArray());
        }
      }
    }
  }

  @Test
  void weightsThatAreNotFiniteAreNamedByInt8() {
    Tensor x = random(STEPS, 1, 4);
    CellProgram cell = cell("diagonal");
    try (Sequential network =
            Sequential.of(Recurrent.of(cell, Sizes.of("x", 4).and("h", 3))).initialise(1);
        Session int8 = network.session(1, WeightFormat.INT8);
        Session bf16 = network.session(1, WeightFormat.BFLOAT16)) {
      Map<String, Tensor> good = network.weights().toMap();
      float[] expected = int8.run(x).toArray();
      Tensor weight = network.weights().get(Name.of(0, "U"));
      weight.set(Float.NaN, 2, 1);
      network.weights().set(Name.of(0, "U"), weight);
      assertThatThrownBy(() -> int8.run(x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "parameter U[2, 1] is NaN: weights as INT8 are finite; correct it, or keep weights as"
                  + " BFLOAT16 or FLOAT32");
      assertThat(bf16.run(x).toArray()).contains(Float.NaN);
      network.weights().setAll(good);
      assertThat(int8.run(x).toArray()).isEqualTo(expected);
    }
  }
}
