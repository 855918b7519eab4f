package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.LinearForm.Linear;
import dev.sluice.compiler.bind.Term.Addend;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Implicit steps: where the right sides are linear in the unknowns of a step, each element by
/// itself, they are solved. `z_t = z_{t-1} + a_t − Δt ε z_t` is `z_t = (z_{t-1} + a_t) / (1 + Δt
/// ε)`; of `v_t = v_{t-1} − a u_t` and `u_t = u_{t-1} + b v_t`, v_t reads u_t, and u_t, with v_t
/// put in, neither. What is not linear, or has a matrix before an unknown, is left to [Order],
/// which reports the cycle; so is what is more likely a slip of the pen: one equation that doesn't
/// read its own step before, `c_t = f_t ∘ c_t + …`, and several of which not two do.
final class Implicit {
  /// Equations that are solved together.
  private static final int MOST = 8;

  private final Map<Symbol, Ranks.Rank> ranks;
  private final Findings findings;

  private Implicit(Map<Symbol, Ranks.Rank> ranks, Findings findings) {
    this.ranks = ranks;
    this.findings = findings;
  }

  /// @param ranks of all names
  static List<Definition> solved(
      List<Definition> definitions, Map<Symbol, Ranks.Rank> ranks, Findings findings) {
    Implicit implicit = new Implicit(ranks, findings);
    Map<Symbol, Definition> changed = new HashMap<>();
    for (SequencedSet<Symbol> cycle : Cycles.of(definitions)) {
      List<Definition> equations =
          definitions.stream().filter(d -> cycle.contains(d.symbol())).toList();
      implicit.solve(equations).forEach(d -> changed.put(d.symbol(), d));
    }
    return definitions.stream().map(d -> changed.getOrDefault(d.symbol(), d)).toList();
  }

  /// Whether an equation reads what it defines, one step before.
  static boolean isImplicitStep(Definition d) {
    boolean[] found = {false};
    Roles.walk(
        d.value(),
        t ->
            found[0] |=
                t instanceof Term.Timed v && v.delay() == 1 && v.symbol().equals(d.symbol()));
    return found[0];
  }

  /// The equations of a cycle without it; nothing where they can't be solved.
  private List<Definition> solve(List<Definition> equations) {
    long steps = equations.stream().filter(Implicit::isImplicitStep).count();
    if (equations.size() > MOST || steps < Math.min(2, equations.size())) {
      return List.of();
    }
    Set<Symbol> unknowns =
        equations.stream().map(Definition::symbol).collect(Collectors.toUnmodifiableSet());
    List<Linear> system = new ArrayList<>();
    for (Definition d : equations) {
      Optional<Linear> linear = LinearForm.of(d.value(), unknowns, ranks);
      if (linear.isEmpty()) {
        return List.of();
      }
      system.add(linear.get());
    }
    List<Definition> solved = new ArrayList<>();
    for (int i = 0; i < equations.size(); i++) {
      Definition d = equations.get(i);
      Optional<Linear> alone = withoutItself(system.get(i), d);
      if (alone.isEmpty()) {
        return List.of();
      }
      solved.add(definition(d, alone.get()));
      for (int later = i + 1; later < system.size(); later++) {
        system.set(later, putIn(alone.get(), d, system.get(later)));
      }
    }
    note(equations);
    return solved;
  }

  /// `u = rest + f u + …` as `u = (rest + …) / (1 − f)`; empty where any value solves it, or none.
  private static Optional<Linear> withoutItself(Linear linear, Definition d) {
    if (linear.of(d.symbol()).isEmpty()) {
      return Optional.of(linear);
    }
    List<Addend> divisor = new ArrayList<>();
    divisor.add(new Addend(false, new Term.Number(1, d.at())));
    divisor.addAll(LinearForm.negated(linear.of(d.symbol())));
    Term sum = new Term.Sum(divisor, d.at());
    OptionalDouble number = Statics.value(sum);
    if (number.isPresent() && number.getAsDouble() == 0) {
      return Optional.empty();
    }
    Map<Symbol, List<Addend>> others = new LinkedHashMap<>();
    linear
        .factors()
        .forEach(
            (u, f) -> {
              if (!u.equals(d.symbol())) {
                others.put(u, divided(f, sum));
              }
            });
    return Optional.of(new Linear(divided(linear.rest(), sum), others));
  }

  private static List<Addend> divided(List<Addend> addends, Term divisor) {
    if (addends.isEmpty()) {
      return addends;
    }
    Term sum = new Term.Sum(addends, divisor.at());
    Term quotient = new Term.Zip(BinaryOp.DIVIDE, sum, divisor, divisor.at());
    return List.of(new Addend(false, quotient));
  }

  /// An equation with what another one says of its unknown.
  private static Linear putIn(Linear solved, Definition d, Linear into) {
    List<Addend> factor = into.of(d.symbol());
    if (factor.isEmpty()) {
      return into;
    }
    boolean negative = factor.size() == 1 && factor.getFirst().negative();
    Term scale = factor.size() == 1 ? factor.getFirst().term() : new Term.Sum(factor, d.at());
    List<Addend> rest = new ArrayList<>(into.rest());
    rest.addAll(scaled(scale, negative, solved.rest()));
    Map<Symbol, List<Addend>> factors = new LinkedHashMap<>(into.factors());
    factors.remove(d.symbol());
    solved
        .factors()
        .forEach(
            (u, f) -> {
              List<Addend> all = new ArrayList<>(factors.getOrDefault(u, List.of()));
              all.addAll(scaled(scale, negative, f));
              factors.put(u, all);
            });
    return new Linear(rest, factors);
  }

  private static List<Addend> scaled(Term scale, boolean negative, List<Addend> addends) {
    return addends.stream()
        .map(a -> new Addend(a.negative() != negative, LinearForm.scaled(a.term(), List.of(scale))))
        .toList();
  }

  private static Definition definition(Definition d, Linear linear) {
    List<Addend> addends = new ArrayList<>(linear.rest());
    linear
        .factors()
        .forEach((u, f) -> addends.addAll(scaled(new Term.Timed(u, 0, d.at()), false, f)));
    Term value =
        addends.isEmpty()
            ? new Term.Number(0, d.at())
            : addends.size() == 1 && !addends.getFirst().negative()
                ? addends.getFirst().term()
                : new Term.Sum(addends, d.at());
    return new Definition(d.symbol(), value, d.at(), d.origin(), d.stacked());
  }

  private void note(List<Definition> equations) {
    String names =
        equations.stream()
            .map(d -> Syntax.timed(d.symbol(), 0))
            .collect(Collectors.joining(" and "));
    findings.note(
        "solved for " + names,
        equations.getFirst().at(),
        equations.size() == 1
            ? "%s stands on both sides; the equation is linear in it, so it is computed as the rest divided by what is left of its factor."
                .formatted(names)
            : "They need each other at the same step; the equations are linear in them, element by"
                + " element, so they are solved together.");
  }
}
