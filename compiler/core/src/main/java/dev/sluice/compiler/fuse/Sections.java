package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A loop's equations by when they run. Products without recurrence leave the loop: those that it
/// waits for before it, those that wait for it after it. Cheap elementwise work stays in the loop,
/// next to what uses it.
///
/// A state is no recurrence by itself: one that hands an input on (`x_lag_t = x_t`), or anything
/// made of inputs, is filled for all steps before the loop, and what reads it a step later runs
/// there too.
///
/// @param parts names of the hoisted parts of sums, each of which one sum of the loop continues
/// @param uniform scalars of parameters only
/// @param before over all steps, before the loop; by dependence, also from step to step
/// @param step in the loop
/// @param after over all steps, after the loop; by dependence, also from step to step
record Sections(
    Set<Symbol> parts,
    List<Equation> uniform,
    List<Equation> before,
    List<Equation> step,
    List<Equation> after) {

  static Sections of(Loop loop) {
    Set<Symbol> uniform = uniform(loop);
    Set<Symbol> recurrent = recurrent(loop);
    Set<Symbol> awaited = awaited(loop);
    List<Equation> equations = new ArrayList<>();
    Set<Symbol> parts = new HashSet<>();
    for (Equation e : loop.equations()) {
      if (recurrent.contains(e.target()) && awaited.contains(e.target())) {
        splitOffHoisted(loop, e, recurrent, equations).ifPresent(parts::add);
      } else {
        equations.add(e);
      }
    }
    Set<Symbol> before = hoisted(loop, equations, recurrent);
    before.removeAll(uniform);
    Set<Symbol> after = postponed(loop, equations, recurrent, awaited);
    List<Equation> first = new ArrayList<>();
    List<Equation> loopBody = new ArrayList<>();
    List<Equation> last = new ArrayList<>();
    List<Equation> constant = new ArrayList<>();
    for (Equation e : equations) {
      if (uniform.contains(e.target())) {
        constant.add(e);
      } else if (before.contains(e.target())) {
        first.add(e);
      } else if (after.contains(e.target())) {
        last.add(e);
      } else {
        loopBody.add(e);
      }
    }
    return new Sections(
        parts, constant, acrossSteps(loop, first), loopBody, acrossSteps(loop, last));
  }

  private static Set<Symbol> uniform(Loop loop) {
    Set<Symbol> uniform = new HashSet<>();
    for (Equation e : loop.equations()) {
      boolean ofParameters =
          Reads.values(e.value()).stream()
              .allMatch(v -> v.delay() == 0 && uniform.contains(v.symbol()));
      if (ofParameters
          && e.shape() instanceof Shape.Scalar
          && !Reads.isTotal(e)
          && !loop.carried().contains(e.target())
          && !Reads.readsStepNumber(e.value())) {
        uniform.add(e.target());
      }
    }
    return uniform;
  }

  /// What depends on itself at an earlier step, and what is made of that. The step number counts as
  /// recurrent: work over all steps at once doesn't know it. So does what the backward loop
  /// carries: where a sequence ends it meets the gradient that the caller gives.
  private static Set<Symbol> recurrent(Loop loop) {
    Set<Symbol> free = new HashSet<>();
    Set<Symbol> own = new HashSet<>();
    loop.equations().forEach(e -> own.add(e.target()));
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Equation e : loop.equations()) {
        boolean isFree =
            !Reads.readsStepNumber(e.value())
                && (loop.carryDelay() > 0 || !loop.carried().contains(e.target()))
                && Reads.values(e.value()).stream()
                    .filter(v -> isOfLoop(loop, v, own))
                    .allMatch(v -> free.contains(v.symbol()));
        grows |= isFree && free.add(e.target());
      }
    }
    own.removeAll(free);
    return own;
  }

  /// Whether a step of the loop makes the value: this one, or the one before in its order.
  private static boolean isOfLoop(Loop loop, Expr.Value v, Set<Symbol> own) {
    return loop.isCarried(v) || v.delay() == 0 && own.contains(v.symbol());
  }

  /// What a recurrence waits for, or the step number, which the loop alone knows.
  private static Set<Symbol> awaited(Loop loop) {
    Map<Symbol, Set<Symbol>> readers = new HashMap<>();
    Set<Symbol> own = new HashSet<>();
    loop.equations().forEach(e -> own.add(e.target()));
    Set<Symbol> awaited = new HashSet<>();
    for (Equation e : loop.equations()) {
      if (Reads.readsStepNumber(e.value())) {
        awaited.add(e.target());
      }
      Reads.values(e.value()).stream()
          .filter(v -> isOfLoop(loop, v, own))
          .forEach(v -> readers.computeIfAbsent(v.symbol(), _ -> new HashSet<>()).add(e.target()));
    }
    Set<Symbol> free = new HashSet<>();
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Equation e : loop.equations().reversed()) {
        boolean isFree =
            !awaited.contains(e.target())
                && free.containsAll(readers.getOrDefault(e.target(), Set.of()));
        grows |= isFree && free.add(e.target());
      }
    }
    awaited.addAll(own);
    awaited.removeAll(free);
    return awaited;
  }

  /// `z = W h_{t-1} + U x_t + b` becomes `z_before = U x_t + b` and `z = W h_{t-1} + z_before`.
  private static Optional<Symbol> splitOffHoisted(
      Loop loop, Equation e, Set<Symbol> recurrent, List<Equation> equations) {
    List<Expr> early = new ArrayList<>();
    List<Expr> biases = new ArrayList<>();
    List<Expr> late = new ArrayList<>();
    if (e.value() instanceof Expr.Sum(List<Expr> terms)) {
      for (Expr term : terms) {
        if (term instanceof Expr.MatMul(_, Expr.Value operand)
            && !(isOfLoop(loop, operand, recurrent) && recurrent.contains(operand.symbol()))) {
          early.add(term);
        } else if (Reads.isBias(term)) {
          biases.add(term);
        } else {
          late.add(term);
        }
      }
    }
    if (early.isEmpty()) {
      equations.add(e);
      return Optional.empty();
    }
    early.addAll(biases);
    Symbol name =
        new Symbol(fresh(loop, e.target().plain() + "_before"), e.target().display() + "⁰");
    Equation hoisted = new Equation(name, new Expr.Sum(early), e.origin());
    equations.add(hoisted);
    late.add(hoisted.now());
    equations.add(new Equation(e.target(), new Expr.Sum(late), e.origin()));
    return Optional.of(name);
  }

  private static String fresh(Loop loop, String wish) {
    String name = wish;
    while (isTaken(loop, name)) {
      name += "_";
    }
    return name;
  }

  private static boolean isTaken(Loop loop, String name) {
    return loop.equations().stream()
        .anyMatch(
            e ->
                e.target().plain().equals(name)
                    || Reads.values(e.value()).stream()
                        .anyMatch(v -> v.symbol().plain().equals(name)));
  }

  /// Product sums and totals without recurrence, what is made of totals, and what all of them are
  /// made of.
  private static Set<Symbol> hoisted(Loop loop, List<Equation> equations, Set<Symbol> recurrent) {
    Set<Symbol> before = new HashSet<>();
    Set<Symbol> ofTotals = new HashSet<>();
    for (Equation e : equations) {
      boolean readsTotal =
          Reads.values(e.value()).stream()
              .anyMatch(v -> v.delay() == 0 && ofTotals.contains(v.symbol()));
      if ((Reads.isTotal(e) || readsTotal) && !recurrent.contains(e.target())) {
        ofTotals.add(e.target());
      }
    }
    boolean grows = true;
    while (grows) {
      int size = before.size();
      for (Equation e : equations.reversed()) {
        if (!recurrent.contains(e.target())
            && (Reads.isProductSum(e)
                || ofTotals.contains(e.target())
                || before.contains(e.target()))) {
          before.add(e.target());
          Reads.values(e.value()).stream()
              .filter(v -> v.delay() == 0 || loop.isCarried(v))
              .forEach(v -> before.add(v.symbol()));
        }
      }
      grows = before.size() > size;
    }
    return before;
  }

  /// Product sums that no later step waits for, and what is made of them.
  private static Set<Symbol> postponed(
      Loop loop, List<Equation> equations, Set<Symbol> recurrent, Set<Symbol> awaited) {
    Set<Symbol> after = new HashSet<>();
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Equation e : equations) {
        boolean mayWait = recurrent.contains(e.target()) && !awaited.contains(e.target());
        boolean readsPostponed =
            Reads.values(e.value()).stream()
                .anyMatch(v -> isOfLoop(loop, v, after) && after.contains(v.symbol()));
        boolean isPostponed =
            readsPostponed
                || mayWait && (Reads.isProductSum(e) || Reads.isRowWork(e) || Reads.isTotal(e));
        grows |= isPostponed && after.add(e.target());
      }
    }
    return after;
  }

  /// Sorted so that what a step makes comes before what another step makes of it.
  private static List<Equation> acrossSteps(Loop loop, List<Equation> section) {
    List<Equation> sorted = new ArrayList<>();
    Set<Symbol> waiting = new HashSet<>();
    section.forEach(e -> waiting.add(e.target()));
    while (sorted.size() < section.size()) {
      int before = sorted.size();
      for (Equation e : section) {
        boolean ready =
            waiting.contains(e.target())
                && Reads.values(e.value()).stream()
                    .noneMatch(v -> isOfLoop(loop, v, waiting) && waiting.contains(v.symbol()));
        if (ready) {
          sorted.add(e);
          waiting.remove(e.target());
        }
      }
      if (sorted.size() == before) {
        throw new IllegalStateException("recurrence outside of the loop: " + waiting);
      }
    }
    return sorted;
  }
}
