package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.Addend;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Files whose vectors are rows, `q_t = x_t W_Q` and never `W_Q x_t`: there `k_tᵀ v_t` is a matrix
/// and `q_t k_tᵀ` a number. They become `k_t v_tᵀ` and `q_tᵀ k_t`, as with columns.
final class RowVectors {
  private final Scope scope;
  private final Findings findings;
  private final Map<Symbol, Definition> definitions = new HashMap<>();
  private final Set<Symbol> rows = new HashSet<>();

  private RowVectors(Scope scope, List<Definition> all, Findings findings) {
    this.scope = scope;
    this.findings = findings;
    all.forEach(d -> definitions.put(d.symbol(), d));
  }

  static List<Definition> asColumns(Scope scope, List<Definition> all, Findings findings) {
    RowVectors vectors = new RowVectors(scope, all, findings);
    if (!vectors.isOfRows(all)) {
      return all;
    }
    return all.stream()
        .map(
            d ->
                new Definition(
                    d.symbol(), vectors.turned(d.value()), d.at(), d.origin(), d.stacked()))
        .toList();
  }

  /// Whether some vector stands before a matrix, and none behind one.
  private boolean isOfRows(List<Definition> all) {
    all.forEach(d -> noteRow(d));
    boolean[] found = {false, false};
    for (Definition d : all) {
      Roles.walk(
          d.value(),
          t -> {
            if (t instanceof Term.Product p && p.sign() != Term.Sign.CIRCLE) {
              for (int i = 0; i + 1 < p.factors().size(); i++) {
                Term a = p.factors().get(i);
                Term b = p.factors().get(i + 1);
                found[0] |= isVector(a) && isMatrix(b);
                found[1] |= isMatrix(a) && !isMatrix(b) && !(b instanceof Term.Transposed);
              }
            }
          });
    }
    return found[0] && !found[1];
  }

  /// `K_t = X_t W_K` is a row too, upper-case as it is.
  private void noteRow(Definition d) {
    boolean row =
        d.value() instanceof Term.Product p
            && p.sign() != Term.Sign.CIRCLE
            && isVector(p.factors().getFirst())
            && p.factors().subList(1, p.factors().size()).stream()
                .allMatch(f -> f instanceof Term.Parameter);
    if (row) {
      rows.add(d.symbol());
    }
  }

  private boolean isVector(Term term) {
    if (!(term instanceof Term.Timed t)) {
      return false;
    }
    Declarations.Shaped declared = scope.declared.shapes.get(t.symbol());
    if (declared != null) {
      return Ranks.of(declared.shape()) == Ranks.Rank.VECTOR;
    }
    return !definitions.containsKey(t.symbol())
        || rows.contains(t.symbol())
        || !Calls.isUpperCase(t.symbol());
  }

  /// By its letter, or its declaration.
  private boolean isMatrix(Term term) {
    return switch (term) {
      case Term.Parameter p -> isMatrix(p.symbol());
      case Term.Timed t -> !isVector(t) && isMatrix(t.symbol());
      case Term.Diagonal _, Term.Identity _ -> true;
      case Term.Transposed t -> isMatrix(t.x());
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Map _,
          Term.Zip _,
          Term.Choice _,
          Term.Whole _,
          Term.Sum _,
          Term.Product _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          false;
    };
  }

  private boolean isMatrix(Symbol symbol) {
    Declarations.Shaped declared = scope.declared.shapes.get(symbol);
    return declared == null
        ? Calls.isUpperCase(symbol)
        : Ranks.of(declared.shape()) == Ranks.Rank.MATRIX;
  }

  private Term turned(Term term) {
    return switch (term) {
      case Term.Sum s ->
          new Term.Sum(
              s.addends().stream().map(a -> new Addend(a.negative(), turned(a.term()))).toList(),
              s.at());
      case Term.Map m -> new Term.Map(m.op(), turned(m.x()), m.at());
      case Term.Zip z -> new Term.Zip(z.op(), turned(z.a()), turned(z.b()), z.at());
      case Term.Product p -> product(p);
      case Term.Number _,
          Term.Constant _,
          Term.StepNumber _,
          Term.Parameter _,
          Term.Timed _,
          Term.Identity _,
          Term.Diagonal _,
          Term.Choice _,
          Term.Whole _,
          Term.Transposed _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          term;
    };
  }

  private Term product(Term.Product p) {
    List<Term> factors = new ArrayList<>(p.factors().stream().map(this::turned).toList());
    for (int i = 0; i + 1 < factors.size(); i++) {
      Term a = factors.get(i);
      Term b = factors.get(i + 1);
      if (a instanceof Term.Transposed t && isVector(t.x()) && isVector(b)) {
        factors.set(i, t.x());
        factors.set(i + 1, new Term.Transposed(b, b.at()));
        note(p, "a matrix, ", t.x(), b);
      } else if (isVector(a) && b instanceof Term.Transposed t && isVector(t.x())) {
        factors.set(i, new Term.Transposed(a, a.at()));
        factors.set(i + 1, t.x());
        note(p, "a number, ", a, t.x());
      }
    }
    return new Term.Product(p.sign(), factors, p.at());
  }

  private void note(Term.Product p, String what, Term a, Term b) {
    findings.note(
        "vectors are rows here",
        p.at(),
        "Every vector of this file stands before the matrix that it is multiplied by, so %s is %sthe %s product of %s and %s."
            .formatted(
                p.text(), what, what.contains("matrix") ? "outer" : "scalar", a.text(), b.text()));
  }
}
