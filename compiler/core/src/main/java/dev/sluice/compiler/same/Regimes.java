package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// The extreme settings of a cell's gates, found by putting 0 and 1 in their place and simplifying.
///
/// A gate is a value of the author's that is a sigmoid. Every setting of up to [#MOST_FIXED] gates
/// is tried; of those with one effect on one state, the ones with the fewest gates are told.
public final class Regimes {
  private static final int MOST_GATES = 6;
  private static final int MOST_FIXED = 4;
  private static final int MOST_EQUATIONS = 2000;
  private static final Set<UpTo> USUAL = EnumSet.of(UpTo.PERMUTATION, UpTo.SIGN, UpTo.BIAS);

  private final Cell bound;
  private final Form form;
  private final Map<Symbol, Integer> gates;
  private final List<Symbol> targets;
  private final List<Regime> found = new ArrayList<>();

  private Regimes(Cell bound, Cell canonical) {
    this.bound = bound;
    List<Symbol> sigmoids =
        canonical.equations().stream()
            .filter(e -> e.value() instanceof Expr.Unary(var op, var _) && op == UnaryOp.SIGMOID)
            .map(Equation::target)
            .filter(s -> bound.equation(s).isPresent())
            .toList();
    Reading.WithAtoms read = Reading.withAtoms(canonical, sigmoids);
    this.form = read.form();
    this.gates = read.atoms();
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
    if (!regimes.gates.isEmpty() && regimes.gates.size() <= MOST_GATES) {
      regimes.search();
    }
    return List.copyOf(regimes.found);
  }

