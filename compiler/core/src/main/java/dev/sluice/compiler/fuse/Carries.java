package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Keeps carries to what they are for: elementwise values that one step hands to the next. A carry
/// is kept for two steps only, and where a sequence ends it holds what the caller gives.
///
/// - What comes from the next step and is needed as a row (by a product, a reduction or a gradient)
///   gets a name at this step: `d_p = d_p_prev_{t+1}`.
/// - A carry that is also wanted for every step becomes a copy of a value of its own.
final class Carries {
  private final Adjoint adjoint;
  private final Set<Symbol> carries;
  private final Map<Symbol, Equation> arrived = new HashMap<>();

  private Carries(Adjoint adjoint) {
    this.adjoint = adjoint;
    this.carries = Set.copyOf(adjoint.carries().values());
  }

  static Adjoint apart(Adjoint adjoint) {
    return new Carries(new Carries(adjoint).withArrived()).withCopies();
  }

  // ---- what comes from the next step

  private Adjoint withArrived() {
    List<Equation> equations = new ArrayList<>();
    for (Equation e : adjoint.equations()) {
      boolean rows = Reads.isRowWork(e) || Reads.isTotal(e) || Reads.isProductSum(e);
      Expr value = rows ? arrivedIn(e.value()) : arrivedInSpreads(e.value());
      equations.add(new Equation(e.target(), value, e.origin()));
    }
    List<Adjoint.Accumulation> accumulations =
        adjoint.accumulations().stream()
            .map(a -> new Adjoint.Accumulation(a.target(), arrivedIn(a.contribution())))
            .toList();
    List<Equation> all = new ArrayList<>(arrived.values());
    all.sort(java.util.Comparator.comparing(Equation::target));
    all.addAll(equations);
    return adjoint.with(all, accumulations);
  }

  private Expr arrivedInSpreads(Expr e) {
    return e instanceof Expr.Spread ? arrivedIn(e) : Operands.map(e, this::arrivedInSpreads);
  }

  private Expr arrivedIn(Expr e) {
    return switch (e) {
      case Expr.Value(Symbol s, int delay, Shape shape) ->
          delay == -1 && carries.contains(s) ? arrived(s, shape) : e;
      case Expr.Sum(List<Expr> terms) ->
          new Expr.Sum(
              terms.stream().map(t -> t instanceof Expr.Value ? t : arrivedIn(t)).toList());
      case Expr.MatMul(Expr a, Expr b) -> new Expr.MatMul(a, arrivedIn(b));
      case Expr.Outer(Expr a, Expr b) -> new Expr.Outer(arrivedIn(a), arrivedIn(b));
      case Expr.Concat(List<Expr> parts) ->
          new Expr.Concat(parts.stream().map(this::arrivedIn).toList());
      case Expr.Slice(Expr x, var axis, var from, var length) ->
          new Expr.Slice(arrivedIn(x), axis, from, length);
      case Expr.Reduce(var op, Expr x) -> new Expr.Reduce(op, arrivedIn(x));
      case Expr.Running(var backwards, Expr x) -> new Expr.Running(backwards, arrivedIn(x));
      case Expr.Spread(Expr x, var axis, var count) -> new Expr.Spread(arrivedIn(x), axis, count);
      case Expr.Unary _,
          Expr.Binary _,
          Expr.Select _,
          Expr.Total _,
          Expr.Literal _,
          Expr.Constant _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Parameter _,
          Expr.Transpose _ ->
          e;
    };
  }

  private Expr arrived(Symbol carry, Shape shape) {
    Equation e =
        arrived.computeIfAbsent(
            carry,
            _ ->
                new Equation(
                    new Symbol(fresh(carry.plain() + "_arrived"), carry.display() + "′"),
                    new Expr.Sum(List.of(new Expr.Value(carry, -1, shape))),
                    Origin.NONE));
    return e.now();
  }

  // ---- what is wanted for every step

