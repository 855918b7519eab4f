package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.io.Checkpoint;
import dev.sluice.runtime.spi.CellProgram;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever sizes, batches and weight files a program is given: it runs, or says no. An access out
/// of bounds would be an [IndexOutOfBoundsException].
class HostileInputTest {
  private static final CellProgram LSTM =
      SluiceCompiler.compile(
              """
              (f_t; i_t; o_t; g_t) = (σ; σ; σ; tanh)(W h_{t-1} + U x_t + b)
              c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
              h_t = o_t ∘ tanh(c_t)
              """)
          .load();

  @TempDir private Path folder;

  @Test
  void anySizesAndBatchesRun() {
    Random random = new Random(1);
    for (int trial = 0; trial < 40; trial++) {
      int inputs = 1 + random.nextInt(70);
      int units = 1 + random.nextInt(70);
      try (Sequential network = network(inputs, units).initialise(trial);
          Session session = network.session();
          Training training = network.training()) {
        for (int pass = 0; pass < 3; pass++) {
          int steps = 1 + random.nextInt(9);
          int batch = 1 + random.nextInt(9);
          int[] lengths = random.ints(batch, 1, steps + 1).toArray();
          lengths[random.nextInt(batch)] = steps;
          Batch data = Batch.of(random(random, steps, batch, inputs)).lengths(lengths);
          Tensor y = session.run(data);
          assertThat(floats(y)).hasSize(steps * batch * units);
          for (float value : floats(y)) {
            assertThat(value).isBetween(-1f, 1f);
          }
          training.forward(data);
          training.backward(y);
          assertThat(training.gradients().norm()).isFinite();
        }
      }
    }
  }

  @Test
  void sizesThatNoMachineHasAreRefused() {
    int[][] sizes = {{Sizes.LARGEST, Sizes.LARGEST}, {1, Sizes.LARGEST}, {Sizes.LARGEST, 4096}};
    for (int[] size : sizes) {
      assertThatThrownBy(() -> network(size[0], size[1]).close())
          .satisfiesAnyOf(
              e ->
                  assertThat(e)
                      .isInstanceOf(OutOfMemoryError.class)
                      .hasMessageContaining("no room for"),
              e ->
                  assertThat(e)
                      .isInstanceOf(IllegalArgumentException.class)
                      .hasMessageContaining("more numbers side by side"));
    }
    for (int size : new int[] {0, -1, Integer.MIN_VALUE, Sizes.LARGEST + 1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> network(3, size)).isInstanceOf(IllegalArgumentException.class);
    }
    try (Sequential network = network(3, 5);
        Session session = network.session()) {
      assertThat(session.run(Tensor.zeros(2, 2, 3)).size(2)).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w"})
  void filesThatAreCutOffOrTooLongAreRefused(String name) throws IOException {
    Path file = folder.resolve(name);
    try (Sequential network = network(3, 5).initialise(1);
        Session session = network.session()) {
      Checkpoint.save(network.weights(), file);
      Tensor x = random(new Random(2), 4, 2, 3);
      float[] before = floats(session.run(x));
      Path bytes = Files.isDirectory(file) ? file.resolve("U.npy") : file;
      byte[] whole = Files.readAllBytes(bytes);
      for (int length = 0; length <= whole.length + 64; length++) {
        if (length != whole.length) {
          Files.write(bytes, Arrays.copyOf(whole, length));
          assertThatThrownBy(() -> Checkpoint.load(network.weights(), file))
              .as("%d bytes", length)
              .isInstanceOf(IOException.class);
        }
      }
      assertThat(floats(session.run(x))).isEqualTo(before);
      Files.write(bytes, whole);
      Checkpoint.load(network.weights(), file);
      assertThat(floats(session.run(x))).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w"})
  void weightsOfOtherSizesAreRefused(String name) throws IOException {
    Random random = new Random(3);
    Path file = folder.resolve(name);
    try (Sequential network = network(3, 5).initialise(1)) {
      for (int trial = 0; trial < 20; trial++) {
        int units = 1 + random.nextInt(40);
        int inputs = units == 5 ? 4 : 1 + random.nextInt(40);
        try (Sequential other = network(inputs, units)) {
          Checkpoint.save(other.weights(), file);
        }
        assertThatThrownBy(() -> Checkpoint.load(network.weights(), file))
            .hasMessageContaining("the weights do not fit the network");
      }
    }
  }

  @Test
  void whatIsClosedStaysClosed() {
    Tensor x = Tensor.zeros(2, 2, 3);
    Sequential network = network(3, 5).initialise(1);
    Training training = network.training().memory(64 << 20);
    training.forward(x);
    training.close();
    assertThatThrownBy(() -> training.forward(x)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> training.memory(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(training::memoryUsed).isInstanceOf(IllegalStateException.class);
    Session session = network.session();
    session.run(x);
    network.close();
    assertThatThrownBy(() -> session.run(x)).isInstanceOf(IllegalStateException.class);
    session.close();
  }

  @Test
  void warmUpChangesNothing() {
    try (Sequential network = network(3, 5).initialise(1);
        Session cold = network.session();
        Session warm = network.session();
        Training training = network.training()) {
      Tensor x = random(new Random(4), 4, 2, 3);
      Tensor y = training.forward(x);
      training.backward(y);
      double norm = training.gradients().norm();
      training.warmUp(3, 7, Duration.ofMillis(20));
      assertThat(training.gradients().norm()).isEqualTo(norm);
      assertThatThrownBy(() -> training.backward(y)).isInstanceOf(IllegalStateException.class);
      warm.run(x);
      warm.warmUp(1, 1, Duration.ofMillis(20));
      assertThat(floats(warm.run(Batch.of(x).continuing()))).isEqualTo(floats(cold.run(x)));
    }
  }

  private static Sequential network(int inputs, int units) {
    return Sequential.of(Recurrent.of(LSTM, Sizes.of("x", inputs).and("h", units)));
  }

  private static Tensor random(Random random, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return Tensor.of(values, shape);
  }

  private static float[] floats(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
  }
}
