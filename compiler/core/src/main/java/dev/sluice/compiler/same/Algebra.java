package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Elementwise;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Of;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds polynomials in normal form. Every rule is an identity of real numbers:
///
///     (a + b) ∘ c → a ∘ c + b ∘ c     W (a + b) → W a + W b     (A B) x → A (B x)
///     σ(−z) → 1 − σ(z)   tanh(−z) → −tanh(z)   min(a, b) → −max(−a, −b)   1 / (1 + e^z) → σ(−z)
///
/// Nothing is cancelled that may be 0 (`a / a` stays). What is done to whole vectors and matrices
/// is in [Products].
final class Algebra {
  /// Longest sum that is multiplied out; a longer one is kept as a factor.
  private static final int LONGEST = 96;

  private final Terms terms;
  private final boolean turns;
  private final Spreads spreads;
  private final Products products;

  /// @param turns whether `σ(−z)` becomes `1 − σ(z)`; not before the signs of weights are settled
  Algebra(Terms terms, boolean turns) {
    this.terms = terms;
    this.turns = turns;
    this.spreads = new Spreads(terms, this);
    this.products = new Products(terms, this, spreads);
  }

  /// The function of an atom applied to other arguments.
  Polynomial apply(Head head, List<Polynomial> x, Shape shape) {
    return switch (head) {
      case Head.Weight _, Head.Input _, Head.State _, Head.StepNumber _, Head.Length _ ->
          terms.leaf(head, shape);
      case Of(UnaryOp op) -> unary(op, x.getFirst());
      case Head.Slice slice -> opaque(slice, x, shape);
      case Named(Function function) ->
          switch (function) {
            case PRODUCT -> products.product(x.get(0), x.get(1), shape);
            case TRANSPOSE -> products.transpose(x.getFirst());
            case GROUP -> x.getFirst();
            case RECIPROCAL -> reciprocal(x.getFirst());
            case POWER -> power(x.get(0), x.get(1), shape);
            case MAX -> max(x.get(0), x.get(1), shape);
            case WHERE -> where(x.get(0), x.get(1), x.get(2), shape);
            case POSITIVE -> positive(x.getFirst());
            case SUM -> products.sum(x.getFirst());
            case SPREAD_TO_ROWS, SPREAD_TO_COLUMNS -> spreads.spread(function, x.getFirst(), shape);
            case CONCAT, LARGEST, NORM, RUNNING, RUNNING_BACKWARDS -> opaque(head, x, shape);
          };
    };
  }

  Polynomial opaque(Head head, List<Polynomial> x, Shape shape) {
    return terms.of(new Atom(head, x.stream().map(terms::number).toList(), shape));
  }

  /// Products, transposes and sums of whole vectors and matrices.
  Products products() {
    return products;
  }

  /// A function of each element. Of what is the same along each row, or each column, of a matrix,
  /// it is the same there: `σ(f 𝟙ᵀ)` is `σ(f) 𝟙ᵀ`.
  private Polynomial elementwise(Function function, List<Polynomial> x, Shape shape) {
    return elementwise(new Named(function), x, shape);
  }

  private Polynomial elementwise(Head head, List<Polynomial> x, Shape shape) {
    return spreads.ofSpread(head, x, shape).orElseGet(() -> opaque(head, x, shape));
  }

  // ---- elementwise

  Polynomial times(Polynomial a, Polynomial b, Shape shape) {
    if (a.terms().size() * b.terms().size() > LONGEST) {
      return times(group(a), group(b), shape);
    }
    Map<List<Integer>, Double> product = new HashMap<>();
    a.terms()
        .forEach(
            (left, c) ->
                b.terms()
                    .forEach(
                        (right, d) -> {
                          List<Integer> factors = new ArrayList<>(left);
                          factors.addAll(right);
                          product.merge(Polynomial.sorted(factors), c * d, Double::sum);
                        }));
    return new Polynomial(product, shape);
  }

  private Polynomial group(Polynomial p) {
    return p.terms().size() == 1 ? p : opaque(new Named(Function.GROUP), List.of(p), p.shape());
  }

  Polynomial over(Polynomial a, Polynomial b, Shape shape) {
    return times(a, reciprocal(b), shape);
  }

