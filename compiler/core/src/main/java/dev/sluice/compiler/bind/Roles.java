package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
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
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Consumer;

/// What each name of a cell is: timed and never defined, an input; defined and read at an earlier
/// step, a state; defined otherwise, a gate; no time, a parameter.
final class Roles {
  final List<Symbol> inputs;
  final List<Symbol> states;
  final List<Symbol> parameters;

  /// Definitions made of parameters alone: the same at every step.
  final Set<Symbol> constant;

  /// By gate, a state that it multiplies.
  final Map<Symbol, Symbol> gates = new LinkedHashMap<>();

  /// By entry of a column that is no gate itself: an entry of the same column that is.
  final Map<Symbol, Symbol> sameColumn = new LinkedHashMap<>();

  private final Set<Symbol> stateSet;
  private final Scope scope;
  private final List<Definition> definitions;
  private final SequencedSet<Symbol> seenInputs = new LinkedHashSet<>();
  private final SequencedSet<Symbol> seenParameters = new LinkedHashSet<>();
  private final Set<Symbol> readEarlier = new HashSet<>();
  private final Map<Symbol, Set<Symbol>> readers = new HashMap<>();
  private final Set<Symbol> timed = new LinkedHashSet<>();

  private Roles(Scope scope, List<Definition> definitions) {
    this.scope = scope;
    this.definitions = definitions;
    seenInputs.addAll(scope.declared.inputs.keySet());
    for (Definition d : definitions) {
      walk(d.value(), term -> read(d.symbol(), term));
    }
    inputs = List.copyOf(seenInputs);
    parameters = List.copyOf(seenParameters);
    states =
        definitions.stream()
            .map(Definition::symbol)
            .filter(s -> readEarlier.contains(s) || scope.declared.states.containsKey(s))
            .toList();
    stateSet = new HashSet<>(states);
    constant = constantDefinitions();
    definitions.forEach(d -> walk(d.value(), this::gate));
    gatesOfColumns();
  }

  static Roles of(Scope scope, List<Definition> definitions) {
    return new Roles(scope, definitions);
  }

  static void walk(Term root, Consumer<Term> visit) {
    Deque<Term> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Term term = open.pop();
      visit.accept(term);
      term.children().reversed().forEach(open::push);
    }
  }

  private void read(Symbol reader, Term term) {
    switch (term) {
      case Term.Timed t -> {
        readers.computeIfAbsent(t.symbol(), _ -> new LinkedHashSet<>()).add(reader);
        if (scope.isInput(t.symbol())) {
          seenInputs.add(t.symbol());
          timed.add(reader);
        } else if (t.delay() > 0) {
          readEarlier.add(t.symbol());
          timed.add(reader);
        }
      }
      case Term.Piece p ->
          readers.computeIfAbsent(p.stack(), _ -> new LinkedHashSet<>()).add(reader);
      case Term.Parameter p -> seenParameters.add(p.symbol());
      case Term.StepNumber _, Term.Mask _ -> timed.add(reader);
      case Term.Number _,
          Term.Constant _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Map _,
          Term.Zip _,
          Term.Choice _,
          Term.Whole _,
          Term.Sum _,
          Term.Product _,
          Term.Transposed _,
          Term.Concatenated _,
          Term.Broken _ -> {}
    }
  }

  private Set<Symbol> constantDefinitions() {
    Deque<Symbol> pending = new ArrayDeque<>(timed);
    while (!pending.isEmpty()) {
      for (Symbol reader : readers.getOrDefault(pending.pop(), Set.of())) {
        if (timed.add(reader)) {
          pending.push(reader);
        }
      }
    }
    Set<Symbol> rest = new HashSet<>();
    definitions.stream().map(Definition::symbol).filter(s -> !timed.contains(s)).forEach(rest::add);
    return rest;
  }

  private void gate(Term term) {
    if (!(term instanceof Term.Product p)) {
      return;
    }
    Optional<Symbol> state = Optional.empty();
    List<Symbol> others = new ArrayList<>();
    for (Term factor : factors(p)) {
      if (onlyTimed(factor) instanceof Term.Timed t) {
        if (isState(t.symbol())) {
          state = Optional.of(t.symbol());
        } else if (!scope.isInput(t.symbol())) {
          others.add(t.symbol());
        }
      }
    }
    if (state.isPresent()) {
      Symbol gated = state.get();
      others.forEach(g -> gates.putIfAbsent(g, gated));
    }
  }

  /// `a ∘ b ∘ c` is two products of two.
  private static List<Term> factors(Term.Product p) {
    List<Term> factors = new ArrayList<>();
    for (Term factor : p.factors()) {
      if (factor instanceof Term.Product inner && inner.sign() == p.sign()) {
        factors.addAll(factors(inner));
      } else {
        factors.add(factor);
      }
    }
    return factors;
  }

  /// `u_t` of `1 − u_t`.
  private static Term onlyTimed(Term factor) {
    if (factor instanceof Term.Sum s && s.children().size() == 2) {
      Term first = s.children().getFirst();
      return first instanceof Term.Number ? s.children().getLast() : first;
    }
    return factor;
  }

  /// An entry of a column is as long as another entry that gates a state.
  private void gatesOfColumns() {
    Map<Symbol, Symbol> gateOfColumn = new HashMap<>();
    Map<Symbol, Symbol> columns = new LinkedHashMap<>();
    for (Definition d : definitions) {
      walk(
          d.value(),
          term -> {
            if (term instanceof Term.Piece p) {
              columns.put(d.symbol(), p.stack());
              if (gates.containsKey(d.symbol())) {
                gateOfColumn.putIfAbsent(p.stack(), d.symbol());
              }
            }
          });
    }
    columns.forEach(
        (entry, column) -> {
          Symbol gate = gateOfColumn.get(column);
          if (gate != null && !gates.containsKey(entry)) {
            sameColumn.put(entry, gate);
          }
        });
  }

  /// `y` if defined, else `h`, else the last definition.
  Optional<Symbol> output(Findings findings) {
    List<Symbol> named = List.copyOf(scope.defined.keySet());
    if (!scope.declared.outputs.isEmpty()) {
      Ast.Name wanted = scope.declared.outputs.getFirst().name();
      if (named.contains(wanted.symbol())) {
        return Optional.of(wanted.symbol());
      }
      String display = wanted.symbol().display();
      findings.error(
          "unknown output",
          wanted,
          "%s has no equation.".formatted(display),
          findings.didYouMean(
              display,
              named.stream().map(Symbol::display).toList(),
              "The output is a name that an equation defines."));
      return Optional.empty();
    }
    for (String usual : List.of("y", "h")) {
      Symbol symbol = Symbol.of(usual);
      if (named.contains(symbol)) {
        return Optional.of(named.get(named.indexOf(symbol)));
      }
    }
    return named.isEmpty() ? Optional.empty() : Optional.of(named.getLast());
  }

  boolean isState(Symbol symbol) {
    return stateSet.contains(symbol);
  }

  boolean isRead(Symbol symbol) {
    return readers.getOrDefault(symbol, Set.of()).stream().anyMatch(r -> !r.equals(symbol));
  }
}
