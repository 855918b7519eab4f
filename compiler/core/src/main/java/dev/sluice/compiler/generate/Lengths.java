package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Dim;
import java.util.LinkedHashSet;
import java.util.Set;

/// Java expressions for lengths. Each length that the class uses has a field (`n`, `n4`), with its
/// blocks and the bytes of a row beside it.
final class Lengths {
  private final Names names;
  private final Set<Dim> used = new LinkedHashSet<>();

  Lengths(Names names) {
    this.names = names;
  }

  Set<Dim> used() {
    return used;
  }

  /// A dimension's own field.
  String dimension(String name) {
    return names.get("dim " + name, name);
  }

  /// The length: a field, or a number.
  String of(Dim dim) {
    if (dim.terms().isEmpty()) {
      return Integer.toString(dim.constant());
    }
    if (dim.constant() == 0
        && dim.terms().size() == 1
        && dim.terms().firstEntry().getValue() == 1) {
      return dimension(dim.terms().firstKey());
    }
    used.add(dim);
    return names.get("length " + dim, spelled(dim));
  }

  String blocks(Dim dim) {
    used.add(dim);
    return names.get("blocks " + dim, spelled(dim) + "_blocks");
  }

  /// Bytes of one row.
  String row(Dim dim) {
    used.add(dim);
    return names.get("row " + dim, spelled(dim) + "_row");
  }

  private static String spelled(Dim dim) {
    if (dim.terms().isEmpty()) {
      return dim.constant() == 1 ? "one" : "length" + dim.constant();
    }
    StringBuilder text = new StringBuilder();
    dim.terms()
        .forEach(
            (name, factor) -> {
              text.append(text.isEmpty() ? "" : "_")
                  .append(factor < 0 ? "minus_" : "")
                  .append(name);
              if (Math.abs(factor) != 1) {
                text.append(Math.abs(factor));
              }
            });
    if (dim.constant() != 0) {
      text.append(dim.constant() < 0 ? "_minus_" : "_plus_").append(Math.abs(dim.constant()));
    }
    return text.toString();
  }

  /// The sum written out over the dimensions' fields; overflow throws.
  String computed(Dim dim) {
    String sum = dim.constant() == 0 ? "" : Integer.toString(dim.constant());
    for (var term : dim.terms().entrySet()) {
      String name = dimension(term.getKey());
      String product =
          term.getValue() == 1 ? name : "Math.multiplyExact(" + term.getValue() + ", " + name + ")";
      sum = sum.isEmpty() ? product : "Math.addExact(" + sum + ", " + product + ")";
    }
    return sum.isEmpty() ? "0" : sum;
  }
}
