package dev.sluice.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Lengths of a cell's vectors, by the name of any vector that has the length, or by the
/// dimension's own name.
///
/// @param byName `x=65, h=256`
public record Sizes(SequencedMap<String, Integer> byName) {
  /// No cell needs more, and 16 million floats a row are 64 MiB already.
  public static final int LARGEST = 1 << 24;

  public Sizes {
    byName = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byName));
    byName.forEach(
        (name, size) -> {
          if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException(
                "size %s=%d: a length lies between 1 and %d".formatted(name, size, LARGEST));
          }
        });
  }

  public static Sizes none() {
    return new Sizes(new LinkedHashMap<>());
  }

  public static Sizes of(String name, int size) {
    return none().and(name, size);
  }

  public Sizes and(String name, int size) {
    LinkedHashMap<String, Integer> more = new LinkedHashMap<>(byName);
    more.put(name, size);
    return new Sizes(more);
  }

  /// The value of every dimension.
  ///
  /// @param cell name of the cell, for messages
  /// @param dimensions the cell's dimensions, each with the vectors that have it, and `h/4` for one
  /// that is four times as long
  /// @throws IllegalArgumentException when a size is missing, unknown or contradictory
  public Map<String, Integer> resolve(String cell, SequencedMap<String, List<String>> dimensions) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    byName.forEach(
        (name, size) -> {
          String dimension = dimension(cell, dimensions, name);
          int times = multiple(dimensions.getOrDefault(dimension, List.of()), name);
          if (size % times != 0) {
            throw new IllegalArgumentException(
                "size %s=%d: the cell %s cuts it into %d equal parts"
                    .formatted(name, size, cell, times));
          }
          Integer before = sizes.put(dimension, size / times);
          if (before != null && before != size / times) {
            throw new IllegalArgumentException(
                "size %s=%d contradicts %s=%d given before"
                    .formatted(name, size, dimension, before));
          }
        });
    dimensions.forEach(
        (dimension, vectors) -> {
          if (!sizes.containsKey(dimension)) {
            throw new IllegalArgumentException(
                "cell %s: no size for %s, the length of %s: give %s=…"
                    .formatted(
                        cell,
                        dimension,
                        vectors,
                        vectors.isEmpty() ? dimension : vectors.getFirst().split("/", 2)[0]));
          }
        });
    return sizes;
  }

  private static String dimension(
      String cell, SequencedMap<String, List<String>> dimensions, String name) {
    for (var entry : dimensions.entrySet()) {
      if (entry.getValue().contains(name) || multiple(entry.getValue(), name) > 1) {
        return entry.getKey();
      }
    }
    if (dimensions.containsKey(name)) {
      return name;
    }
    throw new IllegalArgumentException(
        "size %s: the cell %s has no vector or dimension of that name; it has %s"
            .formatted(name, cell, dimensions));
  }

  /// How many times as long as the dimension a vector is: 4 for `h` where the list has `h/4`.
  private static int multiple(List<String> vectors, String name) {
    for (String vector : vectors) {
      if (vector.startsWith(name + "/")) {
        return Integer.parseInt(vector.substring(name.length() + 1));
      }
    }
    return 1;
  }
}
