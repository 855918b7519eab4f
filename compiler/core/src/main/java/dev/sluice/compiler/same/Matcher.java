package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds a renaming that makes one form the other: goals are pairs that must become equal, choices
/// are tried one after the other where colours leave several, and taken back when they fail.
final class Matcher {
  /// Work after which a search is given up; the cells are then not called equal.
  private static final int MOST_STEPS = 300_000;

  /// Pairs that must match, newest first.
  private sealed interface Goal {
    record Polynomials(int a, int b) implements Goal {}

    record Atoms(int a, int b) implements Goal {}

    /// Terms in any order.
    record TermsOf(
        List<Map.Entry<List<Integer>, Double>> a, List<Map.Entry<List<Integer>, Double>> b)
        implements Goal {}

    /// Factors in any order.
    record Factors(List<Integer> a, List<Integer> b) implements Goal {}
  }

  /// Sums of lengths, to be compared when each of them has its partner.
  private record Lengths(Dim a, Dim b) {}

  private record Goals(Goal first, Optional<Goals> rest) {}

  private final Form a;
  private final Form b;
  private final Colours coloursOfA;
  private final Colours coloursOfB;
  private final Map<Integer, Integer> atoms = new HashMap<>();
  private final Map<Integer, Integer> atomsBack = new HashMap<>();
  private final Map<Integer, Integer> polynomials = new HashMap<>();
  private final Map<Integer, Integer> polynomialsBack = new HashMap<>();
  private final Map<String, String> dimensions = new LinkedHashMap<>();
  private final Map<String, String> dimensionsBack = new LinkedHashMap<>();
  private final List<Lengths> pending = new ArrayList<>();
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private int steps = 0;

  private Matcher(Form a, Form b, boolean byName) {
    this.a = a;
    this.b = b;
    this.coloursOfA = Colours.of(a, byName);
    this.coloursOfB = Colours.of(b, byName);
  }

  /// @param byName whether parameters, inputs and states must have the same names
  static Optional<Matching> match(Form a, Form b, boolean byName) {
    if (a.states().size() != b.states().size()
        || a.atoms().size() != b.atoms().size()
        || Normal.leaves(a).size() != Normal.leaves(b).size()) {
      return Optional.empty();
    }
    Matcher matcher = new Matcher(a, b, byName);
    Goals root = new Goals(new Goal.Polynomials(a.output(), b.output()), Optional.empty());
    return matcher.solve(Optional.of(root)) ? Optional.of(matcher.matching()) : Optional.empty();
  }

  private Matching matching() {
    Map<Weight, Weight> weights = new LinkedHashMap<>();
    Map<Symbol, Symbol> inputs = new LinkedHashMap<>();
    Map<Symbol, Symbol> states = new LinkedHashMap<>();
    atoms.forEach(
        (x, y) -> {
          switch (a.terms().atom(x).head()) {
            case Weight w when b.terms().atom(y).head() instanceof Weight v -> weights.put(w, v);
            case Head.Input(Symbol i) when b.terms().atom(y).head() instanceof Head.Input(var j) ->
                inputs.put(i, j);
            case Head.State(Symbol s) when b.terms().atom(y).head() instanceof Head.State(var r) ->
                states.put(s, r);
            default -> {}
          }
        });
    return new Matching(dimensions, weights, inputs, states);
  }

