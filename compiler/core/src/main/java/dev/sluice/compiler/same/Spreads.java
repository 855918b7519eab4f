package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Vectors that fill the rows or the columns of matrices, in normal form.
///
///     (a ∘ b) 𝟙ᵀ → a 𝟙ᵀ ∘ b 𝟙ᵀ     σ(a 𝟙ᵀ) → σ(a) 𝟙ᵀ
final class Spreads {
  private final Terms terms;
  private final Algebra algebra;

  Spreads(Terms terms, Algebra algebra) {
    this.terms = terms;
    this.algebra = algebra;
  }

  /// Factor by factor: `spread(a ∘ b)` is `spread(a) ∘ spread(b)`.
  Polynomial spread(Function function, Polynomial p, Shape shape) {
    Polynomial sum = new Polynomial(Map.of(), shape);
    for (var term : p.terms().entrySet()) {
      Polynomial one = Polynomial.constant(term.getValue(), shape);
      for (int factor : term.getKey()) {
        Polynomial atom = terms.of(terms.atom(factor));
        Polynomial wide =
            atom.shape() instanceof Scalar
                ? atom
                : algebra.opaque(new Named(function), List.of(atom), shape);
        one = algebra.times(one, wide, shape);
      }
      sum = sum.plus(one, shape);
    }
    return sum;
  }

  /// A function of each element whose arguments are the same along every row, or every column, of a
  /// matrix: that of the vectors, spread.
  Optional<Polynomial> ofSpread(Head head, List<Polynomial> x, Shape shape) {
    if (!(shape instanceof Matrix(Dim rows, Dim columns))) {
      return Optional.empty();
    }
    for (Function side : List.of(Function.SPREAD_TO_ROWS, Function.SPREAD_TO_COLUMNS)) {
      if (x.stream().allMatch(p -> isSpread(p, side)) && x.stream().anyMatch(this::isWide)) {
        Shape vector = Shape.vector(side == Function.SPREAD_TO_ROWS ? rows : columns);
        List<Polynomial> narrow = x.stream().map(p -> narrow(p, vector)).toList();
        return Optional.of(spread(side, algebra.apply(head, narrow, vector), shape));
      }
    }
    return Optional.empty();
  }

  private boolean isSpread(Polynomial p, Function side) {
    return p.terms().keySet().stream()
        .flatMap(List::stream)
        .map(terms::atom)
        .allMatch(a -> a.shape() instanceof Scalar || a.head().equals(new Named(side)));
  }

  private boolean isWide(Polynomial p) {
    return p.terms().keySet().stream()
        .flatMap(List::stream)
        .anyMatch(a -> terms.atom(a).shape() instanceof Matrix);
  }

  private Polynomial narrow(Polynomial p, Shape vector) {
    if (p.shape() instanceof Scalar) {
      return p;
    }
    Map<List<Integer>, Double> narrow = new HashMap<>();
    p.terms()
        .forEach(
            (factors, c) ->
                narrow.merge(
                    Polynomial.sorted(factors.stream().map(this::narrow).toList()),
                    c,
                    Double::sum));
    return new Polynomial(narrow, vector);
  }

  private int narrow(int factor) {
    Atom atom = terms.atom(factor);
    return atom.shape() instanceof Matrix
        ? terms.polynomial(atom.arguments().getFirst()).atom().orElseThrow()
        : factor;
  }
}
