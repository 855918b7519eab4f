package dev.sluice.runtime.io;

import dev.sluice.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// A folder of arrays, `NAME.npy` each; other files in it are left alone.
public final class NpyFolder {
  private static final String SUFFIX = ".npy";

  private NpyFolder() {}

  /// All arrays by name, in the order of their names.
  public static SequencedMap<String, Tensor> read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    }
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      tensors.put(name.substring(0, name.length() - SUFFIX.length()), Npy.read(file));
    }
    return tensors;
  }

  /// Writes the arrays, and makes the folder if there is none. Each file is the old or the new one,
  /// whole; all new ones are complete on the disk before the first takes its place, so a full disk
  /// changes nothing.
  public static void write(Path folder, Map<String, Tensor> tensors) throws IOException {
    Files.createDirectories(folder);
    List<AtomicFile> files = new ArrayList<>();
    try {
      for (var entry : tensors.entrySet()) {
        if (!entry.getKey().matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
          throw new IOException(
              "%s: `%s` can't be a file's name: expected letters, digits, _ . -"
                  .formatted(folder, entry.getKey()));
        }
        AtomicFile file = new AtomicFile(folder.resolve(entry.getKey() + SUFFIX));
        files.add(file);
        Npy.write(file, entry.getValue());
        file.finish();
      }
      for (AtomicFile file : files) {
        file.place();
      }
    } finally {
      for (AtomicFile file : files) {
        file.close();
      }
    }
  }
}
