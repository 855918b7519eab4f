package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Dim;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Unification of lengths. A length is a linear expression ([Dim]) over variables `#0`, `#1` … and
/// the names that the user declared, which are equal to nothing but themselves.
///
/// A variable may belong to the input or to the state. Nothing in the mathematics keeps the two
/// apart, but a cell that makes them equal by accident is nearly always a slip of the pen, so that
/// is refused unless the user says `dim x = dim h`.
final class Lengths {
  enum Owner {
    NOBODY,
    INPUT,
    STATE,
    /// declared equal
    BOTH
  }

  private final Map<String, Owner> owners = new HashMap<>();
  private final Map<String, Dim> solved = new HashMap<>();
  private int next;
  private boolean overflown;

  Dim fresh() {
    return Dim.of("#" + next++);
  }

  static boolean isVariable(String name) {
    return name.startsWith("#");
  }

  /// The variable that a length is, if it is nothing more.
  static Optional<String> variable(Dim d) {
    return d.constant() == 0
            && d.terms().size() == 1
            && d.terms().firstEntry().getValue() == 1
            && isVariable(d.terms().firstKey())
        ? Optional.of(d.terms().firstKey())
        : Optional.empty();
  }

  void own(Dim length, Owner owner) {
    variable(resolve(length)).ifPresent(v -> owners.put(v, owner));
  }

  Owner owner(Dim length) {
    return variable(resolve(length)).map(this::owner).orElse(Owner.NOBODY);
  }

  private Owner owner(String variable) {
    return owners.getOrDefault(variable, Owner.NOBODY);
  }

  /// Whether some length is a multiple too large to count.
  boolean overflown() {
    return overflown;
  }

  /// What is known of a length: its variables are open.
  Dim resolve(Dim d) {
    try {
      return resolved(d);
    } catch (ArithmeticException tooLarge) {
      overflown = true;
      return Dim.ONE; // the cell is refused, so the value does not matter
    }
  }

  private Dim resolved(Dim d) {
    Dim current = d;
    while (current.terms().keySet().stream().anyMatch(solved::containsKey)) {
      Dim sum = Dim.of(current.constant());
      for (var term : current.terms().entrySet()) {
        Dim value = solved.get(term.getKey());
        Dim part = value == null ? Dim.of(term.getKey()) : value;
        sum = sum.plus(part.times(term.getValue()));
      }
      current = sum;
    }
    Optional<String> simple = d.terms().size() == 1 ? variable(d) : Optional.empty();
    if (simple.isPresent() && solved.containsKey(simple.get())) {
      solved.put(simple.get(), current); // shorter next time
    }
    return current;
  }

  /// Makes two lengths equal whoever owns them: `dim y = dim x`.
  boolean declareEqual(Dim a, Dim b) {
    if (!unify(a, b, true)) {
      return false;
    }
    own(a, Owner.BOTH);
    return true;
  }

  /// Makes two lengths equal.
  ///
  /// @return false, and nothing is changed, if they cannot be
  boolean unify(Dim a, Dim b) {
    return unify(a, b, false);
  }

  private boolean unify(Dim a, Dim b, boolean declared) {
    try {
      Dim difference = divided(resolve(a).minus(resolve(b)));
      if (difference.terms().isEmpty()) {
        return difference.constant() == 0;
      }
      Stream<String> variables =
          difference.terms().keySet().stream()
              .filter(Lengths::isVariable)
              .sorted(Comparator.comparing((String v) -> owner(v)).thenComparing(v -> -number(v)));
      return variables.anyMatch(v -> solve(v, difference, declared));
    } catch (ArithmeticException tooLarge) {
      return false;
    }
  }

  private static int number(String variable) {
    return Integer.parseInt(variable.substring(1));
  }

  private static Dim divided(Dim d) {
    int divisor = Math.abs(d.constant());
    for (int coefficient : d.terms().values()) {
      divisor = gcd(divisor, Math.abs(coefficient));
    }
    if (divisor <= 1) {
      return d;
    }
    Dim result = Dim.of(d.constant() / divisor);
    for (var term : d.terms().entrySet()) {
      result = result.plus(Dim.of(term.getKey()).times(term.getValue() / divisor));
    }
    return result;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /// `difference = 0` solved for one variable, if the result is a length.
  private boolean solve(String variable, Dim difference, boolean declared) {
    Integer coefficient = difference.terms().get(variable);
    if (coefficient == null || Math.abs(coefficient) != 1) {
      return false;
    }
    Dim rest = difference.minus(Dim.of(variable).times(coefficient));
    Dim value = rest.times(-coefficient);
    boolean isLength =
        value.constant() >= 0
            && value.terms().values().stream().allMatch(c -> c > 0)
            && !value.equals(Dim.ZERO);
    if (!isLength || !declared && mixes(owner(variable), value)) {
      return false;
    }
    solved.put(variable, value);
    return true;
  }

  private boolean mixes(Owner owner, Dim value) {
    Owner other = variable(value).map(this::owner).orElse(Owner.NOBODY);
    return owner == Owner.INPUT && other == Owner.STATE
        || owner == Owner.STATE && other == Owner.INPUT;
  }
}
