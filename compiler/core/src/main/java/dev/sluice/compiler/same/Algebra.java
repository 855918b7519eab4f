package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Elementwise;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
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
/// Nothing is cancelled that may be 0 (`a / a` stays).
final class Algebra {
  /// Longest sum that is multiplied out; a longer one is kept as a factor.
  private static final int LONGEST = 96;

  private final Terms terms;
  private final boolean turns;

  /// @param turns whether `σ(−z)` becomes `1 − σ(z)`; not before the signs of weights are settled
  Algebra(Terms terms, boolean turns) {
    this.terms = terms;
    this.turns = turns;
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
            case PRODUCT -> product(x.get(0), x.get(1), shape);
            case TRANSPOSE -> transpose(x.getFirst(), shape);
            case GROUP -> x.getFirst();
            case RECIPROCAL -> reciprocal(x.getFirst());
            case POWER -> power(x.get(0), x.get(1), shape);
            case MAX -> max(x.get(0), x.get(1), shape);
            case WHERE -> where(x.get(0), x.get(1), x.get(2), shape);
            case POSITIVE -> positive(x.getFirst());
            case SUM -> sum(x.getFirst());
            case SPREAD_TO_ROWS, SPREAD_TO_COLUMNS -> spread(function, x.getFirst(), shape);
            case TOTAL_OF_ROWS -> total(function, Function.SPREAD_TO_ROWS, x.getFirst(), shape);
            case TOTAL_OF_COLUMNS ->
                total(function, Function.SPREAD_TO_COLUMNS, x.getFirst(), shape);
            case OUTER, CONCAT, LARGEST, NORM, RUNNING, RUNNING_BACKWARDS -> opaque(head, x, shape);
          };
    };
  }

  Polynomial opaque(Head head, List<Polynomial> x, Shape shape) {
    return terms.of(new Atom(head, x.stream().map(terms::number).toList(), shape));
  }

  private Polynomial opaque(Function function, List<Polynomial> x, Shape shape) {
    return opaque(new Named(function), x, shape);
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
    return p.terms().size() == 1 ? p : opaque(Function.GROUP, List.of(p), p.shape());
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
                : opaque(Function.RECIPROCAL, List.of(terms.of(atom)), atom.shape());
        result = times(result, inverse, p.shape());
      }
      return result;
    }
    return logistic(p).orElseGet(() -> opaque(Function.RECIPROCAL, List.of(p), p.shape()));
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
    return opaque(Function.POWER, List.of(base, exponent), shape);
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
    return opaque(new Of(op), List.of(x), x.shape());
  }

  Polynomial max(Polynomial a, Polynomial b, Shape shape) {
    if (a.number().isPresent() && b.number().isPresent()) {
      return Polynomial.constant(Math.max(a.number().get(), b.number().get()), shape);
    }
    List<Polynomial> ordered = terms.number(a) <= terms.number(b) ? List.of(a, b) : List.of(b, a);
    return opaque(Function.MAX, ordered, shape);
  }

  Polynomial min(Polynomial a, Polynomial b, Shape shape) {
    return max(a.scaled(-1), b.scaled(-1), shape).scaled(-1);
  }

  Polynomial positive(Polynomial x) {
    return x.number().isPresent()
        ? Polynomial.constant(x.number().get() > 0 ? 1 : 0, x.shape())
        : opaque(Function.POSITIVE, List.of(x), x.shape());
  }

  Polynomial where(Polynomial condition, Polynomial then, Polynomial otherwise, Shape shape) {
    return condition
        .number()
        .map(c -> (c != 0 ? then : otherwise).withShape(shape))
        .orElseGet(() -> opaque(Function.WHERE, List.of(condition, then, otherwise), shape));
  }

  // ---- linear functions of whole vectors and matrices

  /// A monomial with its scalars taken out of it.
  private record Parts(double coefficient, List<Integer> scalars, Polynomial rest) {}

  private List<Parts> parts(Polynomial p) {
    List<Parts> parts = new ArrayList<>();
    p.terms()
        .forEach(
            (factors, c) -> {
              List<Integer> scalars = new ArrayList<>();
              List<Integer> rest = new ArrayList<>();
              for (int factor : factors) {
                boolean scalar =
                    terms.atom(factor).shape() instanceof Scalar && !(p.shape() instanceof Scalar);
                (scalar ? scalars : rest).add(factor);
              }
              parts.add(new Parts(c, scalars, Polynomial.monomial(rest, 1, p.shape())));
            });
    return parts;
  }

  Polynomial product(Polynomial a, Polynomial b, Shape shape) {
    if (a.terms().size() * b.terms().size() > LONGEST) {
      return opaque(Function.PRODUCT, List.of(a, b), shape);
    }
    Polynomial sum = new Polynomial(Map.of(), shape);
    for (Parts left : parts(a)) {
      for (Parts right : parts(b)) {
        Polynomial one = ofMonomials(left.rest, right.rest, shape);
        List<Integer> scalars = new ArrayList<>(left.scalars);
        scalars.addAll(right.scalars);
        double c = left.coefficient * right.coefficient;
        sum = sum.plus(times(Polynomial.monomial(scalars, c, shape), one, shape), shape);
      }
    }
    return sum;
  }

  private Polynomial ofMonomials(Polynomial a, Polynomial b, Shape shape) {
    Optional<Atom> left = a.atom().map(terms::atom);
    if (left.isPresent() && left.get().head() instanceof Named(Function function)) {
      List<Polynomial> inner = left.get().arguments().stream().map(terms::polynomial).toList();
      if (function == Function.PRODUCT) {
        Shape.Matrix second = (Shape.Matrix) inner.get(1).shape();
        Shape between =
            b.shape() instanceof Shape.Matrix(var _, var columns)
                ? Shape.matrix(second.rows(), columns)
                : Shape.vector(second.rows());
        return product(inner.get(0), product(inner.get(1), b, between), shape);
      }
      if (function == Function.OUTER && b.shape() instanceof Vector) {
        Polynomial dot = sum(times(inner.get(1), b, b.shape()));
        return times(inner.get(0), dot, shape);
      }
    }
    return opaque(Function.PRODUCT, List.of(a, b), shape);
  }

  Polynomial transpose(Polynomial p, Shape shape) {
    Polynomial sum = new Polynomial(Map.of(), shape);
    for (var term : p.terms().entrySet()) {
      Polynomial one = Polynomial.constant(term.getValue(), shape);
      for (int factor : term.getKey()) {
        Atom atom = terms.atom(factor);
        one = times(one, atom.shape() instanceof Scalar ? terms.of(atom) : turned(atom), shape);
      }
      sum = sum.plus(one, shape);
    }
    return sum;
  }

  private Polynomial turned(Atom atom) {
    Shape.Matrix matrix = (Shape.Matrix) atom.shape();
    Shape shape = Shape.matrix(matrix.columns(), matrix.rows());
    List<Polynomial> x = atom.arguments().stream().map(terms::polynomial).toList();
    if (atom.head() instanceof Named(Function function)) {
      if (function == Function.TRANSPOSE) {
        return x.getFirst();
      }
      if (function == Function.OUTER) {
        return opaque(Function.OUTER, List.of(x.get(1), x.get(0)), shape);
      }
      if (function == Function.PRODUCT) {
        return product(turned(x.get(1)), turned(x.get(0)), shape);
      }
    }
    return opaque(Function.TRANSPOSE, List.of(terms.of(atom)), shape);
  }

  private Polynomial turned(Polynomial p) {
    Shape.Matrix matrix = (Shape.Matrix) p.shape();
    return transpose(p, Shape.matrix(matrix.columns(), matrix.rows()));
  }

  /// Factor by factor: `spread(a ∘ b)` is `spread(a) ∘ spread(b)`.
  private Polynomial spread(Function function, Polynomial p, Shape shape) {
    Polynomial sum = new Polynomial(Map.of(), shape);
    for (var term : p.terms().entrySet()) {
      Polynomial one = Polynomial.constant(term.getValue(), shape);
      for (int factor : term.getKey()) {
        Polynomial atom = terms.of(terms.atom(factor));
        Polynomial wide =
            atom.shape() instanceof Scalar ? atom : opaque(function, List.of(atom), shape);
        one = times(one, wide, shape);
      }
      sum = sum.plus(one, shape);
    }
    return sum;
  }

  /// What is the same along a row is a factor of its sum.
  private Polynomial total(Function function, Function along, Polynomial p, Shape shape) {
    Polynomial sum = new Polynomial(Map.of(), shape);
    for (var term : p.terms().entrySet()) {
      Polynomial outside = Polynomial.constant(term.getValue(), shape);
      List<Integer> inside = new ArrayList<>();
      for (int factor : term.getKey()) {
        Atom atom = terms.atom(factor);
        if (atom.shape() instanceof Scalar) {
          outside = times(outside, terms.of(atom), shape);
        } else if (atom.head().equals(new Named(along))) {
          outside = times(outside, terms.polynomial(atom.arguments().getFirst()), shape);
        } else {
          inside.add(factor);
        }
      }
      Polynomial rest = Polynomial.monomial(inside, 1, p.shape());
      Polynomial one = opaque(function, List.of(rest), shape);
      sum = sum.plus(times(outside, one, shape), shape);
    }
    return sum;
  }

  Polynomial sum(Polynomial p) {
    if (p.shape() instanceof Scalar) {
      return p;
    }
    Polynomial sum = new Polynomial(Map.of(), Shape.SCALAR);
    for (Parts part : parts(p)) {
      Polynomial one =
          part.rest.number().isPresent() && p.shape() instanceof Vector(var length)
              ? terms.leaf(new Head.Length(length), Shape.SCALAR)
              : opaque(Function.SUM, List.of(part.rest), Shape.SCALAR);
      Polynomial factor = Polynomial.monomial(part.scalars, part.coefficient, Shape.SCALAR);
      sum = sum.plus(times(factor, one, Shape.SCALAR), Shape.SCALAR);
    }
    return sum;
  }
}