  private void search() {
    List<Map<Symbol, Integer>> settings = new ArrayList<>(List.of(Map.of()));
    for (Symbol gate : gates.keySet()) {
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
    Map<Atom, Integer> values = new LinkedHashMap<>();
    setting.forEach((gate, value) -> values.put(form.terms().atom(atom(gate)), value));
    Function<Atom, Optional<Polynomial>> numbers =
        atom ->
            Optional.ofNullable(values.get(atom)).map(v -> Polynomial.constant(v, atom.shape()));
    if (!isDefined(numbers)) {
      return;
    }
    Form fixed = form.replaceInAll(numbers);
    for (Symbol target : targets) {
      kind(fixed, target, setting).ifPresent(kind -> tell(setting, kind, target));
    }
    if (isSimple(fixed)) {
      tell(setting, Regime.Kind.SIMPLE_RNN, bound.output());
    }
  }

  /// Whether nothing is divided by 0, and no logarithm is taken of it.
  private boolean isDefined(Function<Atom, Optional<Polynomial>> numbers) {
    for (int number : form.atoms()) {
      Atom atom = form.terms().atom(number);
      boolean needsMore =
          atom.head().equals(new Head.Named(Head.Function.RECIPROCAL))
              || atom.head().equals(new Head.Of(UnaryOp.LOG));
      if (needsMore && form.rebuilt(atom.arguments().getFirst(), numbers).terms().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private int atom(Symbol gate) {
    return gates.getOrDefault(gate, -1);
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
      found.add(new Regime(setting, kind, target, formula(setting, target)));
    }
  }

  // ---- what happens to a state

  private Optional<Regime.Kind> kind(Form fixed, Symbol target, Map<Symbol, Integer> setting) {
    Polynomial before = form.terms().polynomial(next(form, target));
    Polynomial after = fixed.terms().polynomial(next(fixed, target));
    if (after.equals(before)) {
      return Optional.empty();
    }
    Set<Symbol> direct = direct(before);
    Atom state = new Atom(new Head.State(target), List.of(), after.shape());
    int self = form.terms().number(state);
    boolean remembers = before.terms().keySet().stream().anyMatch(f -> f.contains(self));
    if (remembers) {
      return ofMemory(after, self, setting.keySet().containsAll(direct));
    }
    boolean gated =
        !before.terms().isEmpty()
            && before.terms().keySet().stream()
                .allMatch(f -> f.stream().anyMatch(gates.values()::contains));
    if (!gated || !direct.containsAll(setting.keySet())) {
      return Optional.empty();
    }
    if (after.terms().isEmpty()) {
      return Optional.of(Regime.Kind.WITHHOLDS);
    }
    boolean open = setting.keySet().containsAll(direct) && !setting.containsValue(0);
    return open ? Optional.of(Regime.Kind.RELEASES) : Optional.empty();
  }

  /// Gates that are factors of the terms of a value.
  private Set<Symbol> direct(Polynomial value) {
    Set<Symbol> direct = new LinkedHashSet<>();
    gates.forEach(
        (gate, atom) -> {
          if (value.terms().keySet().stream().anyMatch(f -> f.contains(atom))) {
            direct.add(gate);
          }
        });
    return direct;
  }

  /// @param settled whether all gates of the state have numbers
  private static Optional<Regime.Kind> ofMemory(Polynomial after, int self, boolean settled) {
    if (after.terms().isEmpty()) {
      return Optional.of(Regime.Kind.ERASES);
    }
    if (after.atom().filter(a -> a == self).isPresent()) {
      return Optional.of(Regime.Kind.KEEPS);
    }
    long remembering = after.terms().keySet().stream().filter(f -> f.contains(self)).count();
    if (!settled || remembering > 1) {
      return Optional.empty();
    }
    if (remembering == 0) {
      return Optional.of(Regime.Kind.WRITES);
    }
    return after.terms().getOrDefault(List.of(self), 0.0) == 1
        ? Optional.of(Regime.Kind.ADDS)
        : Optional.empty();
  }

  private static int next(Form form, Symbol target) {
    return target.equals(form.cell().output())
        ? form.output()
        : form.states().getOrDefault(target, form.output());
  }

  // ---- the simple RNN

  private static boolean isSimple(Form fixed) {
    Form whole = fixed.withoutUnused();
    if (whole.states().size() != 1 || Normal.leaves(whole).size() > 6) {
      return false;
    }
    Normal normal = Normal.of(whole, USUAL);
    for (UnaryOp op : List.of(UnaryOp.TANH, UnaryOp.RELU, UnaryOp.SIGMOID)) {
      for (boolean biased : new boolean[] {true, false}) {
        Normal simple = Normal.of(Reading.of(simple(op, biased)), USUAL);
        if (Matcher.match(normal.form(), simple.form(), false).isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  /// `h_t = tanh(V x_t + W h_{t-1} + b)`
  private static Cell simple(UnaryOp op, boolean biased) {
    Shape n = Shape.vector(Dim.of("n"));
    Shape m = Shape.vector(Dim.of("m"));
    Symbol h = Symbol.of("h");
    Symbol x = Symbol.of("x");
    Expr.Parameter v = parameter("V", Shape.matrix(length(n), length(m)));
    Expr.Parameter w = parameter("W", Shape.matrix(length(n), length(n)));
    List<Expr> terms = new ArrayList<>();
    terms.add(new Expr.MatMul(v, new Expr.Value(x, 0, m)));
    terms.add(new Expr.MatMul(w, new Expr.Value(h, 1, n)));
    if (biased) {
      terms.add(parameter("b", n));
    }
    SequencedMap<String, List<Symbol>> dimensions = new LinkedHashMap<>();
    dimensions.put("n", List.of(h));
    dimensions.put("m", List.of(x));
    return new Cell(
        "rnn",
        List.of(new Cell.Input(x, m)),
        List.of(new Cell.State(h, n, 0)),
        List.of(
            new Cell.Parameter(v.symbol(), v.shape(), new Initialiser.Default()),
            new Cell.Parameter(w.symbol(), w.shape(), new Initialiser.Default()),
            new Cell.Parameter(Symbol.of("b"), n, new Initialiser.Default())),
        List.of(new Equation(h, new Expr.Unary(op, new Expr.Sum(terms)), Origin.NONE)),
        h,
        dimensions);
  }

  private static Dim length(Shape vector) {
    return Pieces.rows(vector);
  }

  private static Expr.Parameter parameter(String name, Shape shape) {
    return new Expr.Parameter(Symbol.of(name), shape);
  }

  // ---- formulas

  /// The author's equation with the numbers put in.
  private String formula(Map<Symbol, Integer> setting, Symbol target) {
    Simplify simplify = new Simplify();
    setting.forEach((gate, value) -> simplify.put(gate, value));
    for (Equation e : bound.equations()) {
      Expr value = simplify.of(e.value());
      if (value instanceof Expr.Literal(double number)) {
        simplify.put(e.target(), number);
      }
      if (e.target().equals(target)) {
        return Notation.equation(new Equation(target, value, Origin.NONE));
      }
    }
    return target.display();
  }
}
