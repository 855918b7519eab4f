package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A sum of elementwise products of atoms. Scalars among the terms and factors are spread, so the
/// shape is told.
///
/// @param terms coefficient by sorted numbers of atoms in their [Terms]; none is 0
record Polynomial(Map<List<Integer>, Double> terms, Shape shape) {
  Polynomial {
    Map<List<Integer>, Double> copy = new HashMap<>(terms);
    copy.values().removeIf(c -> c == 0);
    terms = Collections.unmodifiableMap(copy);
  }

  static Polynomial constant(double value, Shape shape) {
    return new Polynomial(Map.of(List.of(), value), shape);
  }

  static Polynomial monomial(List<Integer> factors, double coefficient, Shape shape) {
    return new Polynomial(Map.of(sorted(factors), coefficient), shape);
  }

  static List<Integer> sorted(List<Integer> factors) {
    List<Integer> sorted = new ArrayList<>(factors);
    Collections.sort(sorted);
    return List.copyOf(sorted);
  }

  /// The number that it is for all values of its atoms, if it has none.
  Optional<Double> number() {
    return switch (terms.size()) {
      case 0 -> Optional.of(0.0);
      case 1 -> Optional.ofNullable(terms.get(List.<Integer>of()));
      default -> Optional.empty();
    };
  }

  /// The atom that it is, if it is one.
  Optional<Integer> atom() {
    if (terms.size() != 1) {
      return Optional.empty();
    }
    var term = terms.entrySet().iterator().next();
    return term.getValue() == 1 && term.getKey().size() == 1
        ? Optional.of(term.getKey().getFirst())
        : Optional.empty();
  }

  Polynomial scaled(double factor) {
    Map<List<Integer>, Double> scaled = new HashMap<>();
    terms.forEach((factors, c) -> scaled.put(factors, c * factor));
    return new Polynomial(scaled, shape);
  }

  Polynomial plus(Polynomial other, Shape shape) {
    Map<List<Integer>, Double> sum = new HashMap<>(terms);
    other.terms.forEach((factors, c) -> sum.merge(factors, c, Double::sum));
    return new Polynomial(sum, shape);
  }

  Polynomial withShape(Shape other) {
    return shape.equals(other) ? this : new Polynomial(terms, other);
  }

  /// Above 0 if more of its terms are added than subtracted, below 0 if fewer; the number in it
  /// decides between equals.
  int sign() {
    int balance = 0;
    for (var term : terms.entrySet()) {
      if (!term.getKey().isEmpty()) {
        balance += term.getValue() > 0 ? 1 : -1;
      }
    }
    double number = terms.getOrDefault(List.<Integer>of(), 0.0);
    return balance != 0 ? balance : (int) Math.signum(number);
  }
}
