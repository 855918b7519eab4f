package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.same.Head.Weight;
import dev.sluice.compiler.same.Point.Pairing;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether two cells compute the same function from their inputs and parameters to their output.
///
/// Both are brought to a normal form ([Reading], [Normal]), and a renaming of one into the other is
/// looked for ([Matcher]): only then are they called equal. Otherwise random numbers decide, under
/// every pairing of parameters that is likely.
public final class Same {
  /// Normal forms of larger cells are not compared.
  private static final int MOST_EQUATIONS = 2000;

  private static final int MOST_TURNS_TRIED = 32;
  private static final int QUICK = 2;

  private final Cell a;
  private final Cell b;
  private final Set<UpTo> upTo;

  private Same(Cell a, Cell b, Set<UpTo> upTo) {
    this.a = a;
    this.b = b;
    this.upTo = upTo;
  }

  /// @param a in flat form, as `canon` leaves it
  /// @param b alike
  /// @param upTo what the cells may differ in
  /// @param trials how many random points are compared where the normal forms differ
  public static Verdict compare(Cell a, Cell b, Set<UpTo> upTo, int trials, long seed) {
    if (a.equations().size() > MOST_EQUATIONS || b.equations().size() > MOST_EQUATIONS) {
      return new Verdict.Incomparable(
          "cells of more than %d operations are not compared".formatted(MOST_EQUATIONS));
    }
    return new Same(a, b, upTo).verdict(trials, seed);
  }

  private Verdict verdict(int trials, long seed) {
    Optional<Verdict> equal = equal(without(UpTo.RESET));
    if (equal.isEmpty() && upTo.contains(UpTo.RESET)) {
      equal = equal(upTo);
    }
    return equal.orElseGet(() -> byTrials(trials, seed));
  }

  private Set<UpTo> without(UpTo one) {
    Set<UpTo> rest = EnumSet.noneOf(UpTo.class);
    rest.addAll(upTo);
    rest.remove(one);
    return rest;
  }

  private Optional<Verdict> equal(Set<UpTo> allowed) {
    return NormalForms.of(a, allowed).equal(NormalForms.of(b, allowed));
  }

  private Verdict byTrials(int trials, long seed) {
    Set<UpTo> allowed = without(UpTo.RESET);
    Normal first = NormalForms.of(a, allowed).own();
    List<Normal> seconds = NormalForms.of(b, allowed).turns();
    Sides sides = Sides.of(a, b, Optional.empty());
    if (!sides.outputsFit()) {
      return new Verdict.Incomparable(
          "the outputs have different shapes: %s of %s is %s, %s of %s is %s"
              .formatted(
                  a.output().display(),
                  a.name(),
                  a.outputShape(),
                  b.output().display(),
                  b.name(),
                  b.outputShape()));
    }
    boolean free = upTo.contains(UpTo.PERMUTATION);
    List<Map<Weight, Weight>> guesses = Guesses.of(first, seconds.getFirst(), sides, free, seed);
    int tried = 0;
    for (Map<Weight, Weight> guess : guesses) {
      for (Normal second : seconds.subList(0, Math.min(seconds.size(), MOST_TURNS_TRIED))) {
        Pairing pairing = new Pairing(sides, first, second, guess);
        tried++;
        if (Trials.differ(pairing, QUICK, seed).orElse(false)) {
          continue;
        }
        Optional<Boolean> differ = Trials.differ(pairing, trials, seed + 1);
        if (differ.isEmpty()) {
          return new Verdict.Incomparable("no random numbers gave finite outputs of both cells");
        }
        if (!differ.get()) {
          return new Verdict.Undecided(pairing.conversion(), trials);
        }
      }
    }
    Pairing likeliest = new Pairing(sides, first, seconds.getFirst(), guesses.getFirst());
    int pairings = tried;
    return Trials.witness(likeliest, seed)
        .<Verdict>map(w -> new Verdict.Different(w, pairings, remarks(likeliest)))
        .orElseGet(() -> new Verdict.Undecided(likeliest.conversion(), trials));
  }

  private List<String> remarks(Pairing pairing) {
    List<String> remarks = new ArrayList<>();
    Sides sides = pairing.sides();
    sides
        .forcedEqual(a)
        .forEach(
            l ->
                remarks.add(
                    "%s needs equal lengths of %s, %s doesn't".formatted(b.name(), l, a.name())));
    sides
        .forcedEqual(b)
        .forEach(
            l ->
                remarks.add(
                    "%s needs equal lengths of %s, %s doesn't".formatted(a.name(), l, b.name())));
    List<Weight> lost = new ArrayList<>(Normal.leaves(pairing.a().form()));
    lost.removeAll(pairing.guess().keySet());
    lost.forEach(
        w ->
            remarks.add(
                "%s of %s has no counterpart in %s"
                    .formatted(w.symbol().display(), a.name(), b.name())));
    pairing
        .alone()
        .forEach(
            w ->
                remarks.add(
                    "%s of %s has no counterpart in %s"
                        .formatted(w.symbol().display(), b.name(), a.name())));
    return remarks;
  }
}