  private Adjoint withCopies() {
    Set<Symbol> wanted = new HashSet<>(adjoint.inputGradients().values());
    adjoint
        .accumulations()
        .forEach(a -> Reads.values(a.contribution()).forEach(v -> wanted.add(v.symbol())));
    for (Equation e : adjoint.equations()) {
      for (Expr.Value v : Reads.values(e.value())) {
        if (v.delay() == 0) {
          wanted.add(v.symbol());
        }
      }
    }
    SequencedMap<Symbol, Symbol> newCarries = new LinkedHashMap<>(adjoint.carries());
    List<Equation> equations = new ArrayList<>();
    Map<Symbol, Symbol> own = new HashMap<>();
    for (Equation e : adjoint.equations()) {
      if (carries.contains(e.target()) && wanted.contains(e.target())) {
        Symbol value = new Symbol(fresh(e.target().plain() + "_own"), e.target().display());
        own.put(e.target(), value);
        Equation now = new Equation(value, e.value(), e.origin());
        equations.add(now);
        equations.add(new Equation(e.target(), new Expr.Sum(List.of(now.now())), e.origin()));
      } else {
        equations.add(new Equation(e.target(), ownIn(e.value(), own), e.origin()));
      }
    }
    SequencedMap<Symbol, Symbol> inputs = new LinkedHashMap<>(adjoint.inputGradients());
    inputs.replaceAll((_, gradient) -> own.getOrDefault(gradient, gradient));
    return new Adjoint(
        adjoint.cell(),
        adjoint.outputGradient(),
        newCarries,
        equations,
        inputs,
        adjoint.accumulations().stream()
            .map(a -> new Adjoint.Accumulation(a.target(), ownIn(a.contribution(), own)))
            .toList());
  }

  private static Expr ownIn(Expr e, Map<Symbol, Symbol> own) {
    return switch (e) {
      case Expr.Value(Symbol s, int delay, Shape shape) ->
          delay == 0 ? new Expr.Value(own.getOrDefault(s, s), 0, shape) : e;
      case Expr.Sum(List<Expr> terms) ->
          new Expr.Sum(terms.stream().map(t -> ownIn(t, own)).toList());
      case Expr.Unary(var op, Expr x) -> new Expr.Unary(op, ownIn(x, own));
      case Expr.Binary(var op, Expr a, Expr b) -> new Expr.Binary(op, ownIn(a, own), ownIn(b, own));
      case Expr.Select(Expr c, Expr a, Expr b) ->
          new Expr.Select(ownIn(c, own), ownIn(a, own), ownIn(b, own));
      case Expr.MatMul(Expr a, Expr b) -> new Expr.MatMul(a, ownIn(b, own));
      case Expr.Outer(Expr a, Expr b) -> new Expr.Outer(ownIn(a, own), ownIn(b, own));
      case Expr.Concat(List<Expr> parts) ->
          new Expr.Concat(parts.stream().map(p -> ownIn(p, own)).toList());
      case Expr.Slice(Expr x, var axis, var from, var length) ->
          new Expr.Slice(ownIn(x, own), axis, from, length);
      case Expr.Reduce(var op, Expr x) -> new Expr.Reduce(op, ownIn(x, own));
      case Expr.Running(var backwards, Expr x) -> new Expr.Running(backwards, ownIn(x, own));
      case Expr.Spread(Expr x, var axis, var count) -> new Expr.Spread(ownIn(x, own), axis, count);
      case Expr.Total(var axis, Expr x) -> new Expr.Total(axis, ownIn(x, own));
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _ -> e;
      case Expr.Parameter _, Expr.Transpose _ -> e;
    };
  }

  private String fresh(String wish) {
    String name = wish;
    while (isTaken(name)) {
      name += "_";
    }
    return name;
  }

  private boolean isTaken(String name) {
    return java.util.stream.Stream.concat(
            adjoint.cell().equations().stream(), adjoint.equations().stream())
        .anyMatch(e -> e.target().plain().equals(name));
  }
}
