package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.Addend;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Right sides as sums of unknowns with factors, each element by itself: `rest + a ∘ u_t + b ∘
/// v_t`.
final class LinearForm {
  private final Set<Symbol> unknowns;
  private final Map<Symbol, Ranks.Rank> ranks;

  private LinearForm(Set<Symbol> unknowns, Map<Symbol, Ranks.Rank> ranks) {
    this.unknowns = unknowns;
    this.ranks = ranks;
  }

  /// `rest + Σ factors · unknown`
  record Linear(List<Addend> rest, Map<Symbol, List<Addend>> factors) {
    List<Addend> of(Symbol unknown) {
      return factors.getOrDefault(unknown, List.of());
    }
  }

  /// @param unknowns at this step
  /// @param ranks of all names
  /// @return empty where the term is not linear in the unknowns, or has a matrix before one
  static Optional<Linear> of(Term term, Set<Symbol> unknowns, Map<Symbol, Ranks.Rank> ranks) {
    return new LinearForm(unknowns, ranks).linear(term, List.of());
  }

  private boolean reads(Term term) {
    boolean[] found = {false};
    Roles.walk(
        term,
        t ->
            found[0] |=
                t instanceof Term.Timed v && v.delay() == 0 && unknowns.contains(v.symbol()));
    return found[0];
  }

  /// @param scale factors in front of the term, none of which has the unknown
  private Optional<Linear> linear(Term term, List<Term> scale) {
    if (!reads(term)) {
      return Optional.of(new Linear(List.of(new Addend(false, scaled(term, scale))), Map.of()));
    }
    return switch (term) {
      case Term.Timed t -> {
        Term factor =
            scale.isEmpty() ? new Term.Number(1, t.at()) : scaled(scale.getFirst(), rest(scale));
        yield Optional.of(
            new Linear(List.of(), Map.of(t.symbol(), List.of(new Addend(false, factor)))));
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
    Map<Symbol, List<Addend>> factors = new LinkedHashMap<>();
    for (Addend addend : s.addends()) {
      Optional<Linear> part = linear(addend.term(), scale);
      if (part.isEmpty()) {
        return part;
      }
      Linear signed = addend.negative() ? negated(part.get()) : part.get();
      rest.addAll(signed.rest());
      signed
          .factors()
          .forEach((u, f) -> factors.computeIfAbsent(u, _ -> new ArrayList<>()).addAll(f));
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
    Map<Symbol, List<Addend>> factors = new LinkedHashMap<>();
    linear.factors().forEach((u, f) -> factors.put(u, negated(f)));
    return new Linear(negated(linear.rest()), factors);
  }

  static List<Addend> negated(List<Addend> addends) {
    return addends.stream().map(a -> new Addend(!a.negative(), a.term())).toList();
  }

  static Term scaled(Term term, List<Term> scale) {
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
