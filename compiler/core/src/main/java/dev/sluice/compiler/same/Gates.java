package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Of;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The gates of a cell: values of its author's that are sigmoids, powers of one, or exponentials,
/// and can come as near to 0 and to 1 as one likes, never beyond.
///
/// @param atoms what each is in the form
record Gates(Form form, Map<Symbol, Integer> atoms) {

  /// @param named atoms of the author's values
  static Gates of(Form form, Map<Symbol, Integer> named) {
    Ranges ranges = new Ranges(form.terms());
    Set<Integer> used = form.atoms();
    Map<Symbol, Integer> gates = new LinkedHashMap<>();
    named.forEach(
        (symbol, number) -> {
          Atom atom = form.terms().atom(number);
          Ranges.Range range = ranges.of(form.terms().of(atom));
          boolean fits = isGate(atom.head()) && range.least() == 0 && range.most() == 1;
          if (fits && used.contains(number) && !gates.containsValue(number)) {
            gates.put(symbol, number);
          }
        });
    return new Gates(form, gates);
  }

  private static boolean isGate(Head head) {
    return switch (head) {
      case Of(UnaryOp op) -> op == UnaryOp.SIGMOID || op == UnaryOp.EXP;
      case Named(var function) -> function == Head.Function.POWER;
      case Head.Weight _, Head.Input _, Head.State _, Head.StepNumber _ -> false;
      case Head.Length _, Head.Slice _ -> false;
    };
  }

  List<Symbol> symbols() {
    return List.copyOf(atoms.keySet());
  }

  /// The gate that a factor is, itself or spread over a matrix.
  Optional<Symbol> at(int factor) {
    Atom atom = form.terms().atom(factor);
    boolean spread =
        atom.head() instanceof Named(var f)
            && (f == Head.Function.SPREAD_TO_ROWS || f == Head.Function.SPREAD_TO_COLUMNS);
    int own =
        spread
            ? form.terms().polynomial(atom.arguments().getFirst()).atom().orElse(factor)
            : factor;
    return atoms.entrySet().stream()
        .filter(e -> e.getValue() == own)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// Gates that are factors of the terms of a value.
  Set<Symbol> in(Polynomial value) {
    Set<Symbol> in = new LinkedHashSet<>();
    value.terms().keySet().stream().flatMap(List::stream).forEach(f -> at(f).ifPresent(in::add));
    return in;
  }

  /// Numbers in the place of gates.
  Function<Atom, Optional<Polynomial>> numbers(Map<Symbol, Integer> setting) {
    Map<Atom, Integer> values = new LinkedHashMap<>();
    setting.forEach((gate, value) -> values.put(atom(gate), value));
    return atom ->
        Optional.ofNullable(values.get(atom)).map(v -> Polynomial.constant(v, atom.shape()));
  }

  private Atom atom(Symbol gate) {
    return form.terms().atom(atoms.getOrDefault(gate, -1));
  }

  /// Whether gates can be so at once, and nothing is divided by 0 or a logarithm taken of it.
  boolean canBe(Map<Symbol, Integer> setting) {
    return isDefined(numbers(setting))
        && setting.keySet().stream().allMatch(g -> isLeft(g, setting))
        && !areLargestOfNone(setting);
  }

  private boolean isDefined(Function<Atom, Optional<Polynomial>> numbers) {
    for (int number : form.atoms()) {
      Atom atom = form.terms().atom(number);
      boolean needsMore =
          atom.head().equals(new Named(Head.Function.RECIPROCAL))
              || atom.head().equals(new Of(UnaryOp.LOG));
      if (needsMore && form.rebuilt(atom.arguments().getFirst(), numbers).terms().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// Whether a gate can still be what it is set to when the others are: `a = exp(−r)` is 1 where r
  /// is 0.
  private boolean isLeft(Symbol gate, Map<Symbol, Integer> setting) {
    double value = setting.getOrDefault(gate, 0);
    Map<Symbol, Integer> others = new LinkedHashMap<>(setting);
    others.remove(gate);
    int own = form.terms().number(form.terms().of(atom(gate)));
    Polynomial rest = form.rebuilt(own, numbers(others));
    return new Ranges(form.terms()).of(rest).touches(value);
  }

  /// Whether both of `e^{a − m}` and `e^{b − m}` with `m = max(a, b)` are 0: one of them is 1.
  private boolean areLargestOfNone(Map<Symbol, Integer> setting) {
    List<Atom> shut =
        setting.entrySet().stream()
            .filter(e -> e.getValue() == 0)
            .map(e -> atom(e.getKey()))
            .filter(a -> a.head().equals(new Of(UnaryOp.EXP)))
            .toList();
    for (int number : form.atoms()) {
      Atom larger = form.terms().atom(number);
      if (Ranges.isLarger(larger)) {
        Set<Integer> parts = new LinkedHashSet<>();
        for (Atom exp : shut) {
          Polynomial argument = form.terms().polynomial(exp.arguments().getFirst());
          parts.add(form.terms().number(argument.plus(form.terms().of(larger), argument.shape())));
        }
        if (parts.containsAll(larger.arguments())) {
          return true;
        }
      }
    }
    return false;
  }
}
