package dev.sluice.compiler.ir;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The equations of a [RandomCells] cell as somebody might have written them: its trees as syntax
/// trees, with operations chosen among the spellings that mean the same.
public final class RandomSource {
  private static final Span SPAN = new Span(0, 0);

  private static final int LONG = 600;

  private final Random random;
  private final Cell cell;
  private final List<Ast.Statement> parts = new ArrayList<>();
  private int named = 0;

  public RandomSource(long seed) {
    this.random = new Random(seed);
    this.cell = RandomCells.cell(seed);
  }

  public Ast.File file() {
    List<Ast.Statement> statements = new ArrayList<>();
    for (Cell.State s : cell.states()) {
      if (s.initial() != 0) {
        statements.add(
            new Ast.StateDeclaration(name(s.symbol()), Optional.of(number(s.initial())), SPAN));
      }
    }
    for (Equation e : cell.equations()) {
      Ast.Name left = new Ast.Name(e.target(), Optional.of(0), SPAN);
      Ast.Expression right = of(e.value());
      statements.addAll(parts);
      parts.clear();
      statements.add(new Ast.Equation(left, right, SPAN));
    }
    return new Ast.File(statements, SPAN);
  }

  /// What gets long has an equation of its own, for an equation has at most 2,000 symbols.
  private Ast.Expression of(Expr e) {
    Ast.Expression tree = tree(e);
    if (AstNotation.expression(tree).length() <= LONG) {
      return tree;
    }
    Ast.Name part = new Ast.Name(Symbol.of("part" + ++named), Optional.of(0), SPAN);
    parts.add(new Ast.Equation(part, tree, SPAN));
    return part;
  }

  private Ast.Expression tree(Expr e) {
    return switch (e) {
      case Expr.Literal(double value) ->
          value < 0 ? new Ast.Negation(number(-value), SPAN) : number(value);
      case Expr.Constant(Symbol symbol, double _) -> name(symbol);
      case Expr.StepNumber() -> name(Symbol.of("t"));
      // A label that starts with a digit ends there.
      case Expr.Length(Dim of) -> name(Symbol.of("l_" + of.toString().replaceAll("[^a-z]", "x")));
      case Expr.Parameter(Symbol symbol, Shape _) -> name(symbol);
      case Expr.Value(Symbol symbol, int delay, Shape _) ->
          new Ast.Name(symbol, Optional.of(delay), SPAN);
      case Expr.Unary(Expr.UnaryOp op, Expr x) ->
          switch (op) {
            case NEGATE -> new Ast.Negation(of(x), SPAN);
            case DETACH, STEP -> of(x); // no function of the language
            default -> call(op.name().toLowerCase(java.util.Locale.ROOT), of(x));
          };
      case Expr.Binary(Expr.BinaryOp op, Expr a, Expr b) -> binary(op, a, b);
      case Expr.Select(Expr c, Expr a, Expr b) -> call("where", of(c), of(a), of(b));
      case Expr.Sum(List<Expr> terms) ->
          terms.stream()
              .map(this::of)
              .reduce((a, b) -> operation(Ast.Operator.ADD, a, b))
              .orElseThrow();
      case Expr.MatMul(Expr a, Expr b) -> product(of(a), of(b));
      case Expr.Transpose(Expr x) -> new Ast.Transposition(of(x), SPAN);
      case Expr.Outer(Expr a, Expr b) -> product(of(a), new Ast.Transposition(of(b), SPAN));
      // [w] is w.
      case Expr.Concat(List<Expr> parts) when parts.size() == 1 -> of(parts.getFirst());
      case Expr.Concat(List<Expr> parts) ->
          new Ast.Concatenation(parts.stream().map(this::of).toList(), SPAN);
      case Expr.Slice(Expr x, Expr.Axis _, Dim _, Dim _) -> of(x);
      case Expr.Reduce(Expr.ReduceOp op, Expr x) ->
          call(op.name().toLowerCase(java.util.Locale.ROOT), of(x));
      case Expr.Running(boolean _, Expr x) -> call("cumsum", of(x));
      case Expr.Spread(Expr x, Expr.Axis _, Dim _) -> call("diag", of(x));
      case Expr.Total(Expr.Axis _, Expr x) -> product(of(x), number(1));
    };
  }

  private Ast.Expression binary(Expr.BinaryOp op, Expr a, Expr b) {
    Ast.Expression left = of(a);
    Ast.Expression right = of(b);
    return switch (op) {
      case ADD -> operation(Ast.Operator.ADD, left, right);
      case SUBTRACT -> operation(Ast.Operator.SUBTRACT, left, right);
      case MULTIPLY ->
          operation(
              random.nextBoolean() ? Ast.Operator.ELEMENTWISE : Ast.Operator.DOT, left, right);
      case DIVIDE -> operation(Ast.Operator.DIVIDE, left, right);
      case MAX -> call("max", left, right);
      case MIN -> call("min", left, right);
      case POWER -> new Ast.Power(left, right, SPAN);
      case GREATER ->
          operation(
              random.nextBoolean() ? Ast.Operator.GREATER : Ast.Operator.LESS_OR_EQUAL,
              left,
              right);
    };
  }

  /// Side by side where the parser reads it so; a name without a time before a bracket is an
  /// application.
  private static Ast.Expression product(Ast.Expression a, Ast.Expression b) {
    if (a instanceof Ast.Name(_, var delay, _) && delay.isEmpty() && bracketed(b)) {
      return new Ast.Apply(a, List.of(b), SPAN);
    }
    List<Ast.Expression> factors = new ArrayList<>();
    // A product as the first factor is in brackets, which it needs a sign for.
    factors.add(a instanceof Ast.Juxtaposition ? operation(Ast.Operator.DOT, a, number(1)) : a);
    if (b instanceof Ast.Juxtaposition j) {
      factors.addAll(j.factors());
    } else {
      factors.add(b);
    }
    return new Ast.Juxtaposition(factors, SPAN);
  }

  private static boolean bracketed(Ast.Expression e) {
    return e instanceof Ast.Operation || e instanceof Ast.Negation;
  }

  private static Ast.Expression operation(Ast.Operator op, Ast.Expression a, Ast.Expression b) {
    return new Ast.Operation(op, a, b, SPAN);
  }

  private static Ast.Expression call(String function, Ast.Expression... arguments) {
    return new Ast.Apply(name(Symbol.of(function)), List.of(arguments), SPAN);
  }

  private static Ast.Name name(Symbol symbol) {
    return new Ast.Name(symbol, Optional.empty(), SPAN);
  }

  private static Ast.Number number(double value) {
    return new Ast.Number(value, SPAN);
  }
}
