package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/// Groups of definitions that need one another within one step.
final class Cycles {
  /// A group that is larger is not looked for: [Order] reports a cycle of it.
  private static final int LARGEST = 64;

  private final SequencedMap<Symbol, Set<Symbol>> reads = new LinkedHashMap<>();

  private Cycles(List<Definition> definitions) {
    Set<Symbol> all = new HashSet<>();
    definitions.forEach(d -> all.add(d.symbol()));
    for (Definition d : definitions) {
      Set<Symbol> found = new LinkedHashSet<>();
      Roles.walk(
          d.value(),
          t -> {
            if (t instanceof Term.Timed v && v.delay() == 0 && all.contains(v.symbol())) {
              found.add(v.symbol());
            } else if (t instanceof Term.Piece p) {
              found.add(p.stack());
            }
          });
      reads.put(d.symbol(), found);
    }
  }

  /// The groups, each in the order of the file.
  static List<SequencedSet<Symbol>> of(List<Definition> definitions) {
    Cycles cycles = new Cycles(definitions);
    cycles.prune();
    return cycles.reads.size() > LARGEST ? List.of() : cycles.groups();
  }

  /// Takes away what needs nothing that is left, again and again, then what nothing left needs.
  private void prune() {
    Map<Symbol, Integer> open = new HashMap<>();
    Map<Symbol, List<Symbol>> readers = new HashMap<>();
    reads.forEach(
        (s, read) -> {
          open.put(s, read.size());
          read.forEach(r -> readers.computeIfAbsent(r, _ -> new ArrayList<>()).add(s));
        });
    Deque<Symbol> free = new ArrayDeque<>();
    open.forEach(
        (s, count) -> {
          if (count == 0) {
            free.add(s);
          }
        });
    while (!free.isEmpty()) {
      Symbol symbol = free.remove();
      reads.remove(symbol);
      for (Symbol reader : readers.getOrDefault(symbol, List.of())) {
        if (open.merge(reader, -1, Integer::sum) == 0) {
          free.add(reader);
        }
      }
    }
    reads.values().forEach(read -> read.retainAll(reads.keySet()));
    boolean changed = reads.size() <= 4 * LARGEST;
    while (changed) {
      Set<Symbol> needed = new HashSet<>();
      reads.values().forEach(needed::addAll);
      changed = reads.keySet().retainAll(needed);
    }
  }

  private List<SequencedSet<Symbol>> groups() {
    List<SequencedSet<Symbol>> groups = new ArrayList<>();
    Set<Symbol> done = new HashSet<>();
    for (Symbol symbol : reads.keySet()) {
      Set<Symbol> reached = reached(symbol);
      if (reached.contains(symbol) && !done.contains(symbol)) {
        SequencedSet<Symbol> group = new LinkedHashSet<>();
        reads.keySet().stream()
            .filter(s -> reached.contains(s) && reached(s).contains(symbol))
            .forEach(group::add);
        groups.add(group);
        done.addAll(group);
      }
    }
    return groups;
  }

  private Set<Symbol> reached(Symbol from) {
    Set<Symbol> reached = new HashSet<>();
    Deque<Symbol> open = new ArrayDeque<>(reads.getOrDefault(from, Set.of()));
    while (!open.isEmpty()) {
      Symbol next = open.pop();
      if (reached.add(next)) {
        open.addAll(reads.getOrDefault(next, Set.of()));
      }
    }
    return reached;
  }
}