  private Polynomial reciprocal(Polynomial p) {
    Optional<Double> number = p.number();
    if (number.isPresent() && number.get() != 0) {
      return Polynomial.constant(1 / number.get(), p.shape());
    }
    if (turns && p.sign() < 0) {
      return reciprocal(p.scaled(-1)).scaled(-1);
    }
    if (p.terms().size() == 1 && !p.terms().containsKey(List.<Integer>of())) {
      var term = p.terms().entrySet().iterator().next();
      Polynomial result = Polynomial.constant(1 / term.getValue(), p.shape());
      for (int factor : term.getKey()) {
        Atom atom = terms.atom(factor);
        Polynomial inverse =
            atom.head() instanceof Of(UnaryOp op) && op == UnaryOp.EXP
                ? unary(op, terms.polynomial(atom.arguments().getFirst()).scaled(-1))
                : elementwise(Function.RECIPROCAL, List.of(terms.of(atom)), atom.shape());
        result = times(result, inverse, p.shape());
      }
      return result;
    }
    return logistic(p).orElseGet(() -> elementwise(Function.RECIPROCAL, List.of(p), p.shape()));
  }

  /// `1 / (1 + e^z)`
  private Optional<Polynomial> logistic(Polynomial p) {
    if (p.terms().size() != 2 || p.terms().getOrDefault(List.<Integer>of(), 0.0) != 1) {
      return Optional.empty();
    }
    for (var term : p.terms().entrySet()) {
      if (term.getKey().size() == 1
          && term.getValue() == 1
          && terms.atom(term.getKey().getFirst()).head() instanceof Of(UnaryOp op)
          && op == UnaryOp.EXP) {
        int z = terms.atom(term.getKey().getFirst()).arguments().getFirst();
        return Optional.of(unary(UnaryOp.SIGMOID, terms.polynomial(z).scaled(-1)));
      }
    }
    return Optional.empty();
  }

  Polynomial power(Polynomial base, Polynomial exponent, Shape shape) {
    double whole = exponent.number().orElse(-1.0);
    if (whole == Math.rint(whole) && whole >= 0 && whole <= 4) {
      Polynomial result = Polynomial.constant(1, shape);
      for (int i = 0; i < whole; i++) {
        result = times(result, base, shape);
      }
      return result;
    }
    return elementwise(Function.POWER, List.of(base, exponent), shape);
  }

  Polynomial unary(UnaryOp op, Polynomial x) {
    Optional<Double> number = x.number();
    if (number.isPresent() && Double.isFinite(Elementwise.apply(op, number.get()))) {
      return Polynomial.constant(Elementwise.apply(op, number.get()), x.shape());
    }
    boolean turned = turns && x.sign() < 0;
    return switch (op) {
      case NEGATE -> x.scaled(-1);
      case RELU -> max(x, Polynomial.constant(0, x.shape()), x.shape());
      case STEP -> positive(x);
      case SIGMOID ->
          turned
              ? Polynomial.constant(1, x.shape()).plus(atom(op, x.scaled(-1)).scaled(-1), x.shape())
              : atom(op, x);
      case TANH, SIN, ERF, SIGN -> turned ? atom(op, x.scaled(-1)).scaled(-1) : atom(op, x);
      case COS, ABS -> atom(op, turned ? x.scaled(-1) : x);
      case EXP, LOG, SOFTPLUS, SQRT, FLOOR, DETACH -> atom(op, x);
    };
  }

  private Polynomial atom(UnaryOp op, Polynomial x) {
    return elementwise(new Of(op), List.of(x), x.shape());
  }

  Polynomial max(Polynomial a, Polynomial b, Shape shape) {
    if (a.number().isPresent() && b.number().isPresent()) {
      return Polynomial.constant(Math.max(a.number().get(), b.number().get()), shape);
    }
    List<Polynomial> ordered = terms.number(a) <= terms.number(b) ? List.of(a, b) : List.of(b, a);
    return elementwise(Function.MAX, ordered, shape);
  }

  Polynomial min(Polynomial a, Polynomial b, Shape shape) {
    return max(a.scaled(-1), b.scaled(-1), shape).scaled(-1);
  }

  Polynomial positive(Polynomial x) {
    return x.number().isPresent()
        ? Polynomial.constant(x.number().get() > 0 ? 1 : 0, x.shape())
        : elementwise(Function.POSITIVE, List.of(x), x.shape());
  }

  Polynomial where(Polynomial condition, Polynomial then, Polynomial otherwise, Shape shape) {
    return condition
        .number()
        .map(c -> (c != 0 ? then : otherwise).withShape(shape))
        .orElseGet(() -> elementwise(Function.WHERE, List.of(condition, then, otherwise), shape));
  }
}
