package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Named;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Colour refinement: atoms and polynomials that differ in what they are made of, or in what they
/// are used for, get different colours, whatever their names. Equal colours may still be different
/// nodes; different ones never match.
final class Colours {
  private final Form form;
  private final boolean byName;
  private Map<Integer, Long> atoms = new HashMap<>();
  private Map<Integer, Long> polynomials = new HashMap<>();

  private Colours(Form form, boolean byName) {
    this.form = form;
    this.byName = byName;
  }

  /// @param byName whether names of parameters, inputs and states are part of the colour
  static Colours of(Form form, boolean byName) {
    return of(form, byName, 64);
  }

  /// @param rounds how far what a node is used for is looked at, at most
  static Colours of(Form form, boolean byName, int rounds) {
    Colours colours = new Colours(form, byName);
    int classes = 0;
    for (int round = 0; round < rounds; round++) {
      colours.refine();
      int now =
          new HashSet<>(colours.atoms.values()).size()
              + new HashSet<>(colours.polynomials.values()).size();
      if (round > 2 && now == classes) {
        break;
      }
      classes = now;
    }
    return colours;
  }

  long atom(int number) {
    return atoms.getOrDefault(number, 0L);
  }

  long polynomial(int number) {
    return polynomials.getOrDefault(number, 0L);
  }

  private void refine() {
    Map<Integer, List<Long>> uses = new HashMap<>();
    Map<Integer, List<Long>> usesOfPolynomials = new HashMap<>();
    use(usesOfPolynomials, form.output(), 1);
    for (int p : form.reachable()) {
      form.terms()
          .polynomial(p)
          .terms()
          .forEach(
              (factors, c) -> {
                long term = mix(mix(polynomial(p), number(c)), unordered(colours(factors)));
                factors.forEach(f -> use(uses, f, term));
              });
    }
    for (int a : form.atoms()) {
      Atom atom = form.terms().atom(a);
      boolean symmetric = atom.head() instanceof Named(var function) && function.isSymmetric();
      for (int i = 0; i < atom.arguments().size(); i++) {
        use(usesOfPolynomials, atom.arguments().get(i), mix(atom(a), symmetric ? 7 : i));
      }
      if (atom.head() instanceof Head.State(Symbol symbol)) {
        use(usesOfPolynomials, next(symbol), mix(atom(a), 99));
      }
    }
    Map<Integer, Long> newAtoms = new HashMap<>();
    for (int a : form.atoms()) {
      newAtoms.put(
          a, mix(ofAtom(form.terms().atom(a)), unordered(uses.getOrDefault(a, List.of()))));
    }
    Map<Integer, Long> newPolynomials = new HashMap<>();
    for (int p : form.reachable()) {
      newPolynomials.put(
          p, mix(ofPolynomial(p), unordered(usesOfPolynomials.getOrDefault(p, List.of()))));
    }
    atoms = newAtoms;
    polynomials = newPolynomials;
  }

  private int next(Symbol state) {
    return form.states().getOrDefault(state, form.output());
  }

  private static void use(Map<Integer, List<Long>> uses, int number, long by) {
    uses.computeIfAbsent(number, _ -> new ArrayList<>()).add(by);
  }

  private List<Long> colours(List<Integer> factors) {
    return factors.stream().map(this::atom).toList();
  }

  private long ofAtom(Atom atom) {
    long colour = mix(head(atom.head()), rank(atom.shape()));
    List<Long> arguments = atom.arguments().stream().map(this::polynomial).toList();
    boolean symmetric = atom.head() instanceof Named(var function) && function.isSymmetric();
    return mix(colour, symmetric ? unordered(arguments) : arguments.hashCode());
  }

  private long head(Head head) {
    return switch (head) {
      case Head.Weight w -> byName ? mix(1, w.hashCode()) : 1;
      case Head.Input(Symbol symbol) -> byName ? mix(2, symbol.hashCode()) : 2;
      case Head.State(Symbol symbol) ->
          mix(
              mix(3, byName ? symbol.hashCode() : 0),
              mix(Double.hashCode(initial(symbol)), polynomial(next(symbol))));
      case Head.StepNumber _ -> 4;
      case Head.Length _ -> 5;
      case Head.Slice slice -> mix(6, slice.axis().ordinal());
      case Head.Of of -> mix(7, of.op().ordinal());
      case Named named -> mix(8, named.function().ordinal());
    };
  }

  private double initial(Symbol state) {
    return form.cell().state(state).map(s -> s.initial()).orElse(0.0);
  }

  private long ofPolynomial(int number) {
    Polynomial p = form.terms().polynomial(number);
    List<Long> terms = new ArrayList<>();
    p.terms().forEach((factors, c) -> terms.add(mix(number(c), unordered(colours(factors)))));
    return mix(rank(p.shape()), unordered(terms));
  }

  /// Without the last bits, which depend on the order that numbers were multiplied in.
  private static long number(double c) {
    return Float.hashCode((float) c);
  }

  private static long rank(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> 11;
      case Shape.Vector _ -> 12;
      case Shape.Matrix _ -> 13;
    };
  }

  private static long unordered(List<Long> colours) {
    List<Long> sorted = new ArrayList<>(colours);
    Collections.sort(sorted);
    long mixed = 17;
    for (long c : sorted) {
      mixed = mix(mixed, c);
    }
    return mixed;
  }

  private static long mix(long a, long b) {
    long z = a * 0x9E3779B97F4A7C15L + b + 0x632BE59BD9B4E019L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
