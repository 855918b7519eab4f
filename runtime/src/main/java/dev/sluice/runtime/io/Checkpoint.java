package dev.sluice.runtime.io;

import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SequencedMap;

/// Weights of a network to and from files, bit for bit. A path that ends in `.safetensors` is such
/// a file, any other a folder of `NAME.npy`; names are [Weights#label].
public final class Checkpoint {
  private static final String SUFFIX = ".safetensors";

  private Checkpoint() {}

  /// Saves all weights. An interrupted save or a full disk leaves the old `.safetensors` file as it
  /// was; in a folder every file is the old or the new one, whole. A save that is killed may leave
  /// a hidden `.NAME.*.tmp` behind.
  public static void save(Weights weights, Path path) throws IOException {
    if (path.toString().endsWith(SUFFIX)) {
      Safetensors.write(path, weights.toMap());
    } else {
      NpyFolder.write(path, weights.toMap());
    }
  }

  /// Loads all weights, or none.
  ///
  /// @throws IOException when the file can't be read, or doesn't fit the network: all that is
  ///     missing, unexpected or of another shape is listed
  public static void load(Weights weights, Path path) throws IOException {
    SequencedMap<String, Tensor> tensors = read(path);
    try {
      weights.setAll(tensors);
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /// All tensors of a `.safetensors` file or a folder of `.npy` files, by name.
  public static SequencedMap<String, Tensor> read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return NpyFolder.read(path);
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(
          path.toString(), null, "expected weights: a .safetensors file or a folder of .npy files");
    }
    return Safetensors.read(path);
  }
}
