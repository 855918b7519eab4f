package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Elementwise;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.same.Head.Function;
import dev.sluice.compiler.same.Head.Named;
import dev.sluice.compiler.same.Head.Of;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Between which numbers the elements of a polynomial stay, for any weights, inputs and states.
/// What is not known to be bounded reaches from −∞ to ∞.
final class Ranges {
  private static final Range ALL = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  private final Terms terms;
  private final Map<Integer, Range> known = new HashMap<>();

  Ranges(Terms terms) {
    this.terms = terms;
  }

  /// The largest number that is never above the values, and the smallest that is never below.
  record Range(double least, double most) {
    Range plus(Range other) {
      return new Range(least + other.least, most + other.most);
    }

    /// Of factors that don't depend on each other.
    Range times(Range other) {
      double[] ends = {
        product(least, other.least),
        product(least, other.most),
        product(most, other.least),
        product(most, other.most)
      };
      return new Range(
          Math.min(Math.min(ends[0], ends[1]), Math.min(ends[2], ends[3])),
          Math.max(Math.max(ends[0], ends[1]), Math.max(ends[2], ends[3])));
    }

    private static double product(double a, double b) {
      return a == 0 || b == 0 ? 0 : a * b;
    }

    boolean touches(double end) {
      return least == end || most == end;
    }
  }

  Range of(Polynomial p) {
    Range range = known.get(terms.number(p));
    return range == null ? computed(p) : range;
  }

  private Range computed(Polynomial p) {
    Range sum = new Range(0, 0);
    for (var term : p.terms().entrySet()) {
      Range product = new Range(term.getValue(), term.getValue());
      for (int factor : term.getKey()) {
        product = product.times(of(terms.atom(factor)));
      }
      sum = sum.plus(product);
    }
    boolean belowLarger = p.terms().keySet().stream().anyMatch(f -> isMinusLarger(p, f));
    Range range = belowLarger ? new Range(sum.least, Math.min(0, sum.most)) : sum;
    known.put(terms.number(p), range);
    return range;
  }

  /// `a − max(a, b)`
  private boolean isMinusLarger(Polynomial p, List<Integer> term) {
    return term.size() == 1
        && p.terms().getOrDefault(term, 0.0) == -1
        && isLarger(terms.atom(term.getFirst()))
        && terms.atom(term.getFirst()).arguments().contains(withoutLarger(p, term.getFirst()));
  }

  static boolean isLarger(Atom atom) {
    return atom.head() instanceof Named(Function function) && function == Function.MAX;
  }

  /// The number of `a` where a polynomial is `a − m`.
  int withoutLarger(Polynomial p, int m) {
    return terms.number(p.plus(terms.of(terms.atom(m)), p.shape()));
  }

  private Range of(Atom atom) {
    List<Range> x = atom.arguments().stream().map(a -> of(terms.polynomial(a))).toList();
    return switch (atom.head()) {
      case Of(UnaryOp op) -> unary(op, x.getFirst());
      case Named(Function function) ->
          switch (function) {
            case GROUP, TRANSPOSE, LARGEST, SPREAD_TO_ROWS, SPREAD_TO_COLUMNS -> x.getFirst();
            case MAX ->
                new Range(
                    Math.max(x.get(0).least, x.get(1).least),
                    Math.max(x.get(0).most, x.get(1).most));
            case RECIPROCAL ->
                x.getFirst().least >= 0
                    ? new Range(1 / x.getFirst().most, 1 / x.getFirst().least)
                    : ALL;
            case POWER -> power(x.get(0), x.get(1));
            case WHERE ->
                new Range(
                    Math.min(x.get(1).least, x.get(2).least),
                    Math.max(x.get(1).most, x.get(2).most));
            case POSITIVE -> new Range(0, 1);
            case NORM -> new Range(0, Double.POSITIVE_INFINITY);
            case SUM -> x.getFirst().least >= 0 ? new Range(0, Double.POSITIVE_INFINITY) : ALL;
            case PRODUCT, CONCAT, RUNNING, RUNNING_BACKWARDS -> ALL;
          };
      case Head.StepNumber _, Head.Length _ -> new Range(1, Double.POSITIVE_INFINITY);
      case Head.Weight _, Head.Input _, Head.State _, Head.Slice _ -> ALL;
    };
  }

  private static Range unary(UnaryOp op, Range x) {
    return switch (op) {
      case SIGMOID, TANH, RELU, EXP, SOFTPLUS, ERF, SIGN, STEP, FLOOR, DETACH ->
          new Range(Elementwise.apply(op, x.least), Elementwise.apply(op, x.most));
      case LOG, SQRT ->
          new Range(
              Elementwise.apply(op, Math.max(0, x.least)),
              Elementwise.apply(op, Math.max(0, x.most)));
      case NEGATE -> new Range(-x.most, -x.least);
      case ABS ->
          new Range(
              x.least <= 0 && x.most >= 0 ? 0 : Math.min(Math.abs(x.least), Math.abs(x.most)),
              Math.max(Math.abs(x.least), Math.abs(x.most)));
      case SIN, COS -> new Range(-1, 1);
    };
  }

  /// Of what is not negative, to a positive number.
  private static Range power(Range base, Range exponent) {
    return base.least >= 0 && exponent.least == exponent.most && exponent.least > 0
        ? new Range(Math.pow(base.least, exponent.least), Math.pow(base.most, exponent.least))
        : ALL;
  }
}
