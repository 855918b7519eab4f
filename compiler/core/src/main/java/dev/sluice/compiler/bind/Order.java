package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.Set;

/// Sorts definitions by dependence within a step, otherwise as the file has them. A cycle is an
/// error that shows it: `f_t → c_t → f_t`.
final class Order {
  private final Scope scope;
  private final List<Definition> definitions;
  private final Map<Symbol, Integer> index = new HashMap<>();

  /// By definition: what it reads at the same step, each with one place where it does.
  private final List<SequencedMap<Integer, Term>> reads = new ArrayList<>();

  private final List<List<Integer>> readers = new ArrayList<>();

  private Order(Scope scope, List<Definition> definitions) {
    this.scope = scope;
    this.definitions = definitions;
    for (int i = 0; i < definitions.size(); i++) {
      index.put(definitions.get(i).symbol(), i);
      readers.add(new ArrayList<>());
    }
    for (int i = 0; i < definitions.size(); i++) {
      int reader = i;
      SequencedMap<Integer, Term> found = new LinkedHashMap<>();
      Roles.walk(definitions.get(i).value(), term -> note(term, found));
      found.keySet().forEach(read -> readers.get(read).add(reader));
      reads.add(found);
    }
  }

  private void note(Term term, Map<Integer, Term> found) {
    Integer read =
        term instanceof Term.Timed t && t.delay() == 0
            ? index.get(t.symbol())
            : term instanceof Term.Piece p ? index.get(p.stack()) : null;
    if (read != null) {
      found.putIfAbsent(read, term);
    }
  }

  /// @return all definitions, sorted; those of a cycle, which is reported, are left out
  static List<Definition> of(
      Scope scope, List<Definition> definitions, Roles roles, Findings findings) {
    Order order = new Order(scope, definitions);
    Set<Integer> dropped = new HashSet<>();
    List<Integer> sorted = order.sort(dropped);
    int reported = 0;
    while (sorted.size() + dropped.size() < definitions.size()) {
      if (reported++ == Findings.MOST) {
        break;
      }
      List<Integer> cycle = order.cycle(new HashSet<>(sorted), dropped);
      order.report(cycle, roles, findings);
      dropped.addAll(cycle);
      sorted = order.sort(dropped);
    }
    return sorted.stream().map(definitions::get).toList();
  }

  private List<Integer> sort(Set<Integer> dropped) {
    int[] open = new int[definitions.size()];
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < open.length; i++) {
      open[i] = (int) reads.get(i).keySet().stream().filter(r -> !dropped.contains(r)).count();
      if (open[i] == 0 && !dropped.contains(i)) {
        ready.add(i);
      }
    }
    List<Integer> sorted = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(next);
      for (int reader : readers.get(next)) {
        if (--open[reader] == 0 && !dropped.contains(reader)) {
          ready.add(reader);
        }
      }
    }
    return sorted;
  }

  /// A shortest cycle through some definition that is on one, starting with the first of the file.
  private List<Integer> cycle(Set<Integer> sorted, Set<Integer> dropped) {
    Set<Integer> seen = new HashSet<>();
    int current = 0;
    while (sorted.contains(current) || dropped.contains(current)) {
      current++;
    }
    while (seen.add(current)) {
      current = blocked(current, sorted, dropped).getFirst();
    }
    Map<Integer, Integer> cameFrom = new HashMap<>();
    Deque<Integer> pending = new ArrayDeque<>(List.of(current));
    while (!cameFrom.containsKey(current)) {
      int node = pending.removeFirst();
      for (int read : blocked(node, sorted, dropped)) {
        if (cameFrom.putIfAbsent(read, node) == null) {
          pending.addLast(read);
        }
      }
    }
    List<Integer> cycle = new ArrayList<>();
    int node = current;
    do {
      cycle.addFirst(node);
      node = cameFrom.getOrDefault(node, current);
    } while (node != current);
    int first = cycle.indexOf(cycle.stream().min(Integer::compare).orElseThrow());
    java.util.Collections.rotate(cycle, -first);
    return cycle;
  }

  private List<Integer> blocked(int node, Set<Integer> sorted, Set<Integer> dropped) {
    return reads.get(node).keySet().stream()
        .filter(r -> !sorted.contains(r) && !dropped.contains(r))
        .toList();
  }

  private void report(List<Integer> cycle, Roles roles, Findings findings) {
    List<String> names = new ArrayList<>();
    for (int node : cycle) {
      if (!definitions.get(node).stacked()) {
        names.add(scope.written(definitions.get(node).symbol(), 0));
      }
    }
    names.add(names.getFirst());
    int reader = suspect(cycle, roles);
    int read = next(cycle, reader);
    boolean throughColumn = definitions.get(read).stacked();
    if (throughColumn) { // the column's entry stands for it
      reader = (reader + 1) % cycle.size();
      read = next(cycle, reader);
    }
    Term place = reads.get(cycle.get(reader)).getOrDefault(read, definitions.get(read).value());
    findings.error(
        "a cycle within one step",
        place.at(),
        "%s: %s at the same step."
                .formatted(
                    String.join(" → ", shortened(names)),
                    cycle.size() == 1 ? "it needs itself" : "each needs the next")
            + (isImplicit(cycle)
                ? " %s the step before, so it could be solved if each element stood there with a factor only, and no matrix or function."
                    .formatted(cycle.size() == 1 ? "It also reads" : "They also read")
                : ""),
        "Did you mean %s?".formatted(scope.written(definitions.get(read).symbol(), 1)));
  }

  private boolean isImplicit(List<Integer> cycle) {
    long steps = cycle.stream().map(definitions::get).filter(Implicit::isImplicitStep).count();
    return steps >= Math.min(2, cycle.size());
  }

  /// Which of a cycle's definitions reads what it should read from the step before: one that reads
  /// a state, if possible one that stands below it in the file.
  private int suspect(List<Integer> cycle, Roles roles) {
    int found = 0;
    boolean below = false;
    for (int i = 0; i < cycle.size(); i++) {
      int read = next(cycle, i);
      boolean isBelow = read >= cycle.get(i);
      if (roles.isState(definitions.get(read).symbol()) && (isBelow || !below)) {
        found = i;
        below = isBelow;
      }
    }
    return found;
  }

  private static List<String> shortened(List<String> names) {
    if (names.size() <= 12) {
      return names;
    }
    List<String> some = new ArrayList<>(names.subList(0, 6));
    some.add("…");
    some.addAll(names.subList(names.size() - 4, names.size()));
    return some;
  }

  private static int next(List<Integer> cycle, int i) {
    return cycle.get((i + 1) % cycle.size());
  }
}
