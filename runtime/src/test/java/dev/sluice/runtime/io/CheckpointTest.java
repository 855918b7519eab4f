package dev.sluice.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.runtime.Linear;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w"})
  void aNetworkComesBackBitForBit(String file) throws IOException {
    Path path = folder.resolve(file);
    try (Sequential saved = Sequential.of(Linear.of(3, 5), Linear.of(5, 2)).initialise(1);
        Sequential loaded = Sequential.of(Linear.of(3, 5), Linear.of(5, 2)).initialise(2);
        var before = saved.session();
        var after = loaded.session()) {
      Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 1, 3);
      assertThat(after.run(x).toArray()).isNotEqualTo(before.run(x).toArray());
      Checkpoint.save(saved.weights(), path);
      Checkpoint.load(loaded.weights(), path);
      for (Name name : saved.weights().names()) {
        assertThat(loaded.weights().get(name).toArray())
            .containsExactly(saved.weights().get(name).toArray());
      }
      assertThat(after.run(x).toArray()).containsExactly(before.run(x).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w"})
  void allThatDoesNotFitIsListedAndNothingLoaded(String file) throws IOException {
    Path path = folder.resolve(file);
    if (file.endsWith("safetensors")) {
      Safetensors.write(path, Map.of("W", Tensor.zeros(3, 2), "c", Tensor.zeros(2)));
    } else {
      NpyFolder.write(path, Map.of("W", Tensor.zeros(3, 2), "c", Tensor.zeros(2)));
    }
    try (Sequential network = Sequential.of(Linear.of(3, 2)).initialise(1)) {
      Tensor before = network.weights().get(Name.of(0, "W"));
      assertThatThrownBy(() -> Checkpoint.load(network.weights(), path))
          .isInstanceOf(IOException.class)
          .hasMessage(
              path
                  + """
                  : the weights do not fit the network of [layer 0 (linear)]:
                    wrong shape: W, expected [2, 3], found [3, 2]
                    missing: b [2]
                    unexpected: c [2]\
                  """);
      assertThat(network.weights().get(Name.of(0, "W")).toArray())
          .containsExactly(before.toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w"})
  void nothingThere(String file) {
    try (Sequential network = Sequential.of(Linear.of(3, 2))) {
      assertThatThrownBy(() -> Checkpoint.load(network.weights(), folder.resolve(file)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected weights: a .safetensors file or a folder of .npy files");
    }
  }
}
