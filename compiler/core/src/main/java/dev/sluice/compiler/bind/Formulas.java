package dev.sluice.compiler.bind;

import dev.sluice.compiler.bind.Term.Addend;
import dev.sluice.compiler.bind.Term.WholeOp;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Functions of the language that are formulas of others: `silu(x) = x σ(x)`. Arguments are made
/// anew at each use, so that the size of what is put in can be counted.
///
/// @param at the call, for messages
record Formulas(Ast.Expression at) {
  /// The formula of a function.
  @FunctionalInterface
  interface Body {
    /// @param x its arguments; at least as many as it needs
    Term of(Formulas f, List<Supplier<Term>> x);
  }

  /// Where its condition is a number already, only one of its cases is looked at.
  static final Function.Formula WHERE =
      new Function.Formula(3, 3, List.of(), (f, x) -> f.choice(a(x), b(x), c(x)));

  /// By name; what follows the first argument may be left out where a number is given here.
  static final Map<String, Function.Formula> TABLE =
      Map.ofEntries(
          Map.entry("where", WHERE),
          entry("diag", 1, List.of(), (f, x) -> new Term.Diagonal(a(x), f.at())),
          entry("silu", 1, List.of(), (f, x) -> f.times(a(x), f.map(UnaryOp.SIGMOID, a(x)))),
          entry("mish", 1, List.of(), Formulas::mish),
          entry("softsign", 1, List.of(), Formulas::softsign),
          entry("gelu", 1, List.of(), Formulas::gelu),
          entry("elu", 2, List.of(1.0), Formulas::elu),
          entry("leaky_relu", 2, List.of(0.01), Formulas::leakyRelu),
          entry("thresholded_relu", 2, List.of(1.0), Formulas::thresholdedRelu),
          entry("hard_sigmoid", 3, List.of(0.2, 0.5), Formulas::hardSigmoid),
          entry("hard_tanh", 1, List.of(), (f, x) -> f.clip(a(x), f.number(-1), f.number(1))),
          entry("clip", 3, List.of(), (f, x) -> f.clip(a(x), b(x), c(x))),
          Map.entry("layernorm", new Function.Formula(1, 3, List.of(), Formulas::layerNorm)));

  private static Map.Entry<String, Function.Formula> entry(
      String name, int most, List<Double> usual, Body body) {
    return Map.entry(name, new Function.Formula(most - usual.size(), most, usual, body));
  }

  private static Term a(List<Supplier<Term>> x) {
    return x.get(0).get();
  }

  private static Term b(List<Supplier<Term>> x) {
    return x.get(1).get();
  }

  private static Term c(List<Supplier<Term>> x) {
    return x.get(2).get();
  }

  // ---- formulas

  private Term mish(List<Supplier<Term>> x) {
    return times(a(x), map(UnaryOp.TANH, map(UnaryOp.SOFTPLUS, a(x))));
  }

  private Term softsign(List<Supplier<Term>> x) {
    return zip(BinaryOp.DIVIDE, a(x), plus(number(1), map(UnaryOp.ABS, a(x))));
  }

  /// `x Φ(x)`, Φ the normal distribution.
  private Term gelu(List<Supplier<Term>> x) {
    Term erf = map(UnaryOp.ERF, times(number(Math.sqrt(0.5)), a(x)));
    return times(number(0.5), times(a(x), plus(number(1), erf)));
  }

  /// `x` above 0, `α (e^x - 1)` below; written so that no exponential of a large x is taken.
  private Term elu(List<Supplier<Term>> x) {
    Term e = map(UnaryOp.EXP, zip(BinaryOp.MIN, a(x), number(0)));
    return plus(map(UnaryOp.RELU, a(x)), times(b(x), minus(e, number(1))));
  }

  private Term leakyRelu(List<Supplier<Term>> x) {
    return plus(map(UnaryOp.RELU, a(x)), times(b(x), zip(BinaryOp.MIN, a(x), number(0))));
  }

  private Term thresholdedRelu(List<Supplier<Term>> x) {
    return choice(zip(BinaryOp.GREATER, a(x), b(x)), a(x), number(0));
  }

  /// `clip(α x + β, 0, 1)`
  private Term hardSigmoid(List<Supplier<Term>> x) {
    return clip(plus(times(b(x), a(x)), c(x)), number(0), number(1));
  }

  /// `γ ∘ (x - mean(x)) / √(variance + ε) + β`
  private Term layerNorm(List<Supplier<Term>> x) {
    List<Term> affine = x.subList(1, x.size()).stream().map(Supplier::get).toList();
    return new Term.Whole(WholeOp.LAYERNORM, a(x), affine, at);
  }

  private static boolean isNumber(Term term, double value) {
    return term instanceof Term.Number n && n.value() == value;
  }

  /// `a - b floor(a / b)`: as large as b at most, with the sign of b.
  static Term modulo(Supplier<Term> a, Supplier<Term> b, Ast.Expression at) {
    Formulas f = new Formulas(at);
    Term quotient = f.map(UnaryOp.FLOOR, f.zip(BinaryOp.DIVIDE, a.get(), b.get()));
    return f.minus(a.get(), f.times(b.get(), quotient));
  }

  /// 1 where it holds, else 0.
  static Term comparison(
      Ast.Operator operator, Supplier<Term> a, Supplier<Term> b, Ast.Expression at) {
    Formulas f = new Formulas(at);
    return switch (operator) {
      case GREATER -> f.zip(BinaryOp.GREATER, a.get(), b.get());
      case LESS -> f.zip(BinaryOp.GREATER, b.get(), a.get());
      case LESS_OR_EQUAL -> f.not(f.zip(BinaryOp.GREATER, a.get(), b.get()));
      case GREATER_OR_EQUAL -> f.not(f.zip(BinaryOp.GREATER, b.get(), a.get()));
      case EQUAL ->
          f.times(
              f.not(f.zip(BinaryOp.GREATER, a.get(), b.get())),
              f.not(f.zip(BinaryOp.GREATER, b.get(), a.get())));
      case ADD, SUBTRACT, ELEMENTWISE, DOT, MATRIX, OUTER, DIVIDE, MODULO ->
          throw new IllegalStateException("no comparison: " + operator);
    };
  }

  // ---- pieces

  Term number(double value) {
    return new Term.Number(value, at);
  }

  private Term map(UnaryOp op, Term x) {
    return new Term.Map(op, x, at);
  }

  private Term zip(BinaryOp op, Term a, Term b) {
    return new Term.Zip(op, a, b, at);
  }

  private Term choice(Term condition, Term then, Term otherwise) {
    return new Term.Choice(condition, then, otherwise, at);
  }

  private Term clip(Term x, Term least, Term most) {
    return zip(BinaryOp.MIN, zip(BinaryOp.MAX, x, least), most);
  }

  private Term times(Term a, Term b) {
    return isNumber(a, 1) ? b : new Term.Product(Term.Sign.NONE, List.of(a, b), at);
  }

  private Term plus(Term a, Term b) {
    return new Term.Sum(List.of(new Addend(false, a), new Addend(false, b)), at);
  }

  private Term minus(Term a, Term b) {
    return new Term.Sum(List.of(new Addend(false, a), new Addend(true, b)), at);
  }

  private Term not(Term condition) {
    return minus(number(1), condition);
  }
}
