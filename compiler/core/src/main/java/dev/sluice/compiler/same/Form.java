package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;

/// A cell as polynomials: its output, and how each state that the output depends on goes on.
///
/// @param cell in flat form
/// @param output number of the output's polynomial
/// @param states number of the next value's polynomial, for each state that matters
/// @param turned whether odd functions have positive arguments, as [Algebra] says
record Form(
    Cell cell, Terms terms, int output, SequencedMap<Symbol, Integer> states, boolean turned) {
  Form {
    states = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(states));
  }

  /// Polynomials that the output and the states are made of, each after those that it contains.
  SequencedSet<Integer> reachable() {
    SequencedSet<Integer> seen = new LinkedHashSet<>();
    visit(output, seen);
    states.values().forEach(p -> visit(p, seen));
    return seen;
  }

  private void visit(int polynomial, SequencedSet<Integer> seen) {
    if (seen.contains(polynomial)) {
      return;
    }
    for (List<Integer> factors : terms.polynomial(polynomial).terms().keySet()) {
      for (int factor : factors) {
        terms.atom(factor).arguments().forEach(a -> visit(a, seen));
      }
    }
    seen.add(polynomial);
  }

  boolean hasMatrixState() {
    return states.values().stream()
        .anyMatch(next -> terms.polynomial(next).shape() instanceof Shape.Matrix);
  }

  /// Atoms of the reachable polynomials.
  SequencedSet<Integer> atoms() {
    SequencedSet<Integer> atoms = new LinkedHashSet<>();
    for (int polynomial : reachable()) {
      terms.polynomial(polynomial).terms().keySet().forEach(atoms::addAll);
    }
    return atoms;
  }

  /// The form with some atoms replaced, brought to normal form again.
  ///
  /// @param replacement of an atom, or empty where it stays
  Form replace(Function<Atom, Optional<Polynomial>> replacement) {
    return replaceInAll(replacement).withoutUnused();
  }

  /// The same, with the states that are then no longer needed.
  Form replaceInAll(Function<Atom, Optional<Polynomial>> replacement) {
    Rebuild rebuild = new Rebuild(terms, turned, replacement);
    SequencedMap<Symbol, Integer> next = new LinkedHashMap<>();
    states.forEach((symbol, p) -> next.put(symbol, terms.number(rebuild.polynomial(p))));
    int result = terms.number(rebuild.polynomial(output));
    return new Form(cell, terms, result, next, turned);
  }

  /// One of the form's polynomials with some atoms replaced.
  Polynomial rebuilt(int polynomial, Function<Atom, Optional<Polynomial>> replacement) {
    return new Rebuild(terms, turned, replacement).polynomial(polynomial);
  }

  /// `σ(−z)` as `1 − σ(z)`, and alike.
  Form withTurns() {
    return new Form(cell, terms, output, states, true).replace(_ -> Optional.empty());
  }

  /// Keeps the states that the output depends on.
  Form withoutUnused() {
    SequencedMap<Symbol, Integer> used = new LinkedHashMap<>();
    SequencedSet<Integer> seen = new LinkedHashSet<>();
    visit(output, seen);
    for (boolean more = true; more; ) {
      more = false;
      for (int polynomial : List.copyOf(seen)) {
        for (List<Integer> factors : terms.polynomial(polynomial).terms().keySet()) {
          for (int factor : factors) {
            Integer next =
                terms.atom(factor).head() instanceof Head.State(Symbol symbol)
                        && !used.containsKey(symbol)
                    ? states.get(symbol)
                    : null;
            if (next != null && terms.atom(factor).head() instanceof Head.State(Symbol symbol)) {
              used.put(symbol, next);
              visit(next, seen);
              more = true;
            }
          }
        }
      }
    }
    return new Form(cell, terms, output, used, turned);
  }

  /// One pass over shared polynomials.
  private static final class Rebuild {
    private final Terms terms;
    private final Algebra algebra;
    private final Function<Atom, Optional<Polynomial>> replacement;
    private final Map<Integer, Polynomial> done = new HashMap<>();
    private final Map<Integer, Polynomial> doneAtoms = new HashMap<>();

    Rebuild(Terms terms, boolean turns, Function<Atom, Optional<Polynomial>> replacement) {
      this.terms = terms;
      this.algebra = new Algebra(terms, turns);
      this.replacement = replacement;
    }

    Polynomial polynomial(int number) {
      Polynomial known = done.get(number);
      if (known != null) {
        return known;
      }
      Polynomial before = terms.polynomial(number);
      Polynomial sum = new Polynomial(Map.of(), before.shape());
      for (var term : before.terms().entrySet()) {
        Polynomial one = Polynomial.constant(term.getValue(), before.shape());
        for (int factor : term.getKey()) {
          one = algebra.times(one, atom(factor), before.shape());
        }
        sum = sum.plus(one, before.shape());
      }
      done.put(number, sum);
      return sum;
    }

    private Polynomial atom(int number) {
      Polynomial known = doneAtoms.get(number);
      if (known == null) {
        Atom atom = terms.atom(number);
        known =
            replacement
                .apply(atom)
                .orElseGet(
                    () ->
                        algebra.apply(
                            atom.head(),
                            atom.arguments().stream().map(this::polynomial).toList(),
                            atom.shape()));
        doneAtoms.put(number, known);
      }
      return known;
    }
  }
}
