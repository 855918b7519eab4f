package dev.sluice.compiler.ast;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A name under construction.
///
/// @param below labels written as subscripts
/// @param above labels written as superscripts
/// @param delay as in [dev.sluice.compiler.ir.Ast.Name]
record NameParts(
    Piece base,
    int primes,
    List<Piece> below,
    List<Piece> above,
    Optional<Integer> delay,
    Span span) {

  static NameParts of(Piece base, Span span) {
    return new NameParts(base, 0, List.of(), List.of(), Optional.empty(), span);
  }

  NameParts withBase(Piece other) {
    return new NameParts(other, primes, below, above, delay, span);
  }

  NameParts withPrimes(int more) {
    return new NameParts(base, primes + more, below, above, delay, span);
  }

  NameParts withBelow(Piece label) {
    return new NameParts(base, primes, plus(below, label), above, delay, span);
  }

  NameParts withAbove(Piece label) {
    return new NameParts(base, primes, below, plus(above, label), delay, span);
  }

  NameParts withDelay(int steps) {
    return new NameParts(base, primes, below, above, Optional.of(steps), span);
  }

  NameParts withSpan(Span other) {
    return new NameParts(base, primes, below, above, delay, other);
  }

  boolean isBare() {
    return primes == 0 && below.isEmpty() && above.isEmpty() && delay.isEmpty();
  }

  String plain() {
    StringBuilder plain = new StringBuilder(base.plain());
    plain.repeat("_prime", primes);
    below.forEach(l -> plain.append('_').append(l.plain()));
    above.forEach(l -> plain.append('_').append(l.plain()));
    return plain.toString();
  }

  String display() {
    return base.display()
        + "′".repeat(primes)
        + joined("_", below.stream().map(Piece::display).toList())
        + joined("^", above.stream().map(Piece::display).toList());
  }

  String key() {
    return base.key()
        + "′".repeat(primes)
        + joined("_", below.stream().map(Piece::key).toList())
        + joined("^", above.stream().map(Piece::key).toList());
  }

  private static String joined(String sign, List<String> labels) {
    return labels.isEmpty() ? "" : labels.stream().collect(Collectors.joining(",", sign, ""));
  }

  private static List<Piece> plus(List<Piece> labels, Piece label) {
    List<Piece> all = new ArrayList<>(labels);
    all.add(label);
    return List.copyOf(all);
  }
}
