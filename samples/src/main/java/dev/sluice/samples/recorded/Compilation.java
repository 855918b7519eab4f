package dev.sluice.samples.recorded;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Source;
import dev.sluice.runtime.spi.CellProgram;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Compiles the cells of recordings, each text once.
public final class Compilation {
  private record Key(String name, String equations, Map<String, Double> settings) {}

  private final Map<Key, Compiled> compiled = new ConcurrentHashMap<>();
  private final Map<Key, CellProgram> loaded = new ConcurrentHashMap<>();

  private static Key key(Recording.Layer layer) {
    return new Key(layer.name(), layer.equations(), Map.copyOf(layer.settings()));
  }

  /// @throws dev.sluice.compiler.CellException when the equations have mistakes
  public Compiled of(Recording.Layer layer) {
    return compiled.computeIfAbsent(
        key(layer),
        key ->
            SluiceCompiler.compile(
                new Source(key.name + ".cell", key.equations),
                Options.named(key.name).withSettings(key.settings)));
  }

  public CellProgram program(Recording.Layer layer) {
    return loaded.computeIfAbsent(key(layer), _ -> of(layer).load());
  }

  /// The lengths that a layer's recorded parameters and its input ask for, by dimension.
  ///
  /// @param input floats of the cell's first input
  public static Map<String, Integer> sizes(Cell cell, Recording.Side side, int input) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    cell.inputs().stream().limit(1).forEach(i -> bind(i.shape(), new int[] {input}, sizes));
    for (int round = 0; round < 2; round++) { // the second for sums of lengths: [n + m]
      for (Cell.Parameter parameter : cell.parameters()) {
        bind(parameter.shape(), value(side, parameter.symbol()).shape(), sizes);
      }
    }
    side.states()
        .forEach(
            (name, state) ->
                cell.state(Symbol.of(name))
                    .ifPresent(
                        s -> {
                          if (state.initial() != null) {
                            int[] shape = state.initial().shape();
                            bind(s.shape(), tail(shape), sizes);
                          }
                        }));
    return sizes;
  }

  private static int[] tail(int[] shape) {
    return java.util.Arrays.copyOfRange(shape, 1, shape.length);
  }

  static Numbers value(Recording.Side side, Symbol parameter) {
    Recording.Parameter found = side.parameters().get(parameter.plain());
    if (found == null) {
      throw new IllegalArgumentException(
          "no recorded value for the parameter %s; there are %s"
              .formatted(parameter.plain(), side.parameters().keySet()));
    }
    return found.value();
  }

  private static void bind(Shape shape, int[] found, Map<String, Integer> sizes) {
    switch (shape) {
      case Shape.Scalar() -> {}
      case Shape.Vector(Dim length) -> bind(length, found[0], sizes);
      case Shape.Matrix(Dim rows, Dim columns) -> {
        bind(rows, found[0], sizes);
        bind(columns, found[1], sizes);
      }
    }
  }

  /// Solves `4n = 20`, and `n + m = 9` when one of them is known.
  private static void bind(Dim length, int found, Map<String, Integer> sizes) {
    int rest = found - length.constant();
    String unknown = "";
    int factor = 1;
    for (var term : length.terms().entrySet()) {
      Integer size = sizes.get(term.getKey());
      if (size != null) {
        rest -= term.getValue() * size;
      } else if (unknown.isEmpty()) {
        unknown = term.getKey();
        factor = term.getValue();
      } else {
        return;
      }
    }
    if (!unknown.isEmpty()) {
      sizes.put(unknown, rest / factor);
    }
  }
}
