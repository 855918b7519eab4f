package dev.sluice.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// A recorded run of a PyTorch layer: options and tensors by name. Sequences are [T, B, ·] here and
/// states [layer · directions + direction, B, ·], however the layer had them.
///
/// @param lengths of packed sequences, empty when all have T steps
record TorchCase(
    String name,
    String cell,
    int layers,
    int directions,
    int inputSize,
    int hiddenSize,
    int projection,
    int steps,
    int batch,
    int[] lengths,
    SequencedMap<String, Numbers> tensors) {

  /// Every case in a folder, by name.
  static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> Files.exists(entry.resolve("case.json"))).sorted().toList();
    }
  }

  static TorchCase read(Path folder) throws IOException {
    Object json = Json.read(Files.readString(folder.resolve("case.json")));
    boolean batchFirst = (boolean) member(json, "batch_first");
    boolean unbatched = (boolean) member(json, "unbatched");
    SequencedMap<String, Numbers> tensors = new LinkedHashMap<>();
    for (Object tensor : (List<?>) member(json, "tensors")) {
      String name = (String) member(tensor, "name");
      Numbers value = Numbers.read(folder.resolve((String) member(tensor, "file")));
      tensors.put(name, normal(name, value, batchFirst, unbatched));
    }
    Numbers x = Optional.ofNullable(tensors.get("x")).orElseThrow();
    Numbers lengths = tensors.get("lengths");
    return new TorchCase(
        (String) member(json, "case"),
        (String) member(json, "cell"),
        integer(json, "num_layers"),
        (boolean) member(json, "bidirectional") ? 2 : 1,
        integer(json, "input_size"),
        integer(json, "hidden_size"),
        integer(json, "proj_size"),
        x.shape()[0],
        x.shape()[1],
        lengths == null
            ? new int[0]
            : Arrays.stream(lengths.data()).mapToInt(d -> (int) d).toArray(),
        tensors);
  }

  private static int integer(Object json, String name) {
    return ((Double) member(json, name)).intValue();
  }

  private static Object member(Object json, String name) {
    return Objects.requireNonNull(((Map<?, ?>) json).get(name), name);
  }

  private static Numbers normal(String name, Numbers value, boolean batchFirst, boolean unbatched) {
    boolean sequence = List.of("x", "output", "grad_x", "grad_output").contains(name);
    boolean state = name.matches("(grad_)?[hc][0n]");
    if (unbatched && (sequence || state)) {
      return value.shaped(value.shape()[0], 1, value.shape()[1]);
    }
    return sequence && batchFirst ? value.swapped() : value;
  }

  boolean isDouble() {
    return name.endsWith("_f64");
  }

  boolean isSaturated() {
    return name.contains("_saturated");
  }

  boolean isLong() {
    return name.endsWith("_long");
  }

  Numbers tensor(String tensor) {
    return find(tensor)
        .orElseThrow(() -> new IllegalArgumentException(name + " has no tensor " + tensor));
  }

  Optional<Numbers> find(String tensor) {
    return Optional.ofNullable(tensors.get(tensor));
  }

  /// Ending of the names of a layer's tensors: `_l1_reverse`.
  static String suffix(int layer, int direction) {
    return "_l" + layer + (direction == 1 ? "_reverse" : "");
  }

  /// `h0`, `cn`, `grad_h0` … of one layer and direction, [B, ·].
  Optional<Numbers> state(String tensor, int layer, int direction) {
    return find(tensor)
        .map(all -> all.block(layer * directions + direction, layers * directions))
        .map(one -> one.shaped(one.shape()[1], one.shape()[2]));
  }

  @Override
  public String toString() {
    return name;
  }
}
