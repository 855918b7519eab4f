package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Of;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A form after its parameters were replaced by others that say the same with less: signs turned so
/// that sums are added up, biases merged.
///
/// @param weights what each weight of the form stands for: `b = b_i + b_h`, `W = −W_u`
record Normal(Form form, Map<Weight, List<Part>> weights) {
  /// How far the uses of two weights are compared before they are tried as one.
  private static final int NEAR = 6;

  /// A multiple of a piece of a parameter of the cell.
  ///
  /// @param transposed whether it is the transpose of that
  record Part(Weight piece, double factor, boolean transposed) {}

  static Normal of(Form read, Set<UpTo> upTo) {
    Map<Weight, List<Part>> weights = new LinkedHashMap<>();
    leaves(read).forEach(w -> weights.put(w, List.of(new Part(w, 1, false))));
    Form form = Orientation.withSymmetricStates(equalStates(read));
    if (upTo.contains(UpTo.RESET)) {
      form = ResetConvention.before(form);
    }
    Normal normal = new Normal(form, weights);
    if (upTo.contains(UpTo.PERMUTATION)) {
      normal = normal.upright();
    }
    if (upTo.contains(UpTo.SIGN)) {
      normal = normal.positive();
    }
    normal = new Normal(normal.form.withTurns(), normal.weights);
    if (upTo.contains(UpTo.SIGN)) {
      normal = normal.positive();
    }
    if (upTo.contains(UpTo.BIAS)) {
      normal = normal.merged();
    }
    return normal;
  }

  static Set<Weight> leaves(Form form) {
    Set<Weight> leaves = new LinkedHashSet<>();
    for (int atom : form.atoms()) {
      if (form.terms().atom(atom).head() instanceof Weight weight) {
        leaves.add(weight);
      }
    }
    return leaves;
  }

  /// States that start alike and go on alike are one state. All that start alike are taken for one,
  /// until their next values tell them apart.
  private static Form equalStates(Form form) {
    Map<Symbol, List<Object>> classes = new LinkedHashMap<>();
    for (Symbol s : form.states().keySet()) {
      Cell.State state = form.cell().state(s).orElseThrow();
      classes.put(s, List.of(state.shape(), state.initial()));
    }
    while (true) {
      Map<List<Object>, Symbol> first = new HashMap<>();
      classes.forEach((symbol, c) -> first.putIfAbsent(c, symbol));
      if (first.size() == classes.size()) {
        return form;
      }
      Form merged = allStates(form, symbol -> first.getOrDefault(classes.get(symbol), symbol));
      Map<Symbol, List<Object>> finer = new LinkedHashMap<>();
      classes.forEach((s, c) -> finer.put(s, List.of(c, next(merged, s))));
      if (Set.copyOf(finer.values()).size() == first.size()) {
        return merged.withoutUnused();
      }
      classes.putAll(finer);
    }
  }

  private static int next(Form form, Symbol state) {
    return form.states().getOrDefault(state, -1);
  }

  /// The form with states renamed, and all next values kept.
  private static Form allStates(Form form, UnaryOperator<Symbol> name) {
    return form.replaceInAll(
        atom ->
            atom.head() instanceof Head.State(Symbol symbol)
                ? Optional.of(form.terms().leaf(new Head.State(name.apply(symbol)), atom.shape()))
                : Optional.empty());
  }

  /// `W x_t` and `x_t W` are both products with a matrix on the left.
  private Normal upright() {
    Set<Weight> transposed = Orientation.transposed(form);
    Map<Weight, List<Part>> all = new LinkedHashMap<>(weights);
    for (Weight w : transposed) {
      List<Part> parts = Optional.ofNullable(all.remove(w)).orElse(List.of());
      all.put(
          Orientation.turned(w),
          parts.stream().map(p -> new Part(p.piece, p.factor, !p.transposed)).toList());
    }
    return transposed.isEmpty() ? this : new Normal(Orientation.turned(form, transposed), all);
  }

  // ---- signs

  private Normal positive() {
    Normal result = this;
    for (int round = 0; round < 8; round++) {
      Set<Weight> negative = result.mostlyNegative();
      if (negative.isEmpty()) {
        return result;
      }
      result = result.turned(negative);
    }
    return result;
  }

  /// Weights that more terms subtract than add.
  private Set<Weight> mostlyNegative() {
    Map<Weight, Integer> balance = new LinkedHashMap<>();
    for (int number : form.reachable()) {
      if (isMatrix(form.terms().polynomial(number))) {
        continue; // counted where the product is
      }
      for (var term : form.terms().polynomial(number).terms().entrySet()) {
        for (int factor : term.getKey()) {
          leading(form.terms().atom(factor))
              .ifPresent(w -> balance.merge(w, term.getValue() > 0 ? 1 : -1, Integer::sum));
        }
      }
    }
    balance.values().removeIf(b -> b >= 0);
    return balance.keySet();
  }

  private boolean isMatrix(Polynomial p) {
    return p.shape() instanceof Shape.Matrix
        && p.atom().filter(a -> form.terms().atom(a).head() instanceof Weight).isPresent();
  }

  /// The weight that an atom is, or that a linear function of others has first.
  private Optional<Weight> leading(Atom atom) {
    return switch (atom.head()) {
      case Weight weight -> Optional.of(weight);
      case Named(Function function) when function.isLinear() ->
          atom.arguments().stream()
              .map(a -> form.terms().polynomial(a).terms().keySet())
              .filter(terms -> terms.size() == 1)
              .flatMap(terms -> terms.iterator().next().stream())
              .flatMap(f -> leading(form.terms().atom(f)).stream())
              .findFirst();
      default -> Optional.empty();
    };
  }

