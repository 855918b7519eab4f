package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Which way round matrices are written. `S_t = S_{t-1} + v k^T, y_t = S_t q_t` and
/// `S_t = S_{t-1} + k v^T, y_t = S_t^T q_t` are one cell, as are `W x_t` and `x_t W`.
final class Orientation {
  private static final int MOST_STATES = 4;

  private Orientation() {}

  /// The form with each choice of its matrix states' orientation, its own first.
  static List<Form> choices(Form form) {
    List<Form> choices = new ArrayList<>(List.of(form));
    matrices(form).stream()
        .limit(MOST_STATES)
        .forEach(s -> choices.addAll(choices.stream().map(f -> turned(f, s)).toList()));
    return choices;
  }

  private static Set<Symbol> matrices(Form form) {
    Set<Symbol> matrices = new LinkedHashSet<>(form.states().keySet());
    matrices.removeIf(s -> !(shape(form, s) instanceof Matrix));
    return matrices;
  }

  private static Shape shape(Form form, Symbol state) {
    return form.terms().polynomial(form.states().getOrDefault(state, form.output())).shape();
  }

  private static Shape turned(Shape shape) {
    Matrix matrix = (Matrix) shape;
    return Shape.matrix(matrix.columns(), matrix.rows());
  }

  private static Form turned(Form form, Symbol state) {
    Products products = new Algebra(form.terms(), form.turned()).products();
    Head head = new Head.State(state);
    Form read =
        form.replaceInAll(
            atom ->
                atom.head().equals(head)
                    ? Optional.of(products.transpose(form.terms().leaf(head, turned(atom.shape()))))
                    : Optional.empty());
    SequencedMap<Symbol, Integer> states = new LinkedHashMap<>(read.states());
    states.computeIfPresent(
        state, (_, next) -> form.terms().number(products.transpose(form.terms().polynomial(next))));
    return new Form(form.cell(), form.terms(), read.output(), states, form.turned());
  }

  /// States that are equal to their transposes at every step are read as such: all square ones are
  /// taken for symmetric, until their next values show that they aren't.
  static Form withSymmetricStates(Form form) {
    Set<Symbol> symmetric = matrices(form);
    symmetric.removeIf(s -> !shape(form, s).equals(turned(shape(form, s))));
    while (!symmetric.isEmpty()) {
      Form read = readAsSymmetric(form, symmetric);
      Products products = new Algebra(read.terms(), read.turned()).products();
      boolean less =
          symmetric.removeIf(
              s -> {
                Polynomial next =
                    read.terms().polynomial(read.states().getOrDefault(s, read.output()));
                Form transposed =
                    readAsSymmetric(
                        withNext(read, s, products.transpose(next)), Set.copyOf(symmetric));
                return !transposed.states().equals(read.states());
              });
      if (!less) {
        return read;
      }
    }
    return form;
  }

  private static Form withNext(Form form, Symbol state, Polynomial next) {
    SequencedMap<Symbol, Integer> states = new LinkedHashMap<>(form.states());
    states.put(state, form.terms().number(next));
    return new Form(form.cell(), form.terms(), form.output(), states, form.turned());
  }

  private static Form readAsSymmetric(Form form, Set<Symbol> symmetric) {
    return form.replaceInAll(
        atom ->
            is(atom, Function.TRANSPOSE)
                ? form.terms()
                    .polynomial(atom.arguments().getFirst())
                    .atom()
                    .map(form.terms()::atom)
                    .filter(s -> s.head() instanceof Head.State(Symbol x) && symmetric.contains(x))
                    .map(form.terms()::of)
                : Optional.empty());
  }

  private static boolean is(Atom atom, Function function) {
    return atom.head() instanceof Named(Function own) && own == function;
  }

  /// Weights that are read as transposes only.
  static Set<Weight> transposed(Form form) {
    Set<Weight> transposed = new LinkedHashSet<>();
    Set<Weight> others = new LinkedHashSet<>();
    for (int number : form.atoms()) {
      Atom atom = form.terms().atom(number);
      for (int argument : atom.arguments()) {
        Optional<Weight> whole = weight(form, argument);
        if (whole.isPresent()) {
          (is(atom, Function.TRANSPOSE) ? transposed : others).add(whole.get());
        }
      }
    }
    for (int number : form.reachable()) {
      if (weight(form, number).isEmpty()) {
        form.terms().polynomial(number).terms().keySet().stream()
            .flatMap(List::stream)
            .map(form.terms()::atom)
            .forEach(a -> add(a, others));
      }
    }
    transposed.removeAll(others);
    return transposed;
  }

  private static Optional<Weight> weight(Form form, int polynomial) {
    return form.terms()
        .polynomial(polynomial)
        .atom()
        .map(a -> form.terms().atom(a).head())
        .filter(Weight.class::isInstance)
        .map(Weight.class::cast);
  }

  private static void add(Atom atom, Set<Weight> weights) {
    if (atom.head() instanceof Weight w) {
      weights.add(w);
    }
  }

  /// The name of a weight's transpose.
  static Weight turned(Weight w) {
    return new Weight(w.symbol(), w.row(), w.column(), turned(w.shape()));
  }

  /// The form with the transposes of some weights in their place.
  static Form turned(Form form, Set<Weight> weights) {
    Products products = new Algebra(form.terms(), form.turned()).products();
    return form.replace(
        atom ->
            atom.head() instanceof Weight w && weights.contains(w)
                ? Optional.of(products.transpose(form.terms().leaf(turned(w), turned(w.shape()))))
                : Optional.empty());
  }
}
