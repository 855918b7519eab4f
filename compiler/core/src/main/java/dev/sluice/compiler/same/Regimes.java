package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The extreme settings of a cell's gates, found by putting 0 and 1 in their place and simplifying.
///
/// A gate is a value of the author's that [Gates] finds between 0 and 1. Every setting of up to
/// [#MOST_FIXED] gates is tried; of those with one effect on one state, the ones with the fewest
/// gates are told.
public final class Regimes {
  private static final int MOST_GATES = 6;
  private static final int MOST_FIXED = 4;
  private static final int MOST_EQUATIONS = 2000;

  private final Cell bound;
  private final Form form;
  private final Gates gates;
  private final List<Symbol> targets;
  private final List<Regime> found = new ArrayList<>();

  private Regimes(Cell bound, Cell canonical) {
    this.bound = bound;
    List<Symbol> named =
        canonical.equations().stream()
            .map(Equation::target)
            .filter(s -> bound.equation(s).isPresent())
            .toList();
    Reading.WithAtoms read = Reading.withAtoms(canonical, named);
    this.form = read.form();
    this.gates = Gates.of(form, read.atoms());
    Set<Symbol> all = new LinkedHashSet<>();
    form.states().keySet().stream().filter(s -> bound.state(s).isPresent()).forEach(all::add);
    all.add(bound.output());
    this.targets = List.copyOf(all);
  }

  /// @param bound with the author's own equations
  /// @param canonical the same in flat form
  public static List<Regime> of(Cell bound, Cell canonical) {
    if (canonical.equations().size() > MOST_EQUATIONS) {
      return List.of();
    }
    Regimes regimes = new Regimes(bound, canonical);
    int count = regimes.gates.symbols().size();
    if (count > 0 && count <= MOST_GATES) {
      regimes.search();
    }
    return List.copyOf(regimes.found);
  }

  private void search() {
    List<Map<Symbol, Integer>> settings = new ArrayList<>(List.of(Map.of()));
    for (Symbol gate : gates.symbols()) {
      for (Map<Symbol, Integer> before : List.copyOf(settings)) {
        for (int value = 1; value >= 0; value--) {
          Map<Symbol, Integer> next = new LinkedHashMap<>(before);
          next.put(gate, value);
          settings.add(next);
        }
      }
    }
    settings.removeIf(s -> s.isEmpty() || s.size() > MOST_FIXED);
    settings.sort(Comparator.comparingInt(Map::size));
    settings.forEach(this::look);
  }

  private void look(Map<Symbol, Integer> setting) {
    if (!gates.canBe(setting)) {
      return;
    }
    Form fixed = form.replaceInAll(gates.numbers(setting));
    for (Symbol target : targets) {
      if (setting.containsKey(target)) {
        continue; // a gate isn't told of itself
      }
      kind(fixed, target, setting).ifPresent(kind -> tell(setting, kind, target));
    }
    if (SimpleRnn.is(fixed)) {
      tell(setting, Regime.Kind.SIMPLE_RNN, bound.output());
    }
  }

  /// Not told when fewer gates do it.
  private void tell(Map<Symbol, Integer> setting, Regime.Kind kind, Symbol target) {
    boolean known =
        found.stream()
            .anyMatch(
                r ->
                    r.kind() == kind
                        && r.target().equals(target)
                        && setting.entrySet().containsAll(r.gates().entrySet()));
    if (!known) {
      found.add(new Regime(setting, kind, target, left(setting, target)));
    }
  }

  // ---- what happens to a state

  private Optional<Regime.Kind> kind(Form fixed, Symbol target, Map<Symbol, Integer> setting) {
    Polynomial before = form.terms().polynomial(next(form, target));
    Polynomial after = fixed.terms().polynomial(next(fixed, target));
    if (after.equals(before)) {
      return Optional.empty();
    }
    Set<Symbol> direct = gates.in(before);
    Atom state = new Atom(new Head.State(target), List.of(), after.shape());
    int self = form.terms().number(state);
    boolean remembers = before.terms().keySet().stream().anyMatch(f -> f.contains(self));
    if (remembers) {
      return ofMemory(after, self, setting.keySet().containsAll(direct));
    }
    boolean gated =
        !before.terms().isEmpty()
            && before.terms().keySet().stream()
                .allMatch(f -> f.stream().anyMatch(g -> gates.at(g).isPresent()));
    if (!gated || !direct.containsAll(setting.keySet())) {
      return Optional.empty();
    }
    if (after.terms().isEmpty()) {
      return Optional.of(Regime.Kind.WITHHOLDS);
    }
    boolean open = setting.keySet().containsAll(direct) && !setting.containsValue(0);
    return open ? Optional.of(Regime.Kind.RELEASES) : Optional.empty();
  }

  /// @param settled whether all gates of the state have numbers
  private Optional<Regime.Kind> ofMemory(Polynomial after, int self, boolean settled) {
    if (after.terms().isEmpty()) {
      return Optional.of(Regime.Kind.ERASES);
    }
    if (after.atom().filter(a -> a == self).isPresent()) {
      return Optional.of(Regime.Kind.KEEPS);
    }
    long remembering = after.terms().keySet().stream().filter(f -> f.contains(self)).count();
    if (!settled || remembering > 1 || isMixed(after, self)) {
      return Optional.empty();
    }
    if (remembering == 0) {
      return Optional.of(Regime.Kind.WRITES);
    }
    return after.terms().getOrDefault(List.of(self), 0.0) == 1
        ? Optional.of(Regime.Kind.ADDS)
        : Optional.empty();
  }

  /// Whether a matrix is read by what it is multiplied with: `S_{t-1} − (S_{t-1} k) k^T`.
  private boolean isMixed(Polynomial after, int self) {
    return after.terms().keySet().stream()
        .flatMap(List::stream)
        .map(form.terms()::atom)
        .filter(a -> a.head() instanceof Head.Named(var function) && function.isLinear())
        .anyMatch(a -> reads(a, self));
  }

  private boolean reads(Atom linear, int self) {
    return linear.arguments().stream()
        .map(form.terms()::polynomial)
        .flatMap(p -> p.terms().keySet().stream().flatMap(List::stream))
        .anyMatch(
            f -> {
              Atom atom = form.terms().atom(f);
              boolean deeper =
                  atom.head() instanceof Head.Named(var function) && function.isLinear();
              return f == self && atom.shape() instanceof Shape.Matrix
                  || deeper && reads(atom, self);
            });
  }

  private static int next(Form form, Symbol target) {
    return target.equals(form.cell().output())
        ? form.output()
        : form.states().getOrDefault(target, form.output());
  }

  // ---- formulas

  /// The author's equation with the numbers put in.
  private Expr left(Map<Symbol, Integer> setting, Symbol target) {
    Simplify simplify = new Simplify();
    setting.forEach((gate, value) -> simplify.put(gate, value));
    for (Equation e : bound.equations()) {
      Expr value = setting.containsKey(e.target()) ? e.value() : simplify.of(e.value());
      if (value instanceof Expr.Literal(double number)) {
        simplify.put(e.target(), number);
      }
      if (e.target().equals(target)) {
        return value;
      }
    }
    throw new IllegalStateException("no equation of " + target);
  }
}
