package dev.sluice.compiler.analysis;

import dev.sluice.compiler.ir.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A number that depends on the dimensions: a polynomial in them, `4n² + 4mn + 4n`.
///
/// @param terms coefficient by monomial, the sorted list of its factors; never 0
public record Count(Map<List<String>, Long> terms) {
  public static final Count ZERO = new Count(Map.of());
  private static final String DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  public Count {
    terms =
        terms.entrySet().stream()
            .filter(e -> e.getValue() != 0)
            .collect(
                Collectors.toUnmodifiableMap(e -> List.copyOf(e.getKey()), Map.Entry::getValue));
  }

  public static Count of(long number) {
    return new Count(Map.of(List.of(), number));
  }

  public static Count of(Dim dim) {
    Count sum = of(dim.constant());
    for (var term : dim.terms().entrySet()) {
      sum = sum.plus(new Count(Map.of(List.of(term.getKey()), (long) term.getValue())));
    }
    return sum;
  }

  public Count plus(Count other) {
    Map<List<String>, Long> sum = new java.util.HashMap<>(terms);
    other.terms.forEach((monomial, c) -> sum.merge(monomial, c, Math::addExact));
    return new Count(sum);
  }

  public Count times(long factor) {
    return times(of(factor));
  }

  public Count times(Count other) {
    Map<List<String>, Long> product = new java.util.HashMap<>();
    terms.forEach(
        (left, a) ->
            other.terms.forEach(
                (right, b) -> {
                  List<String> monomial = new ArrayList<>(left);
                  monomial.addAll(right);
                  Collections.sort(monomial);
                  product.merge(monomial, Math.multiplyExact(a, b), Math::addExact);
                }));
    return new Count(product);
  }

  /// @param sizes value of every dimension
  public long value(Map<String, Integer> sizes) {
    long sum = 0;
    for (var term : terms.entrySet()) {
      long product = term.getValue();
      for (String name : term.getKey()) {
        Integer size = sizes.get(name);
        if (size == null) {
          throw new IllegalArgumentException("no size for dimension " + name);
        }
        product = Math.multiplyExact(product, (long) size);
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /// Higher powers first.
  @Override
  public String toString() {
    String text =
        terms.entrySet().stream()
            .sorted(
                Comparator.comparingInt((Map.Entry<List<String>, Long> e) -> -e.getKey().size())
                    .thenComparing(e -> String.join(" ", e.getKey())))
            .map(e -> term(e.getKey(), e.getValue()))
            .collect(Collectors.joining(" + "));
    return text.isEmpty() ? "0" : text;
  }

  private static String term(List<String> monomial, long coefficient) {
    if (monomial.isEmpty()) {
      return Long.toString(coefficient);
    }
    SortedMap<String, Integer> powers = new TreeMap<>();
    monomial.forEach(name -> powers.merge(name, 1, Integer::sum));
    StringBuilder text = new StringBuilder(coefficient == 1 ? "" : Long.toString(coefficient));
    powers.forEach((name, power) -> text.append(name).append(power == 1 ? "" : superscript(power)));
    return text.toString();
  }

  private static String superscript(int power) {
    return Integer.toString(power)
        .chars()
        .mapToObj(c -> DIGITS.substring(c - '0', c - '0' + 1))
        .collect(Collectors.joining());
  }
}
