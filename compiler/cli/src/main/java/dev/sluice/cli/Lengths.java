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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// The lengths of a cell's vectors, found from arrays: a weight of shape [4n, n] that has 20 × 5
/// numbers says n = 5. Where arrays disagree, most decide, and the others are named as the wrong
/// ones.
final class Lengths {
  private final Cell cell;
  private final Map<String, Integer> known = new LinkedHashMap<>();
  private final List<Given> given = new ArrayList<>();

  /// An array whose last axes are those of a value of the cell.
  ///
  /// @param what it is, for messages
  private record Given(String what, List<Dim> axes, Tensor tensor) {
    int length(int axis) {
      return tensor.size(tensor.rank() - axes.size() + axis);
    }
  }

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
    if (tensor.rank() >= axes.size()) {
      given.add(new Given(what, axes, tensor));
    }
  }

  /// @throws IllegalArgumentException when a length is missing or impossible, or arrays disagree
  Sizes sizes() {
    for (var votes = votes(); !votes.isEmpty(); votes = votes()) {
      votes.forEach((name, lengths) -> known.put(name, most(lengths)));
    }
    refuseWrongArrays();
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

  /// How many arrays say which length of a dimension that isn't known yet, in the order in which
  /// they were given. An array has one voice, however many axes say it.
  private Map<String, Map<Integer, Integer>> votes() {
    Map<String, Map<Integer, Integer>> votes = new LinkedHashMap<>();
    for (Given array : given) {
      Map<String, Integer> said = new LinkedHashMap<>();
      for (int i = 0; i < array.axes.size(); i++) {
        Dim dim = array.axes.get(i);
        Optional<String> unknown = onlyUnknown(dim);
        OptionalInt length =
            unknown.isEmpty() ? OptionalInt.empty() : solved(dim, unknown.get(), array.length(i));
        if (length.isPresent()) {
          said.putIfAbsent(unknown.get(), length.getAsInt());
        }
      }
      said.forEach(
          (name, length) ->
              votes
                  .computeIfAbsent(name, _ -> new LinkedHashMap<>())
                  .merge(length, 1, Integer::sum));
    }
    return votes;
  }

  /// The first of those with most voices.
  private static int most(Map<Integer, Integer> voices) {
    int best = 0;
    int length = 0;
    for (var entry : voices.entrySet()) {
      if (entry.getValue() > best) {
        best = entry.getValue();
        length = entry.getKey();
      }
    }
    return length;
  }

  private Optional<String> onlyUnknown(Dim dim) {
    List<String> unknown =
        dim.terms().keySet().stream().filter(name -> !known.containsKey(name)).toList();
    return unknown.size() == 1 ? Optional.of(unknown.getFirst()) : Optional.empty();
  }

  /// The length of `name` that makes the whole sum so long; empty when none does.
  private OptionalInt solved(Dim dim, String name, int whole) {
    int factor = dim.terms().getOrDefault(name, 1);
    Map<String, Integer> others = new LinkedHashMap<>(known);
    others.put(name, 0);
    int rest = whole - dim.value(others);
    return rest % factor != 0 || rest / factor < 1
        ? OptionalInt.empty()
        : OptionalInt.of(rest / factor);
  }

  private void refuseWrongArrays() {
    List<String> wrong = given.stream().flatMap(array -> wrong(array).stream()).toList();
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n  ", wrong));
    }
  }

  private Optional<String> wrong(Given array) {
    List<String> expected = new ArrayList<>();
    Map<String, Integer> used = new LinkedHashMap<>();
    boolean fits = true;
    for (int i = 0; i < array.axes.size(); i++) {
      Dim dim = array.axes.get(i);
      boolean open = dim.terms().keySet().stream().anyMatch(name -> !known.containsKey(name));
      boolean right =
          open
              ? onlyUnknown(dim).isEmpty()
                  || solved(dim, onlyUnknown(dim).get(), array.length(i)).isPresent()
              : dim.value(known) == array.length(i);
      fits &= right;
      expected.add(open ? dim.toString() : String.valueOf(dim.value(known)));
      dim.terms().keySet().stream()
          .filter(known::containsKey)
          .forEach(name -> used.put(name, known.getOrDefault(name, 0)));
    }
    if (fits) {
      return Optional.empty();
    }
    boolean leading = array.tensor.rank() > array.axes.size();
    String where =
        used.isEmpty()
            ? ""
            : used.entrySet().stream()
                .map(e -> e.getKey() + " = " + e.getValue())
                .collect(Collectors.joining(", ", " with ", ""));
    return Optional.of(
        "%s is %s, expected %s[%s] (%s%s)"
            .formatted(
                array.what,
                Arrays.toString(array.tensor.shape()),
                leading ? "at the end " : "",
                String.join(", ", expected),
                array.axes.stream().map(Dim::toString).collect(Collectors.joining("×")),
                where));
  }
}
