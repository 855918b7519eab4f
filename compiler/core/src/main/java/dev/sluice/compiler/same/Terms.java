package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Atoms and polynomials by number: equal ones have one number, so that a value that is used many
/// times is compared and rebuilt once.
final class Terms {
  private final List<Atom> atoms = new ArrayList<>();
  private final Map<Atom, Integer> numberOfAtom = new HashMap<>();
  private final List<Polynomial> polynomials = new ArrayList<>();
  private final Map<Polynomial, Integer> numberOfPolynomial = new HashMap<>();

  int number(Atom atom) {
    return numberOfAtom.computeIfAbsent(
        atom,
        a -> {
          atoms.add(a);
          return atoms.size() - 1;
        });
  }

  int number(Polynomial polynomial) {
    return numberOfPolynomial.computeIfAbsent(
        polynomial,
        p -> {
          polynomials.add(p);
          return polynomials.size() - 1;
        });
  }

  Atom atom(int number) {
    return atoms.get(number);
  }

  Polynomial polynomial(int number) {
    return polynomials.get(number);
  }

  /// How many atoms there are.
  int size() {
    return atoms.size();
  }

  Polynomial leaf(Head head, Shape shape) {
    return of(new Atom(head, List.of(), shape));
  }

  /// One atom as a polynomial.
  Polynomial of(Atom atom) {
    return Polynomial.monomial(List.of(number(atom)), 1, atom.shape());
  }
}