  private boolean solve(Optional<Goals> open) {
    Optional<Goals> goals = open;
    int mark = undo.size();
    while (goals.isPresent()) {
      if (++steps > MOST_STEPS) {
        return back(mark);
      }
      Optional<Goals> rest = goals.get().rest;
      switch (goals.get().first) {
        case Goal.Polynomials(int x, int y) -> {
          if (polynomials.containsKey(x) || polynomialsBack.containsKey(y)) {
            if (!Integer.valueOf(y).equals(polynomials.get(x))) {
              return back(mark);
            }
            goals = rest;
          } else if (bindPolynomials(x, y)) {
            goals = Optional.of(new Goals(termsOf(x, y), rest));
          } else {
            return back(mark);
          }
        }
        case Goal.Atoms(int x, int y) -> {
          if (atoms.containsKey(x) || atomsBack.containsKey(y)) {
            if (!Integer.valueOf(y).equals(atoms.get(x))) {
              return back(mark);
            }
            goals = rest;
            continue;
          }
          if (!bindAtoms(x, y)) {
            return back(mark);
          }
          if (isSymmetric(x)) {
            List<Integer> p = a.terms().atom(x).arguments();
            List<Integer> q = b.terms().atom(y).arguments();
            if (solve(arguments(p, q.reversed(), rest))) {
              return true;
            }
            goals = arguments(p, q, rest);
          } else {
            goals = children(x, y, rest);
          }
        }
        case Goal.TermsOf(var p, var q) -> {
          if (p.isEmpty()) {
            goals = rest;
          } else {
            return chooseTerm(p, q, rest) || back(mark);
          }
        }
        case Goal.Factors(var p, var q) -> {
          if (p.isEmpty()) {
            goals = rest;
          } else {
            return chooseFactor(p, q, rest) || back(mark);
          }
        }
      }
    }
    return pendingFit() || back(mark);
  }

  private boolean back(int mark) {
    while (undo.size() > mark) {
      undo.pop().run();
    }
    return false;
  }

  private <K> void bind(Map<K, K> there, Map<K, K> back, K x, K y) {
    there.put(x, y);
    back.put(y, x);
    undo.push(
        () -> {
          there.remove(x);
          back.remove(y);
        });
  }

  // ---- choices

  private boolean chooseTerm(
      List<Map.Entry<List<Integer>, Double>> p,
      List<Map.Entry<List<Integer>, Double>> q,
      Optional<Goals> rest) {
    var first = p.getFirst();
    for (int i = 0; i < q.size(); i++) {
      var other = q.get(i);
      if (!near(first.getValue(), other.getValue())
          || !colours(first.getKey(), coloursOfA).equals(colours(other.getKey(), coloursOfB))) {
        continue;
      }
      Goals next =
          new Goals(
              new Goal.Factors(first.getKey(), other.getKey()),
              Optional.of(
                  new Goals(new Goal.TermsOf(p.subList(1, p.size()), without(q, i)), rest)));
      if (solve(Optional.of(next))) {
        return true;
      }
    }
    return false;
  }

  private boolean chooseFactor(List<Integer> p, List<Integer> q, Optional<Goals> rest) {
    for (int i = 0; i < q.size(); i++) {
      if (coloursOfA.atom(p.getFirst()) != coloursOfB.atom(q.get(i))) {
        continue;
      }
      Goals next =
          new Goals(
              new Goal.Atoms(p.getFirst(), q.get(i)),
              Optional.of(
                  new Goals(new Goal.Factors(p.subList(1, p.size()), without(q, i)), rest)));
      if (solve(Optional.of(next))) {
        return true;
      }
    }
    return false;
  }

  private static <T> List<T> without(List<T> all, int i) {
    List<T> rest = new ArrayList<>(all);
    rest.remove(i);
    return rest;
  }

  private static List<Long> colours(List<Integer> factors, Colours colours) {
    return factors.stream().map(colours::atom).sorted().toList();
  }

  /// Equal but for the last bits, which differ when numbers were added up in another order.
  private static boolean near(double x, double y) {
    return Math.abs(x - y) <= 1e-14 * Math.max(Math.abs(x), Math.abs(y));
  }

  // ---- pairs

  private boolean bindPolynomials(int x, int y) {
    Polynomial p = a.terms().polynomial(x);
    Polynomial q = b.terms().polynomial(y);
    if (p.terms().size() != q.terms().size() || !fit(p.shape(), q.shape())) {
      return false;
    }
    bind(polynomials, polynomialsBack, x, y);
    return true;
  }

  private Goal termsOf(int x, int y) {
    return new Goal.TermsOf(
        List.copyOf(a.terms().polynomial(x).terms().entrySet()),
        List.copyOf(b.terms().polynomial(y).terms().entrySet()));
  }