  /// The same function with the negatives of some weights as its weights.
  Normal turned(Set<Weight> turned) {
    Form next =
        form.replace(
            atom ->
                atom.head() instanceof Weight w && turned.contains(w)
                    ? Optional.of(form.terms().of(atom).scaled(-1))
                    : Optional.empty());
    Map<Weight, List<Part>> all = new LinkedHashMap<>(weights);
    for (Weight w : turned) {
      all.computeIfPresent(
          w,
          (_, parts) ->
              parts.stream().map(p -> new Part(p.piece, -p.factor, p.transposed)).toList());
    }
    return new Normal(next, all);
  }

  /// For each gate whose argument changes its sign with that of some weights, those weights.
  List<Set<Weight>> gates() {
    List<Set<Weight>> gates = new ArrayList<>();
    for (int atom : form.atoms()) {
      Atom a = form.terms().atom(atom);
      if (a.head() instanceof Of(UnaryOp op) && (op == UnaryOp.SIGMOID || op == UnaryOp.TANH)) {
        Set<Weight> weights = new LinkedHashSet<>();
        boolean all = true;
        for (List<Integer> factors :
            form.terms().polynomial(a.arguments().getFirst()).terms().keySet()) {
          Optional<Weight> one =
              factors.stream().flatMap(f -> leading(form.terms().atom(f)).stream()).findFirst();
          all &= one.isPresent();
          one.ifPresent(weights::add);
        }
        if (all) {
          gates.add(weights);
        }
      }
    }
    return gates;
  }

  // ---- biases

  private Normal merged() {
    Set<Weight> leaves = leaves(form);
    Colours colours = Colours.of(form, false, NEAR);
    for (Weight p : leaves) {
      for (Weight q : leaves) {
        Optional<Double> ratio =
            p.equals(q) || !p.shape().equals(q.shape())
                ? Optional.empty()
                : alwaysTogether(p, q).or(() -> together(p, q, colours));
        if (ratio.isPresent()) {
          return merged(p, q, ratio.get()).merged();
        }
      }
    }
    return this;
  }

  /// 1 or −1 if each term with p has a neighbour with q in its place, that many times as large, and
  /// the other way round.
  private Optional<Double> alwaysTogether(Weight p, Weight q) {
    int first = number(p);
    int second = number(q);
    Set<Double> ratios = new LinkedHashSet<>();
    for (int number : form.reachable()) {
      Map<List<Integer>, Double> terms = form.terms().polynomial(number).terms();
      Map<List<Integer>, Double> withFirst = rests(terms, first);
      Map<List<Integer>, Double> withSecond = rests(terms, second);
      if (!withFirst.keySet().equals(withSecond.keySet())) {
        return Optional.empty();
      }
      withFirst.forEach((rest, c) -> ratios.add(withSecond.getOrDefault(rest, Double.NaN) / c));
      boolean mixed =
          withFirst.keySet().stream().anyMatch(r -> r.contains(first) || r.contains(second));
      if (mixed) {
        return Optional.empty();
      }
    }
    return ratios.equals(Set.of(1.0)) || ratios.equals(Set.of(-1.0))
        ? Optional.of(ratios.iterator().next())
        : Optional.empty();
  }

  /// 1 if q is gone when p − q takes the place of p, for two that are used alike: within products
  /// and spreads, where [#alwaysTogether] doesn't look.
  private Optional<Double> together(Weight p, Weight q, Colours colours) {
    if (colours.atom(number(p)) != colours.atom(number(q))) {
      return Optional.empty();
    }
    Polynomial difference =
        Polynomial.monomial(List.of(number(p)), 1, p.shape())
            .plus(Polynomial.monomial(List.of(number(q)), -1, p.shape()), p.shape());
    Form without =
        form.replace(atom -> atom.head().equals(p) ? Optional.of(difference) : Optional.empty());
    return leaves(without).contains(q) ? Optional.empty() : Optional.of(1.0);
  }

  private int number(Weight w) {
    return form.terms().number(new Atom(w, List.of(), w.shape()));
  }

  /// Terms that have a factor, without it.
  private static Map<List<Integer>, Double> rests(Map<List<Integer>, Double> terms, int factor) {
    Map<List<Integer>, Double> rests = new HashMap<>();
    terms.forEach(
        (factors, c) -> {
          if (factors.contains(factor)) {
            List<Integer> rest = new ArrayList<>(factors);
            rest.remove((Integer) factor);
            rests.put(rest, c);
          }
        });
    return rests;
  }

  private Normal merged(Weight p, Weight q, double ratio) {
    Form next =
        form.replace(
            atom ->
                atom.head().equals(q)
                    ? Optional.of(Polynomial.constant(0, q.shape()))
                    : Optional.empty());
    Map<Weight, List<Part>> all = new LinkedHashMap<>(weights);
    List<Part> parts = new ArrayList<>(all.getOrDefault(p, List.of()));
    all.getOrDefault(q, List.of())
        .forEach(part -> parts.add(new Part(part.piece, ratio * part.factor, part.transposed)));
    all.put(p, List.copyOf(parts));
    all.remove(q);
    return new Normal(next, all);
  }
}
