package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Of;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Linear functions of whole vectors and matrices in normal form.
///
///     (a 𝟙ᵀ ∘ M ∘ 𝟙 bᵀ) x → a ∘ (M (b ∘ x))     𝟙 𝟙ᵀ x → (𝟙ᵀ x) 𝟙     (A B) x → A (B x)
///     M (a 𝟙ᵀ ∘ N ∘ 𝟙 bᵀ) → (M (a 𝟙ᵀ ∘ N)) ∘ 𝟙 bᵀ     (A B)ᵀ → Bᵀ Aᵀ     f(M)ᵀ → f(Mᵀ)
///
/// An outer product is `a 𝟙ᵀ ∘ 𝟙 bᵀ`, the sum of each row of a matrix its product with 𝟙.
final class Products {
  /// Longest sum that is multiplied out.
  private static final int LONGEST = 96;

  private final Terms terms;
  private final Algebra algebra;
  private final Spreads spreads;

  Products(Terms terms, Algebra algebra, Spreads spreads) {
    this.terms = terms;
    this.algebra = algebra;
    this.spreads = spreads;
  }

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

  /// A monomial `a 𝟙ᵀ ∘ M ∘ 𝟙 bᵀ`.
  ///
  /// @param rest M
  private record Faces(Polynomial a, Polynomial rest, Polynomial b) {}

  private Faces faces(Polynomial monomial) {
    Matrix shape = (Matrix) monomial.shape();
    Polynomial a = ones(shape.rows());
    Polynomial b = ones(shape.columns());
    List<Integer> rest = new ArrayList<>();
    for (int factor : monomial.terms().keySet().iterator().next()) {
      Atom atom = terms.atom(factor);
      if (is(atom, Function.SPREAD_TO_ROWS)) {
        a = algebra.times(a, argument(atom), a.shape());
      } else if (is(atom, Function.SPREAD_TO_COLUMNS)) {
        b = algebra.times(b, argument(atom), b.shape());
      } else {
        rest.add(factor);
      }
    }
    return new Faces(a, Polynomial.monomial(rest, 1, shape), b);
  }

  private static boolean is(Atom atom, Function function) {
    return atom.head() instanceof Named(Function own) && own == function;
  }

  private Polynomial argument(Atom atom) {
    return terms.polynomial(atom.arguments().getFirst());
  }

  private static Polynomial ones(Dim length) {
    return Polynomial.constant(1, Shape.vector(length));
  }

  private static Polynomial zero(Shape shape) {
    return new Polynomial(Map.of(), shape);
  }

  private static boolean isOne(Polynomial monomial) {
    return monomial.terms().containsKey(List.<Integer>of());
  }

  // ---- products

  /// Matrix times vector, or times matrix.
  Polynomial product(Polynomial a, Polynomial b, Shape shape) {
    if (a.terms().size() * b.terms().size() > LONGEST) {
      return algebra.opaque(new Named(Function.PRODUCT), List.of(a, b), shape);
    }
    Polynomial sum = zero(shape);
    for (Parts left : parts(a)) {
      for (Parts right : parts(b)) {
        Polynomial one =
            shape instanceof Matrix
                ? ofMatrices(left.rest, right.rest, shape)
                : ofVector(left.rest, right.rest, shape);
        List<Integer> scalars = new ArrayList<>(left.scalars);
        scalars.addAll(right.scalars);
        double c = left.coefficient * right.coefficient;
        sum = sum.plus(algebra.times(Polynomial.monomial(scalars, c, shape), one, shape), shape);
      }
    }
    return sum;
  }

  private Polynomial ofVector(Polynomial matrix, Polynomial vector, Shape shape) {
    Faces faces = faces(matrix);
    Polynomial x = algebra.times(faces.b, vector, vector.shape());
    if (isOne(faces.rest)) {
      return algebra.times(faces.a, sum(x), shape);
    }
    return algebra.times(faces.a, plain(faces.rest, x, shape), shape);
  }

  private Polynomial ofMatrices(Polynomial left, Polynomial right, Shape shape) {
    Faces first = faces(left);
    Faces second = faces(right);
    Polynomial between = algebra.times(first.b, second.a, first.b.shape());
    Polynomial inner;
    if (isOne(second.rest)) {
      Polynomial column = ofVector(first.rest, between, first.a.shape());
      inner = spreads.spread(Function.SPREAD_TO_ROWS, column, shape);
    } else if (isOne(first.rest)) {
      Polynomial row = product(transpose(second.rest), between, second.b.shape());
      inner = spreads.spread(Function.SPREAD_TO_COLUMNS, row, shape);
    } else {
      Polynomial wide = spreads.spread(Function.SPREAD_TO_ROWS, between, right.shape());
      inner = plain(first.rest, algebra.times(wide, second.rest, right.shape()), shape);
    }
    Polynomial rows = spreads.spread(Function.SPREAD_TO_ROWS, first.a, shape);
    Polynomial columns = spreads.spread(Function.SPREAD_TO_COLUMNS, second.b, shape);
    return algebra.times(algebra.times(rows, inner, shape), columns, shape);
  }

