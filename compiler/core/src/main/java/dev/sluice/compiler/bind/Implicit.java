package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.Addend;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Implicit steps, `z_t = z_{t-1} + a_t − Δt ε z_t`: where the right side is linear in the unknown,
/// each element by itself, they are solved, `z_t = (z_{t-1} + a_t) / (1 + Δt ε)`. What is not
/// linear, or has a matrix before the unknown, is left to [Order], which reports the cycle; so is
/// an equation that doesn't read its own step before, for `c_t = f_t ∘ c_t + …` is a slip of the
/// pen.
final class Implicit {
  private final Symbol unknown;
  private final Map<Symbol, Ranks.Rank> ranks;

  private Implicit(Symbol unknown, Map<Symbol, Ranks.Rank> ranks) {
    this.unknown = unknown;
    this.ranks = ranks;
  }

  /// A right side as `rest + factors · unknown`.
  private record Linear(List<Addend> rest, List<Addend> factors) {}

  /// @param ranks of all names
  static List<Definition> solved(
      List<Definition> definitions, Map<Symbol, Ranks.Rank> ranks, Findings findings) {
    return definitions.stream()
        .map(d -> new Implicit(d.symbol(), ranks).solved(d, findings).orElse(d))
        .toList();
  }

  private Optional<Definition> solved(Definition d, Findings findings) {
    if (!reads(d.value()) || !isImplicitStep(d)) {
      return Optional.empty();
    }
    Optional<Linear> linear = linear(d.value(), List.of());
    if (linear.isEmpty()) {
      return Optional.empty();
    }
    List<Addend> divisor = new ArrayList<>();
    divisor.add(new Addend(false, new Term.Number(1, d.at())));
    linear.get().factors().forEach(f -> divisor.add(new Addend(!f.negative(), f.term())));
    Term sum = new Term.Sum(divisor, d.at());
    OptionalDouble number = Statics.value(sum);
    if (number.isPresent() && number.getAsDouble() == 0) {
      return Optional.empty(); // any value solves it, or none
    }
    String name = Syntax.timed(d.symbol(), 0);
    findings.note(
        "solved for " + name,
        d.at(),
        "%s stands on both sides; the equation is linear in it, so it is computed as the rest divided by what is left of its factor."
            .formatted(name));
    Term rest =
        linear.get().rest().isEmpty()
            ? new Term.Number(0, d.at())
            : new Term.Sum(linear.get().rest(), d.at());
    Term value = new Term.Zip(BinaryOp.DIVIDE, rest, sum, d.at());
    return Optional.of(new Definition(d.symbol(), value, d.at(), d.origin(), d.stacked()));
  }

  /// Whether an equation reads what it defines, one step before.
  static boolean isImplicitStep(Definition d) {
    return reads(d.value(), d.symbol(), 1);
  }

  private boolean reads(Term term) {
    return reads(term, unknown, 0);
  }

  private static boolean reads(Term term, Symbol symbol, int delay) {
    boolean[] found = {false};
    Roles.walk(
        term,
        t ->
            found[0] |=
                t instanceof Term.Timed v && v.delay() == delay && v.symbol().equals(symbol));
    return found[0];
  }

  /// @param scale factors in front of the term, none of which has the unknown
  private Optional<Linear> linear(Term term, List<Term> scale) {
    if (!reads(term)) {
      return Optional.of(new Linear(List.of(new Addend(false, scaled(term, scale))), List.of()));
    }
    return switch (term) {
      case Term.Timed t -> {
        Term factor =
            scale.isEmpty() ? new Term.Number(1, t.at()) : scaled(scale.getFirst(), rest(scale));
        yield Optional.of(new Linear(List.of(), List.of(new Addend(false, factor))));
      }
      case Term.Sum s -> sum(s, scale);
      case Term.Product p -> product(p, scale);
      case Term.Map m when m.op() == UnaryOp.NEGATE -> linear(m.x(), scale).map(this::negated);
      case Term.Zip z when z.op() == BinaryOp.DIVIDE && !reads(z.b()) -> {
        Term inverse = new Term.Zip(BinaryOp.DIVIDE, new Term.Number(1, z.at()), z.b(), z.at());
        yield linear(z.a(), with(scale, inverse));
      }
      case Term.Map _,
          Term.Zip _,
          Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Parameter _,
          Term.Identity _,
          Term.Choice _,
          Term.Whole _,
          Term.Transposed _,
          Term.Diagonal _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          Optional.empty();
    };
  }

  private Optional<Linear> sum(Term.Sum s, List<Term> scale) {
    List<Addend> rest = new ArrayList<>();
    List<Addend> factors = new ArrayList<>();
    for (Addend addend : s.addends()) {
      Optional<Linear> part = linear(addend.term(), scale);
      if (part.isEmpty()) {
        return part;
      }
      Linear signed = addend.negative() ? negated(part.get()) : part.get();
      rest.addAll(signed.rest());
      factors.addAll(signed.factors());
    }
    return Optional.of(new Linear(rest, factors));
  }

  private Optional<Linear> product(Term.Product p, List<Term> scale) {
    List<Term> outer = new ArrayList<>(scale);
    Optional<Term> inner = Optional.empty();
    for (Term factor : p.factors()) {
      if (reads(factor)) {
        if (inner.isPresent()) {
          return Optional.empty(); // quadratic
        }
        inner = Optional.of(factor);
      } else if (isElementwise(factor)) {
        outer.add(factor);
      } else {
        return Optional.empty();
      }
    }
    return linear(inner.orElseThrow(), outer);
  }

  /// Whether a factor cannot be a matrix, nor make a number of the vector beside it.
  private boolean isElementwise(Term factor) {
    boolean[] elementwise = {!(factor instanceof Term.Transposed)};
    Roles.walk(factor, t -> elementwise[0] &= !isMatrix(t));
    return elementwise[0];
  }

  private boolean isMatrix(Term term) {
    return switch (term) {
      case Term.Parameter p -> ranks.get(p.symbol()) == Ranks.Rank.MATRIX;
      case Term.Timed t -> ranks.get(t.symbol()) == Ranks.Rank.MATRIX;
      case Term.Identity _, Term.Diagonal _ -> true;
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Map _,
          Term.Zip _,
          Term.Choice _,
          Term.Whole _,
          Term.Sum _,
          Term.Product _,
          Term.Transposed _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          false;
    };
  }

  private Linear negated(Linear linear) {
    return new Linear(negated(linear.rest()), negated(linear.factors()));
  }

  private static List<Addend> negated(List<Addend> addends) {
    return addends.stream().map(a -> new Addend(!a.negative(), a.term())).toList();
  }

  private static Term scaled(Term term, List<Term> scale) {
    return scale.isEmpty() ? term : new Term.Product(Term.Sign.NONE, with(scale, term), term.at());
  }

  private static List<Term> with(List<Term> terms, Term last) {
    List<Term> all = new ArrayList<>(terms);
    all.add(last);
    return all;
  }

  private static List<Term> rest(List<Term> terms) {
    return terms.subList(1, terms.size());
  }
}
