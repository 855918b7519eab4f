package dev.sluice.compiler.same;

import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Ways to pair the weights of two cells whose normal forms differ, the most likely first: by name,
/// by what they are used for, then others whose shapes fit.
final class Guesses {
  private static final int MOST = 400;
  private static final int MOST_COLOUR_ROUNDS = 12;

  private final Normal a;
  private final Normal b;
  private final Sides sides;
  private final Set<Map<Weight, Weight>> guesses = new LinkedHashSet<>();

  private Guesses(Normal a, Normal b, Sides sides) {
    this.a = a;
    this.b = b;
    this.sides = sides;
  }

  /// @param free whether names may differ; else there is one guess
  static List<Map<Weight, Weight>> of(Normal a, Normal b, Sides sides, boolean free, long seed) {
    Guesses guesses = new Guesses(a, b, sides);
    guesses.byName(free);
    if (free) {
      for (int rounds = MOST_COLOUR_ROUNDS; rounds > 0; rounds -= 2) {
        guesses.byUse(rounds);
      }
      guesses.others(new Random(seed));
    }
    return List.copyOf(guesses.guesses);
  }

  private List<Weight> leaves(Normal normal) {
    return List.copyOf(Normal.leaves(normal.form()));
  }

  private boolean fit(Weight x, Weight y) {
    return sides.signature(x, true).equals(sides.signature(y, false));
  }

  private void byName(boolean free) {
    Map<Weight, Weight> pairs = new LinkedHashMap<>();
    for (Weight x : leaves(a)) {
      for (Weight y : leaves(b)) {
        boolean same =
            x.symbol().equals(y.symbol())
                && x.row().equals(y.row())
                && x.column().equals(y.column());
        if (same && fit(x, y)) {
          pairs.put(x, y);
        }
      }
    }
    guesses.add(free ? completed(pairs) : pairs);
  }

  private void byUse(int rounds) {
    Colours ofA = Colours.of(a.form(), false, rounds);
    Colours ofB = Colours.of(b.form(), false, rounds);
    Map<Weight, Weight> pairs = new LinkedHashMap<>();
    for (Weight x : leaves(a)) {
      for (Weight y : leaves(b)) {
        if (!pairs.containsKey(x)
            && !pairs.containsValue(y)
            && ofA.atom(number(a, x)) == ofB.atom(number(b, y))
            && fit(x, y)) {
          pairs.put(x, y);
        }
      }
    }
    guesses.add(completed(pairs));
  }

  private static int number(Normal normal, Weight w) {
    return normal.form().terms().number(new Atom(w, List.of(), w.shape()));
  }

  /// Weights that are left are paired in order where their shapes fit.
  private Map<Weight, Weight> completed(Map<Weight, Weight> pairs) {
    Map<Weight, Weight> all = new LinkedHashMap<>(pairs);
    for (Weight x : leaves(a)) {
      for (Weight y : leaves(b)) {
        if (!all.containsKey(x) && !all.containsValue(y) && fit(x, y)) {
          all.put(x, y);
        }
      }
    }
    return Collections.unmodifiableMap(all);
  }

  private void others(Random random) {
    Set<Weight> ofB = new HashSet<>(leaves(b));
    for (int i = 0; i < 2 * MOST && guesses.size() < MOST; i++) {
      List<Weight> shuffled = new ArrayList<>(ofB);
      Collections.shuffle(shuffled, random);
      Map<Weight, Weight> pairs = new LinkedHashMap<>();
      for (Weight x : leaves(a)) {
        shuffled.stream()
            .filter(y -> !pairs.containsValue(y) && fit(x, y))
            .findFirst()
            .ifPresent(y -> pairs.put(x, y));
      }
      guesses.add(Collections.unmodifiableMap(pairs));
    }
  }
}
