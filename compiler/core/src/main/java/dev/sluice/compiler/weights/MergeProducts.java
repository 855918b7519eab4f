package dev.sluice.compiler.weights;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// Products of one vector in a sum → one product.
///
///     W h − Wᵀ h − γ h              →   (W − Wᵀ) h − γ h
///     α (M h + Mᵀ h) + β exp(M) h   →   (α M + α Mᵀ + β exp(M)) h
///
/// Two operations for each element of a weight are saved for each product that goes. What is
/// cheaper than a product stays apart: a diagonal, a product of thin matrices `A (B h)`. Not an
/// identity in floating point: other roundings.
final class MergeProducts {
  private MergeProducts() {}

  private sealed interface Term {
    /// The term as it was.
    Expr expr();
  }

  /// @param scale what the product is multiplied by, as a function of it
  private record Product(Expr weight, Expr vector, UnaryOperator<Expr> scale) implements Term {
    @Override
    public Expr expr() {
      return scale.apply(new MatMul(weight, vector));
    }

    Expr scaledWeight() {
      return scale.apply(weight);
    }
  }

  private record Other(Expr expr) implements Term {}

  static Expr apply(Expr e) {
    if (!isSum(e)) {
      return Operands.map(e, MergeProducts::apply);
    }
    Expr inner = insideTerms(e);
    List<Term> terms = new ArrayList<>();
    collect(inner, UnaryOperator.identity(), terms);
    SequencedMap<Expr, List<Product>> products = new LinkedHashMap<>();
    for (Term term : terms) {
      if (term instanceof Product p) {
        products.computeIfAbsent(p.vector(), _ -> new ArrayList<>()).add(p);
      }
    }
    if (products.values().stream().allMatch(same -> same.size() == 1)) {
      return inner;
    }
    List<Expr> merged = new ArrayList<>();
    products.forEach((vector, same) -> merged.add(merged(vector, same)));
    terms.stream().filter(Other.class::isInstance).forEach(other -> merged.add(other.expr()));
    return merged.size() == 1 ? merged.getFirst() : new Sum(merged);
  }

  /// Merges inside of terms, and of sums that are scaled; these stay so unless more can be merged.
  private static Expr insideTerms(Expr e) {
    return Operands.map(e, x -> isSum(x) ? insideTerms(x) : apply(x));
  }

  private static boolean isSum(Expr e) {
    return e.shape() instanceof Vector
        && (e instanceof Sum
            || e instanceof Binary(BinaryOp op, Expr _, Expr _)
                && (op == BinaryOp.ADD || op == BinaryOp.SUBTRACT));
  }

  private static Expr merged(Expr vector, List<Product> same) {
    return same.size() == 1
        ? same.getFirst().expr()
        : new MatMul(sum(same.stream().map(Product::scaledWeight).toList()), vector);
  }

  private static Expr sum(List<Expr> terms) {
    return terms.size() == 2
            && terms.get(1) instanceof Unary(UnaryOp op, Expr x)
            && op == UnaryOp.NEGATE
        ? new Binary(BinaryOp.SUBTRACT, terms.getFirst(), x)
        : new Sum(terms);
  }

  private static boolean isLinear(Expr e) {
    return e.shape() instanceof Vector
        && switch (e) {
          case Sum _ -> true;
          case Unary(UnaryOp op, Expr _) -> op == UnaryOp.NEGATE;
          case Binary(BinaryOp op, Expr a, Expr b) ->
              switch (op) {
                case ADD, SUBTRACT -> true;
                case MULTIPLY -> isFactor(a) || isFactor(b);
                case DIVIDE -> isFactor(b);
                case MAX, MIN, POWER, GREATER -> false;
              };
          default -> false;
        };
  }

  /// Whether a product with a weight takes two operations for each of its elements.
  private static boolean isOneProduct(Expr weight) {
    return Timeless.is(weight) && Timeless.isElementwise(weight) && !(weight instanceof Expr.Outer);
  }

  private static boolean isFactor(Expr e) {
    return e.shape() instanceof Scalar && Timeless.is(e);
  }

  private static void collect(Expr e, UnaryOperator<Expr> scale, List<Term> terms) {
    if (e instanceof MatMul(Expr weight, Expr x) && x.shape() instanceof Vector) {
      Expr matrix = Timeless.is(weight) ? Timeless.transposesInside(weight) : weight;
      terms.add(isOneProduct(matrix) ? new Product(matrix, x, scale) : new Other(scale.apply(e)));
    } else if (!isLinear(e)) {
      terms.add(new Other(scale.apply(e)));
    } else {
      switch (e) {
        case Sum(List<Expr> all) -> all.forEach(x -> collect(x, scale, terms));
        case Unary(UnaryOp op, Expr x) -> collect(x, y -> scale.apply(new Unary(op, y)), terms);
        case Binary(BinaryOp op, Expr a, Expr b) -> collect(op, a, b, scale, terms);
        default -> throw new IllegalStateException("not linear: " + e);
      }
    }
  }

  private static void collect(
      BinaryOp op, Expr a, Expr b, UnaryOperator<Expr> scale, List<Term> terms) {
    switch (op) {
      case ADD, SUBTRACT -> {
        collect(a, scale, terms);
        collect(
            b, op == BinaryOp.ADD ? scale : y -> scale.apply(new Unary(UnaryOp.NEGATE, y)), terms);
      }
      case MULTIPLY -> {
        Expr factor = isFactor(a) ? a : b;
        collect(isFactor(a) ? b : a, y -> scale.apply(new Binary(op, factor, y)), terms);
      }
      case DIVIDE -> collect(a, y -> scale.apply(new Binary(op, y, b)), terms);
      case MAX, MIN, POWER, GREATER -> throw new IllegalStateException("not linear: " + op);
    }
  }
}
