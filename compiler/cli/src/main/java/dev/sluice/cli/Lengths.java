package dev.sluice.cli;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The lengths of a cell's vectors, found from arrays: a weight of shape [4n, n] that has 20 × 5
/// numbers says n = 5.
final class Lengths {
  private final Cell cell;
  private final Map<String, Integer> known = new LinkedHashMap<>();
  private final List<Clue> clues = new ArrayList<>();

  /// @param array what it is part of, with the shape that is expected and the one found, for
  /// messages
  private record Clue(Dim dim, int length, String array) {}

  /// @param given by the user, by vector or dimension name
  Lengths(Cell cell, Map<String, Integer> given) {
    this.cell = cell;
    given.forEach(this::know);
  }

  /// `h=64` says that a dimension is 16 long where h is four times as long.
  private void know(String name, int size) {
    for (var dimension : cell.lengths().entrySet()) {
      for (String vector : dimension.getValue()) {
        String[] parts = vector.split("/", 2);
        int times = parts.length == 2 ? Integer.parseInt(parts[1]) : 1;
        if (parts[0].equals(name) && size % times == 0) {
          known.put(dimension.getKey(), size / times);
          return;
        }
      }
    }
    known.put(name, size);
  }

  /// An array whose last axes are those of a value of the cell.
  ///
  /// @param tensor [out, in] for a matrix, [n] for a vector; more axes before that, such as time
  void add(String what, Shape shape, Tensor tensor) {
    List<Dim> axes =
        switch (shape) {
          case Shape.Scalar() -> List.of();
          case Shape.Vector(Dim length) -> List.of(length);
          case Shape.Matrix(Dim rows, Dim columns) -> List.of(rows, columns);
        };
    int first = tensor.rank() - axes.size();
    String array =
        "%s: expected the shape %s, found %s"
            .formatted(what, shape, Arrays.toString(tensor.shape()));
    for (int i = 0; i < axes.size() && first >= 0; i++) {
      clues.add(new Clue(axes.get(i), tensor.size(first + i), array));
    }
  }

  /// @throws IllegalArgumentException when a length is missing or impossible
  Sizes sizes() {
    boolean more = true;
    while (more) {
      more = false;
      for (Clue clue : clues) {
        more |= solve(clue);
      }
    }
    Sizes sizes = Sizes.none();
    for (var dimension : cell.dimensions().entrySet()) {
      Integer length = known.get(dimension.getKey());
      if (length != null) {
        var vectors = dimension.getValue();
        String name = vectors.isEmpty() ? dimension.getKey() : vectors.getFirst().plain();
        sizes = sizes.and(name, length);
      }
    }
    cell.sizes(sizes.byName());
    return sizes;
  }

  /// Finds a length where all others of a sum are known.
  private boolean solve(Clue clue) {
    List<String> unknown =
        clue.dim().terms().keySet().stream().filter(name -> !known.containsKey(name)).toList();
    if (unknown.size() != 1) {
      return false;
    }
    String name = unknown.getFirst();
    int factor = clue.dim().terms().getOrDefault(name, 1);
    Map<String, Integer> others = new LinkedHashMap<>(known);
    others.put(name, 0);
    int rest = clue.length() - clue.dim().value(others);
    if (rest % factor != 0 || rest / factor < 1) {
      throw new IllegalArgumentException(
          "%s: %d can't be %s; matrices are [out, in]"
              .formatted(clue.array(), clue.length(), clue.dim()));
    }
    known.put(name, rest / factor);
    return true;
  }
}
