package dev.sluice.compiler.ir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What equations can read so far, and the parameters they asked for.
final class RandomScope {
  private final Random random;
  private final Set<RandomCells.Feature> features;
  private final List<Cell.Input> inputs = new ArrayList<>();
  private final List<Cell.State> states = new ArrayList<>();
  private final Map<Symbol, Expr.Value> now = new LinkedHashMap<>();
  private final Map<String, Cell.Parameter> parameters = new LinkedHashMap<>();
  private final Set<Symbol> read = new LinkedHashSet<>();

  RandomScope(Random random, Set<RandomCells.Feature> features) {
    this.random = random;
    this.features = features;
  }

  void addInput(Cell.Input input) {
    inputs.add(input);
    now.put(input.symbol(), new Expr.Value(input.symbol(), 0, input.shape()));
  }

  void addState(Cell.State state) {
    states.add(state);
  }

  void define(Equation equation) {
    now.put(equation.target(), equation.now());
  }

  List<Cell.Parameter> parameters() {
    return List.copyOf(parameters.values());
  }

  Set<Symbol> read() {
    return read;
  }

  /// Lengths that gates can have.
  List<Dim> lengths() {
    return states.stream()
        .flatMap(
            s -> s.shape() instanceof Shape.Vector(Dim length) ? Stream.of(length) : Stream.of())
        .toList();
  }

  Expr now(Symbol symbol) {
    read.add(symbol);
    return Named.in(now, symbol);
  }

  /// A new parameter: `W`, `W2`, …
  Expr.Parameter parameter(String base, Shape shape) {
    String name = base;
    for (int i = 2; parameters.containsKey(name); i++) {
      name = base + i;
    }
    Cell.Parameter parameter =
        new Cell.Parameter(Symbol.of(name), shape, new Initialiser.Default());
    parameters.put(name, parameter);
    return new Expr.Parameter(parameter.symbol(), shape);
  }

  /// Everything that can be read and has a shape that fits, delayed states first.
  List<Expr.Value> readable(Predicate<Shape> fits) {
    List<Expr.Value> found = new ArrayList<>();
    boolean deep = features.contains(RandomCells.Feature.DEEP_DELAYS) && random.nextInt(5) == 0;
    for (Cell.State s : states) {
      found.add(new Expr.Value(s.symbol(), deep ? 2 + random.nextInt(2) : 1, s.shape()));
    }
    now.values().forEach(found::add);
    if (deep) {
      inputs.forEach(i -> found.add(new Expr.Value(i.symbol(), 1 + random.nextInt(2), i.shape())));
    }
    found.removeIf(v -> !fits.test(v.shape()));
    return found;
  }

  /// One of [#readable].
  Optional<Expr> any(Predicate<Shape> fits) {
    List<Expr.Value> found = readable(fits);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Expr.Value chosen = found.get(random.nextInt(found.size()));
    read.add(chosen.symbol());
    return Optional.of(chosen);
  }
}
