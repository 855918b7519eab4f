package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which inputs of two cells belong together, and which of their lengths must be equal for that.
final class Sides {
  private static final int FIRST_PRIME = 101;

  final Cell a;
  final Cell b;
  final Map<Symbol, Symbol> inputs = new LinkedHashMap<>();
  private final Map<String, String> parent = new HashMap<>();
  private boolean outputsFit;

  private Sides(Cell a, Cell b) {
    this.a = a;
    this.b = b;
  }

  /// By the matching if there is one; else by output, then inputs and states by name, then by
  /// order.
  static Sides of(Cell a, Cell b, Optional<Matching> matching) {
    Sides sides = new Sides(a, b);
    matching.ifPresent(m -> m.dimensions().forEach((x, y) -> sides.join("a " + x, "b " + y)));
    sides.outputsFit = sides.join(a.outputShape(), b.outputShape());
    sides.pairInputs(matching.map(Matching::inputs).orElse(Map.of()));
    for (Cell.State s : a.states()) {
      b.state(s.symbol()).ifPresent(r -> sides.joinStates(s.shape(), r.shape()));
    }
    sides.pairRest();
    return sides;
  }

  /// Whether both outputs are scalars, or vectors that can have one length.
  boolean outputsFit() {
    return outputsFit;
  }

  private void pairInputs(Map<Symbol, Symbol> known) {
    List<Cell.Input> free = new ArrayList<>(b.inputs());
    List<Cell.Input> open = new ArrayList<>();
    for (Cell.Input x : a.inputs()) {
      Symbol wanted = known.getOrDefault(x.symbol(), x.symbol());
      Optional<Cell.Input> same =
          free.stream()
              .filter(y -> y.symbol().equals(wanted) && rank(x.shape()) == rank(y.shape()))
              .findFirst();
      same.ifPresentOrElse(y -> pair(x, y, free), () -> open.add(x));
    }
    for (Cell.Input x : open) {
      free.stream()
          .filter(y -> rank(x.shape()) == rank(y.shape()))
          .findFirst()
          .ifPresent(y -> pair(x, y, free));
    }
  }

  private void pair(Cell.Input x, Cell.Input y, List<Cell.Input> free) {
    inputs.put(x.symbol(), y.symbol());
    free.remove(y);
    join(x.shape(), y.shape());
  }

  private static int rank(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> 0;
      case Shape.Vector _ -> 1;
      case Shape.Matrix _ -> 2;
    };
  }

  /// A matrix may be the transpose of the other cell's.
  private void joinStates(Shape x, Shape y) {
    boolean upright =
        x instanceof Shape.Matrix(Dim n, Dim m)
            && y instanceof Shape.Matrix(Dim k, Dim l)
            && (root("a", n).equals(root("b", l)) || root("a", m).equals(root("b", k)));
    if (!upright) {
      join(x, y);
    }
  }

  private Object root(String side, Dim dim) {
    return dim.terms().size() == 1 ? root(side + " " + dim.terms().firstKey()) : dim;
  }

  private boolean join(Shape x, Shape y) {
    return rank(x) == rank(y)
        && join(Pieces.rows(x), Pieces.rows(y))
        && join(Pieces.columns(x), Pieces.columns(y));
  }

  private boolean join(Dim x, Dim y) {
    if (x.terms().size() == 1 && y.terms().size() == 1 && x.constant() == y.constant()) {
      boolean alike = List.copyOf(x.terms().values()).equals(List.copyOf(y.terms().values()));
      if (alike) {
        join("a " + x.terms().firstKey(), "b " + y.terms().firstKey());
      }
      return alike;
    }
    return x.terms().isEmpty() && y.terms().isEmpty() && x.constant() == y.constant();
  }

  private void join(String x, String y) {
    String first = root(x);
    String second = root(y);
    if (!first.equals(second)) {
      parent.put(second, first);
    }
  }

  private String root(String name) {
    String at = name;
    while (parent.containsKey(at)) {
      at = parent.getOrDefault(at, at);
    }
    return at;
  }

  /// Lengths that only one side has belong together in order of appearance.
  private void pairRest() {
    Set<String> ofA = new LinkedHashSet<>();
    a.dimensions().keySet().forEach(d -> ofA.add(root("a " + d)));
    Set<String> ofB = new LinkedHashSet<>();
    b.dimensions().keySet().forEach(d -> ofB.add(root("b " + d)));
    List<String> openA = new ArrayList<>(ofA);
    openA.removeAll(ofB);
    List<String> openB = new ArrayList<>(ofB);
    openB.removeAll(ofA);
    for (int i = 0; i < Math.min(openA.size(), openB.size()); i++) {
      join(openA.get(i), openB.get(i));
    }
  }

  /// Dimensions of the second cell to the first of the other's that must be equal.
  Map<String, String> dimensionsBack() {
    Map<String, String> back = new LinkedHashMap<>();
    for (String y : b.dimensions().keySet()) {
      a.dimensions().keySet().stream()
          .filter(x -> root("a " + x).equals(root("b " + y)))
          .findFirst()
          .ifPresent(x -> back.put(y, x));
    }
    return back;
  }

  /// Groups of lengths that can be chosen freely.
  List<String> lengths() {
    Set<String> roots = new LinkedHashSet<>();
    a.dimensions().keySet().forEach(d -> roots.add(root("a " + d)));
    b.dimensions().keySet().forEach(d -> roots.add(root("b " + d)));
    return List.copyOf(roots);
  }

  Map<String, Integer> sizesOfA(Map<String, Integer> byLength) {
    return sizes(a, "a ", byLength);
  }

  Map<String, Integer> sizesOfB(Map<String, Integer> byLength) {
    return sizes(b, "b ", byLength);
  }

  private Map<String, Integer> sizes(Cell cell, String side, Map<String, Integer> byLength) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    cell.dimensions().keySet().forEach(d -> sizes.put(d, byLength.getOrDefault(root(side + d), 1)));
    return sizes;
  }

  /// Lengths of one cell that the other forces to be equal: `x, h`.
  List<String> forcedEqual(Cell cell) {
    String side = cell == a ? "a " : "b ";
    Map<String, List<String>> groups = new LinkedHashMap<>();
    cell.dimensions()
        .forEach(
            (d, vectors) ->
                groups
                    .computeIfAbsent(root(side + d), _ -> new ArrayList<>())
                    .add(vectors.isEmpty() ? d : vectors.getFirst().display()));
    return groups.values().stream()
        .filter(g -> g.size() > 1)
        .map(g -> String.join(", ", g))
        .toList();
  }

  /// A shape with lengths that no other shape has by chance.
  List<Integer> signature(Weight w, boolean first) {
    Map<String, Integer> primes = new HashMap<>();
    List<String> lengths = lengths();
    for (int i = 0; i < lengths.size(); i++) {
      primes.put(lengths.get(i), FIRST_PRIME + 2 * i * i + 6 * i);
    }
    Map<String, Integer> sizes = first ? sizesOfA(primes) : sizesOfB(primes);
    return switch (w.shape()) {
      case Shape.Scalar() -> List.of();
      case Shape.Vector(Dim n) -> List.of(n.value(sizes));
      case Shape.Matrix(Dim n, Dim m) -> List.of(n.value(sizes), m.value(sizes));
    };
  }
}
