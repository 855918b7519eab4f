package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Names for the lengths that unification left open: `n` for the output's, `m` for the first
/// input's, `n_c` for that of c, unless the user named them. A name that a vector of another length
/// has is not taken, or `n=5` would have two meanings.
final class DimensionNames {
  private final Typing typing;
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> taken = new LinkedHashSet<>();
  private final SequencedMap<Symbol, Dim> vectors = new LinkedHashMap<>();
  private final List<Symbol> matrices = new ArrayList<>();

  /// @param symbols inputs, states, gates, parameters, in this order
  /// @param main the output or first state, whose length is `n`
  /// @param input the first input, whose length is `m`
  DimensionNames(
      Typing typing, List<Symbol> symbols, Optional<Symbol> main, Optional<Symbol> input) {
    this.typing = typing;
    symbols.forEach(this::look);
    main.ifPresent(s -> name(s, "n"));
    input.ifPresent(s -> name(s, "m"));
    vectors.keySet().forEach(s -> name(s, "n_" + s.plain()));
    vectors.forEach((s, length) -> nameRest(s, length));
    for (Symbol s : matrices) {
      Type.Matrix m = (Type.Matrix) typing.type(s);
      nameRest(s, typing.lengths.resolve(m.rows()));
      nameRest(s, typing.lengths.resolve(m.columns()));
    }
  }

  private void look(Symbol symbol) {
    switch (typing.type(symbol)) {
      case Type.Vector(Dim n) -> {
        vectors.put(symbol, typing.lengths.resolve(n));
        takeDeclared(n);
      }
      case Type.Matrix(Dim rows, Dim columns) -> {
        matrices.add(symbol);
        takeDeclared(rows);
        takeDeclared(columns);
      }
      case Type.Scalar _, Type.Broken _ -> {}
    }
  }

  private void takeDeclared(Dim d) {
    typing.lengths.resolve(d).terms().keySet().stream()
        .filter(n -> !Lengths.isVariable(n))
        .forEach(taken::add);
  }

  private void name(Symbol symbol, String wanted) {
    Dim length = vectors.get(symbol);
    if (length == null) {
      return;
    }
    Optional<String> variable = Lengths.variable(length);
    if (variable.isPresent() && !names.containsKey(variable.get())) {
      give(variable.get(), symbol, wanted);
    }
  }

  private void nameRest(Symbol symbol, Dim length) {
    for (String variable : length.terms().keySet()) {
      if (Lengths.isVariable(variable) && !names.containsKey(variable)) {
        give(variable, symbol, "n_" + symbol.plain());
      }
    }
  }

  private void give(String variable, Symbol symbol, String wanted) {
    String name = isFree(wanted, variable) ? wanted : "n_" + symbol.plain();
    for (int i = 2; !isFree(name, variable); i++) {
      name = "n_" + symbol.plain() + "_" + i;
    }
    taken.add(name);
    names.put(variable, name);
  }

  private boolean isFree(String name, String variable) {
    if (taken.contains(name)) {
      return false;
    }
    Dim sameSpelling = vectors.get(Symbol.of(name));
    return sameSpelling == null || Lengths.variable(sameSpelling).equals(Optional.of(variable));
  }

  /// A length in the names of the cell.
  Dim named(Dim d) {
    Dim resolved = typing.lengths.resolve(d);
    Dim sum = Dim.of(resolved.constant());
    for (var term : resolved.terms().entrySet()) {
      String name = names.getOrDefault(term.getKey(), term.getKey().replace('#', 'k'));
      sum = sum.plus(Dim.of(name).times(term.getValue()));
    }
    return sum;
  }

  Shape shape(Type type) {
    return switch (type) {
      case Type.Scalar() -> Shape.SCALAR;
      case Type.Vector(Dim n) -> Shape.vector(named(n));
      case Type.Matrix(Dim rows, Dim columns) -> Shape.matrix(named(rows), named(columns));
      case Type.Broken() -> throw new IllegalStateException("shape of a broken term");
    };
  }

  /// The shape that a parameter is kept in: blocks of a diagonal lie one above the other.
  Shape stored(Symbol parameter) {
    Shape whole = shape(typing.type(parameter));
    if (typing.blocks(parameter).isPresent() && whole instanceof Shape.Matrix(Dim rows, Dim all)) {
      return Shape.matrix(rows, all.over(typing.blocks(parameter).get()));
    }
    return whole;
  }

  /// For [Cell#dimensions]: each name with the vectors that have exactly this length.
  SequencedMap<String, List<Symbol>> dimensions() {
    SequencedMap<String, List<Symbol>> dimensions = new LinkedHashMap<>();
    vectors.forEach(
        (symbol, length) -> {
          Dim named = named(length);
          named
              .terms()
              .keySet()
              .forEach(n -> dimensions.computeIfAbsent(n, _ -> new ArrayList<>()));
          if (named.constant() == 0 && named.equals(Dim.of(named.terms().firstKey()))) {
            dimensions
                .computeIfAbsent(named.terms().firstKey(), _ -> new ArrayList<>())
                .add(symbol);
          }
        });
    for (Symbol s : matrices) {
      Shape.Matrix m = (Shape.Matrix) shape(typing.type(s));
      m.rows().terms().keySet().forEach(n -> dimensions.computeIfAbsent(n, _ -> new ArrayList<>()));
      m.columns()
          .terms()
          .keySet()
          .forEach(n -> dimensions.computeIfAbsent(n, _ -> new ArrayList<>()));
    }
    return dimensions;
  }
}