  private boolean bindAtoms(int x, int y) {
    Atom p = a.terms().atom(x);
    Atom q = b.terms().atom(y);
    if (coloursOfA.atom(x) != coloursOfB.atom(y)
        || p.arguments().size() != q.arguments().size()
        || !fit(p.shape(), q.shape())
        || !fit(p.head(), q.head())) {
      return false;
    }
    bind(atoms, atomsBack, x, y);
    return true;
  }

  private boolean isSymmetric(int x) {
    return a.terms().atom(x).head() instanceof Named(var function) && function.isSymmetric();
  }

  private Optional<Goals> children(int x, int y, Optional<Goals> rest) {
    Atom p = a.terms().atom(x);
    Atom q = b.terms().atom(y);
    if (p.head() instanceof Head.State(Symbol s) && q.head() instanceof Head.State(Symbol r)) {
      Integer next = a.states().get(s);
      Integer other = b.states().get(r);
      return next == null || other == null
          ? rest
          : Optional.of(new Goals(new Goal.Polynomials(next, other), rest));
    }
    return arguments(p.arguments(), q.arguments(), rest);
  }

  private static Optional<Goals> arguments(List<Integer> p, List<Integer> q, Optional<Goals> rest) {
    Optional<Goals> goals = rest;
    for (int i = p.size() - 1; i >= 0; i--) {
      goals = Optional.of(new Goals(new Goal.Polynomials(p.get(i), q.get(i)), goals));
    }
    return goals;
  }

  private boolean fit(Head p, Head q) {
    return switch (p) {
      case Weight w -> q instanceof Weight v && fit(w.shape(), v.shape());
      case Head.Input _ -> q instanceof Head.Input;
      case Head.State(Symbol s) -> q instanceof Head.State(Symbol r) && startsAlike(s, r);
      case Head.StepNumber _ -> q instanceof Head.StepNumber;
      case Head.Length(Dim n) -> q instanceof Head.Length(Dim m) && fit(n, m);
      case Head.Slice s ->
          q instanceof Head.Slice r
              && s.axis() == r.axis()
              && fit(s.from(), r.from())
              && fit(s.length(), r.length());
      case Head.Of of -> of.equals(q);
      case Named named -> named.equals(q);
    };
  }

  private boolean startsAlike(Symbol s, Symbol r) {
    double first = a.cell().state(s).map(x -> x.initial()).orElse(0.0);
    double second = b.cell().state(r).map(x -> x.initial()).orElse(0.0);
    return first == second;
  }

  private boolean fit(Shape p, Shape q) {
    return switch (p) {
      case Shape.Scalar() -> q instanceof Shape.Scalar;
      case Shape.Vector(Dim n) -> q instanceof Shape.Vector(Dim m) && fit(n, m);
      case Shape.Matrix(Dim n, Dim m) ->
          q instanceof Shape.Matrix(Dim k, Dim l) && fit(n, k) && fit(m, l);
    };
  }

  /// Equal under the renaming so far; a single dimension on each side is matched here.
  private boolean fit(Dim p, Dim q) {
    if (p.terms().size() == 1 && q.terms().size() == 1 && p.constant() == q.constant()) {
      String x = p.terms().firstKey();
      String y = q.terms().firstKey();
      boolean free = !dimensions.containsKey(x) && !dimensionsBack.containsKey(y);
      if (free && List.copyOf(p.terms().values()).equals(List.copyOf(q.terms().values()))) {
        bind(dimensions, dimensionsBack, x, y);
      }
    }
    if (!dimensions.keySet().containsAll(p.terms().keySet())) {
      pending.add(new Lengths(p, q));
      undo.push(pending::removeLast);
      return p.terms().size() == q.terms().size();
    }
    return Matching.fit(p, q, dimensions);
  }

  private boolean pendingFit() {
    return pending.stream().allMatch(l -> Matching.fit(l.a, l.b, dimensions));
  }
}
