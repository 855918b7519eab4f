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
  /// @param dimensions the cell's dimensions, each with the vectors that have it
  /// @throws IllegalArgumentException when a size is missing, unknown or contradictory
  public Map<String, Integer> resolve(String cell, SequencedMap<String, List<String>> dimensions) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    byName.forEach(
        (name, size) -> {
          String dimension = dimension(cell, dimensions, name);
          Integer before = sizes.put(dimension, size);
          if (before != null && !before.equals(size)) {
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
                        vectors.isEmpty() ? dimension : vectors.getFirst()));
          }
        });
    return sizes;
  }

  private static String dimension(
      String cell, SequencedMap<String, List<String>> dimensions, String name) {
    for (var entry : dimensions.entrySet()) {
      if (entry.getValue().contains(name)) {
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
}
