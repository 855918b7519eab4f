package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Weight;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which name of the second cell stands for which of the first.
///
/// @param dimensions of the first cell to those of the second
/// @param weights as the normal forms have them
record Matching(
    Map<String, String> dimensions,
    Map<Weight, Weight> weights,
    Map<Symbol, Symbol> inputs,
    Map<Symbol, Symbol> states) {
  Matching {
    dimensions = Map.copyOf(dimensions);
    weights = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    states = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(states));
  }

  /// Dimensions of the second cell to those of the first.
  Map<String, String> dimensionsBack() {
    Map<String, String> back = new LinkedHashMap<>();
    dimensions.forEach((x, y) -> back.put(y, x));
    return back;
  }

  /// A length of the first cell in the second one's names.
  static Optional<Dim> renamed(Dim dim, Map<String, String> dimensions) {
    TreeMap<String, Integer> terms = new TreeMap<>();
    for (var term : dim.terms().entrySet()) {
      String name = dimensions.get(term.getKey());
      if (name == null) {
        return Optional.empty();
      }
      terms.merge(name, term.getValue(), Integer::sum);
    }
    return Optional.of(new Dim(terms, dim.constant()));
  }

  static boolean fit(Shape a, Shape b, Map<String, String> dimensions) {
    return switch (a) {
      case Shape.Scalar() -> b instanceof Shape.Scalar;
      case Shape.Vector(Dim n) -> b instanceof Shape.Vector(Dim m) && fit(n, m, dimensions);
      case Shape.Matrix(Dim n, Dim m) ->
          b instanceof Shape.Matrix(Dim k, Dim l) && fit(n, k, dimensions) && fit(m, l, dimensions);
    };
  }

  static boolean fit(Dim a, Dim b, Map<String, String> dimensions) {
    return renamed(a, dimensions).filter(b::equals).isPresent();
  }
}
