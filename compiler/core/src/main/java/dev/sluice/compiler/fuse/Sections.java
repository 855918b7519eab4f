package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A loop's equations by when they run. Products without recurrence leave the loop: those that it
/// waits for before it, those that wait for it after it. Cheap elementwise work stays in the loop,
/// next to what uses it.
///
/// @param parts names of the hoisted parts of sums, each of which one sum of the loop continues
/// @param uniform scalars of parameters only
/// @param before over all steps, before the loop
/// @param step in the loop
/// @param after over all steps, after the loop
record Sections(
    Set<Symbol> parts,
    List<Equation> uniform,
    List<Equation> before,
    List<Equation> step,
    List<Equation> after) {

  static Sections of(Loop loop) {
    Set<Symbol> uniform = uniform(loop);
    List<Equation> equations = new ArrayList<>();
    Set<Symbol> recurrent = new HashSet<>();
    Set<Symbol> parts = new HashSet<>();
    for (Equation e : loop.equations()) {
      if (isRecurrent(loop, e, recurrent)) {
        recurrent.add(e.target());
        splitOffHoisted(loop, e, recurrent, equations).ifPresent(parts::add);
      } else {
        equations.add(e);
      }
    }
    Set<Symbol> before = hoisted(equations, recurrent);
    before.removeAll(uniform);
    Set<Symbol> after = postponed(loop, equations, recurrent);
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
    return new Sections(parts, constant, first, loopBody, last);
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

  /// The step number counts as recurrent: work over all steps at once doesn't know it. So does what
  /// the backward loop carries: where a sequence ends it meets the gradient that the caller gives.
  private static boolean isRecurrent(Loop loop, Equation e, Set<Symbol> recurrent) {
    return loop.carryDelay() < 0 && loop.carried().contains(e.target())
        || Reads.readsStepNumber(e.value())
        || Reads.values(e.value()).stream().anyMatch(v -> isRecurrent(loop, v, recurrent));
  }

  private static boolean isRecurrent(Loop loop, Expr.Value v, Set<Symbol> recurrent) {
    return loop.isCarried(v) || v.delay() == 0 && recurrent.contains(v.symbol());
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
            && !isRecurrent(loop, operand, recurrent)) {
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
  private static Set<Symbol> hoisted(List<Equation> equations, Set<Symbol> recurrent) {
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
    for (Equation e : equations.reversed()) {
      if (recurrent.contains(e.target())) {
        continue;
      }
      if (Reads.isProductSum(e) || ofTotals.contains(e.target()) || before.contains(e.target())) {
        before.add(e.target());
        addReads(e, before);
      }
    }
    return before;
  }

  /// Product sums that no later step waits for, and what is made of them.
  private static Set<Symbol> postponed(Loop loop, List<Equation> equations, Set<Symbol> recurrent) {
    Set<Symbol> awaited = new HashSet<>(loop.carried());
    for (Equation e : equations.reversed()) {
      if (awaited.contains(e.target()) || Reads.readsStepNumber(e.value())) {
        awaited.add(e.target());
        addReads(e, awaited);
      }
    }
    Set<Symbol> after = new HashSet<>();
    for (Equation e : equations) {
      boolean mayWait = recurrent.contains(e.target()) && !awaited.contains(e.target());
      boolean readsPostponed =
          Reads.values(e.value()).stream()
              .anyMatch(v -> v.delay() == 0 && after.contains(v.symbol()));
      if (readsPostponed
          || mayWait && (Reads.isProductSum(e) || Reads.isRowWork(e) || Reads.isTotal(e))) {
        after.add(e.target());
      }
    }
    return after;
  }

  private static void addReads(Equation e, Set<Symbol> symbols) {
    Reads.values(e.value()).stream()
        .filter(v -> v.delay() == 0)
        .forEach(v -> symbols.add(v.symbol()));
  }
}