  /// Of monomials that have nothing to give to the outside; a product that is on the left itself
  /// moves to the right.
  private Polynomial plain(Polynomial a, Polynomial b, Shape shape) {
    Optional<Atom> left = a.atom().map(terms::atom).filter(x -> is(x, Function.PRODUCT));
    if (left.isEmpty()) {
      return algebra.opaque(new Named(Function.PRODUCT), List.of(a, b), shape);
    }
    Polynomial first = terms.polynomial(left.get().arguments().get(0));
    Polynomial second = terms.polynomial(left.get().arguments().get(1));
    Dim rows = ((Matrix) second.shape()).rows();
    Shape between =
        b.shape() instanceof Matrix(var _, var columns)
            ? Shape.matrix(rows, columns)
            : Shape.vector(rows);
    return product(first, product(second, b, between), shape);
  }

  // ---- transposes

  Polynomial transpose(Polynomial p) {
    Matrix matrix = (Matrix) p.shape();
    Shape shape = Shape.matrix(matrix.columns(), matrix.rows());
    Polynomial sum = zero(shape);
    for (var term : p.terms().entrySet()) {
      Polynomial one = Polynomial.constant(term.getValue(), shape);
      for (int factor : term.getKey()) {
        Atom atom = terms.atom(factor);
        Polynomial turned = atom.shape() instanceof Scalar ? terms.of(atom) : turned(atom, shape);
        one = algebra.times(one, turned, shape);
      }
      sum = sum.plus(one, shape);
    }
    return sum;
  }

  private Polynomial turned(Atom atom, Shape shape) {
    List<Polynomial> x = atom.arguments().stream().map(terms::polynomial).toList();
    if (isElementwise(atom.head())) {
      List<Polynomial> turned =
          x.stream().map(y -> y.shape() instanceof Matrix ? transpose(y) : y).toList();
      return algebra.apply(atom.head(), turned, shape);
    }
    if (atom.head() instanceof Named(Function function)) {
      switch (function) {
        case TRANSPOSE -> {
          return x.getFirst();
        }
        case SPREAD_TO_ROWS -> {
          return spreads.spread(Function.SPREAD_TO_COLUMNS, x.getFirst(), shape);
        }
        case SPREAD_TO_COLUMNS -> {
          return spreads.spread(Function.SPREAD_TO_ROWS, x.getFirst(), shape);
        }
        case PRODUCT -> {
          return product(transpose(x.get(1)), transpose(x.get(0)), shape);
        }
        default -> {}
      }
    }
    return algebra.opaque(new Named(Function.TRANSPOSE), List.of(terms.of(atom)), shape);
  }

  private static boolean isElementwise(Head head) {
    return switch (head) {
      case Of _ -> true;
      case Named(Function function) ->
          switch (function) {
            case GROUP, RECIPROCAL, POWER, MAX, WHERE, POSITIVE -> true;
            case PRODUCT,
                TRANSPOSE,
                CONCAT,
                SUM,
                LARGEST,
                NORM,
                RUNNING,
                RUNNING_BACKWARDS,
                SPREAD_TO_ROWS,
                SPREAD_TO_COLUMNS ->
                false;
          };
      case Head.Weight _, Head.Input _, Head.State _, Head.StepNumber _ -> false;
      case Head.Length _, Head.Slice _ -> false;
    };
  }

  // ---- sums

  /// Of a vector.
  Polynomial sum(Polynomial p) {
    if (p.shape() instanceof Scalar) {
      return p;
    }
    Polynomial sum = zero(Shape.SCALAR);
    for (Parts part : parts(p)) {
      Polynomial one =
          part.rest.number().isPresent() && p.shape() instanceof Vector(Dim length)
              ? length(length)
              : turnedAround(part.rest)
                  .map(this::sum)
                  .orElseGet(
                      () ->
                          algebra.opaque(
                              new Named(Function.SUM), List.of(part.rest), Shape.SCALAR));
      Polynomial factor = Polynomial.monomial(part.scalars, part.coefficient, Shape.SCALAR);
      sum = sum.plus(algebra.times(factor, one, Shape.SCALAR), Shape.SCALAR);
    }
    return sum;
  }

  private Polynomial length(Dim length) {
    return length.terms().isEmpty()
        ? Polynomial.constant(length.constant(), Shape.SCALAR)
        : terms.leaf(new Head.Length(length), Shape.SCALAR);
  }

  /// `𝟙ᵀ (a ∘ Mᵀ b)` → `𝟙ᵀ (b ∘ M a)`
  private Optional<Polynomial> turnedAround(Polynomial monomial) {
    List<Integer> factors = monomial.terms().keySet().iterator().next();
    List<Integer> transposed = factors.stream().filter(this::isOfTransposed).toList();
    if (transposed.size() != 1) {
      return Optional.empty();
    }
    Atom product = terms.atom(transposed.getFirst());
    List<Integer> rest = new ArrayList<>(factors);
    rest.remove(transposed.getFirst());
    Polynomial a = Polynomial.monomial(rest, 1, monomial.shape());
    Polynomial matrix = transpose(argument(product));
    Polynomial b = terms.polynomial(product.arguments().getLast());
    Polynomial turned = product(matrix, a, Shape.vector(((Matrix) matrix.shape()).rows()));
    return Optional.of(algebra.times(b, turned, b.shape()));
  }

  private boolean isOfTransposed(int factor) {
    Atom atom = terms.atom(factor);
    return is(atom, Function.PRODUCT)
        && argument(atom).atom().filter(m -> is(terms.atom(m), Function.TRANSPOSE)).isPresent();
  }
}
