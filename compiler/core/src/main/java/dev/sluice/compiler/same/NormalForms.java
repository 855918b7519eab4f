package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A cell's normal form, and those that it has with its matrices the other way round and its gates
/// turned.
///
/// @param read before parameters are replaced
/// @param own the first of them
record NormalForms(Form read, Normal own, Set<UpTo> allowed) {
  private static final int MOST_TURNS = 256;

  /// @param cell in flat form
  static NormalForms of(Cell cell, Set<UpTo> allowed) {
    Form read = Reading.of(cell);
    return new NormalForms(read, Normal.of(read, allowed), Set.copyOf(allowed));
  }

  /// All of them, made as they are asked for.
  Stream<Normal> all() {
    return Orientation.choices(read).stream()
        .flatMap(form -> (form == read ? turns() : turns(Normal.of(form, allowed))).stream());
  }

  /// With gates u as 1 − u, and alike.
  List<Normal> turns() {
    return turns(own);
  }

  private List<Normal> turns(Normal normal) {
    List<Normal> turns = new ArrayList<>(List.of(normal));
    if (!allowed.contains(UpTo.SIGN)) {
      return turns;
    }
    Set<Set<Weight>> all = new LinkedHashSet<>(normal.gates());
    if (normal.form().hasMatrixState()) {
      // (−v) (−k)ᵀ is v kᵀ: which of them has the other sign is not seen in what is written.
      Normal.leaves(normal.form()).forEach(w -> all.add(Set.of(w)));
    }
    for (Set<Weight> some : all) {
      if (2 * turns.size() <= MOST_TURNS) {
        turns.addAll(turns.stream().map(n -> n.turned(some)).toList());
      }
    }
    return turns;
  }

  /// How one of the other cell's normal forms is this one.
  Optional<Verdict> equal(NormalForms other) {
    boolean alike =
        own.form().states().size() == other.own.form().states().size()
            && Normal.leaves(own.form()).size() == Normal.leaves(other.own.form()).size();
    return alike
        ? other.all().flatMap(second -> equal(second).stream()).findFirst()
        : Optional.empty();
  }

  private Optional<Verdict> equal(Normal second) {
    boolean byName = !allowed.contains(UpTo.PERMUTATION);
    return Matcher.match(own.form(), second.form(), byName)
        .map(
            matching ->
                new Verdict.Equal(
                    new Conversion(
                        own,
                        second,
                        matching.weights(),
                        matching.dimensionsBack(),
                        matching.inputs()),
                    List.copyOf(allowed)));
  }
}
