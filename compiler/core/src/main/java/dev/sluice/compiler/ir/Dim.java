package dev.sluice.compiler.ir;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A length: a sum of named dimensions times whole numbers, plus a constant: `n`, `4n`, `n + m`,
/// `3`.
///
/// @param terms coefficient by dimension name, never zero
/// @param constant what is added
public record Dim(SortedMap<String, Integer> terms, int constant) {
  public static final Dim ONE = of(1);
  public static final Dim ZERO = of(0);

  public Dim {
    TreeMap<String, Integer> copy = new TreeMap<>(terms);
    copy.values().removeIf(c -> c == 0);
    terms = java.util.Collections.unmodifiableSortedMap(copy);
  }

  public static Dim of(String name) {
    return new Dim(new TreeMap<>(Map.of(name, 1)), 0);
  }

  public static Dim of(int constant) {
    return new Dim(new TreeMap<>(), constant);
  }

  public Dim plus(Dim other) {
    TreeMap<String, Integer> sum = new TreeMap<>(terms);
    other.terms.forEach((name, c) -> sum.merge(name, c, Integer::sum));
    return new Dim(sum, Math.addExact(constant, other.constant));
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim times(int factor) {
    TreeMap<String, Integer> product = new TreeMap<>();
    terms.forEach((name, c) -> product.put(name, Math.multiplyExact(c, factor)));
    return new Dim(product, Math.multiplyExact(constant, factor));
  }

  /// @throws IllegalArgumentException when the length is not a multiple of the divisor
  public Dim over(int divisor) {
    TreeMap<String, Integer> quotient = new TreeMap<>();
    terms.forEach((name, c) -> quotient.put(name, divided(c, divisor)));
    return new Dim(quotient, divided(constant, divisor));
  }

  private int divided(int factor, int divisor) {
    if (factor % divisor != 0) {
      throw new IllegalArgumentException(this + " is no multiple of " + divisor);
    }
    return factor / divisor;
  }

  /// The number for given sizes.
  ///
  /// @param sizes value of every dimension name
  public int value(Map<String, Integer> sizes) {
    int sum = constant;
    for (var term : terms.entrySet()) {
      Integer size = sizes.get(term.getKey());
      if (size == null) {
        throw new IllegalArgumentException("no size for dimension " + term.getKey());
      }
      sum = Math.addExact(sum, Math.multiplyExact(term.getValue(), size));
    }
    return sum;
  }

  @Override
  public String toString() {
    Stream<String> named =
        terms.entrySet().stream()
            .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + e.getKey());
    Stream<String> rest =
        constant != 0 || terms.isEmpty() ? Stream.of(Integer.toString(constant)) : Stream.of();
    return Stream.concat(named, rest).collect(Collectors.joining(" + "));
  }
}
