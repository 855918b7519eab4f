package dev.sluice.cli;

import dev.sluice.compiler.ir.Cell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// Lengths of the cell's vectors.
final class SizeOptions {
  private static final int[] SMALL_AND_ODD = {3, 5, 7, 2, 4};

  @Option(
      names = {"-s", "--size"},
      paramLabel = "NAME=LENGTH",
      split = ",",
      description = "Length of a vector, or of a dimension: x=4,h=5.")
  private final Map<String, Integer> sizes = new LinkedHashMap<>();

  boolean isEmpty() {
    return sizes.isEmpty();
  }

  Map<String, Integer> given() {
    return Map.copyOf(sizes);
  }

  /// As given; a dimension without a size gets a small one of its own, so that mixed-up lengths
  /// show.
  Map<String, Integer> orSmall(Cell cell) {
    Map<String, Integer> all = new LinkedHashMap<>(sizes);
    int next = 0;
    for (var dimension : cell.dimensions().entrySet()) {
      // `x/2` where x is twice as long as the dimension
      boolean given =
          all.containsKey(dimension.getKey())
              || cell.lengths().getOrDefault(dimension.getKey(), List.of()).stream()
                  .anyMatch(v -> all.containsKey(v.split("/", 2)[0]));
      if (!given) {
        all.put(nameOf(dimension), SMALL_AND_ODD[next++ % SMALL_AND_ODD.length]);
      }
    }
    return all;
  }

  private static String nameOf(Map.Entry<String, ? extends java.util.List<?>> dimension) {
    return dimension.getValue().isEmpty()
        ? dimension.getKey()
        : dimension.getValue().getFirst().toString();
  }
}
