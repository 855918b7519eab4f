package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Elementwise;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts numbers into an expression for people to read: `1 ∘ c_{t-1} + 0 ∘ g_t` is `c_{t-1}`. A
/// number may stand for a vector of such, so the result is for printing only.
final class Simplify {
  private static final Literal ZERO = new Literal(0);

  private final Map<Symbol, Double> numbers = new HashMap<>();

  void put(Symbol symbol, double value) {
    numbers.put(symbol, value);
  }

  Expr of(Expr e) {
    if (e instanceof Value(Symbol symbol, int delay, var _)
        && delay == 0
        && numbers.get(symbol) instanceof Double number) {
      return new Literal(number);
    }
    switch (e) {
      case Expr.MatMul(Expr a, Expr b) -> {
        return product(e, of(a), of(b));
      }
      case Expr.Outer(Expr a, Expr b) -> {
        return outer(of(a), of(b), (Shape.Matrix) e.shape());
      }
      case Expr.Spread(Expr x, var _, var _) when of(x) instanceof Literal number -> {
        return number;
      }
      case Expr.Transpose(Expr x) when of(x) instanceof Literal number -> {
        return number;
      }
      case Expr.Total(var _, Expr x) when isZero(of(x)) -> {
        return ZERO;
      }
      default -> {}
    }
    if (Operands.of(e).stream().anyMatch(o -> needsVector(e) && of(o) instanceof Literal)) {
      return e;
    }
    Expr inner = Operands.map(e, this::of);
    return switch (inner) {
      case Unary(var op, Literal(double x)) -> number(Elementwise.apply(op, x), inner);
      case Binary(var op, Literal(double a), Literal(double b)) ->
          number(Elementwise.apply(op, a, b), inner);
      case Binary(var op, Expr a, Expr b) -> binary(op, a, b, inner);
      case Sum(List<Expr> terms) -> sum(terms);
      default -> inner;
    };
  }

  private static Expr product(Expr e, Expr a, Expr b) {
    if (isZero(a) || isZero(b)) {
      return ZERO;
    }
    return a instanceof Literal || b instanceof Literal ? e : new Expr.MatMul(a, b);
  }

  /// `a bᵀ`, `a 1ᵀ` and `1 bᵀ`
  private static Expr outer(Expr a, Expr b, Shape.Matrix shape) {
    if (a instanceof Literal(double x) && b instanceof Literal(double y)) {
      return new Literal(x * y);
    }
    if (b instanceof Literal(double y)) {
      return scaled(y, new Expr.Spread(a, Expr.Axis.ROWS, shape.columns()));
    }
    return a instanceof Literal(double x)
        ? scaled(x, new Expr.Spread(b, Expr.Axis.COLUMNS, shape.rows()))
        : new Expr.Outer(a, b);
  }

  private static Expr scaled(double by, Expr matrix) {
    return by == 0
        ? ZERO
        : by == 1 ? matrix : new Binary(BinaryOp.MULTIPLY, new Literal(by), matrix);
  }

  private static boolean isZero(Expr e) {
    return e instanceof Literal(double x) && x == 0;
  }

  /// Whether an operand must be a vector or matrix for the node to be built.
  private static boolean needsVector(Expr e) {
    return switch (e) {
      case Expr.Transpose _, Expr.Outer _, Expr.Concat _, Expr.Slice _ -> true;
      case Expr.Running _, Expr.Spread _, Expr.Total _ -> true;
      default -> false;
    };
  }

  private static Expr binary(BinaryOp op, Expr a, Expr b, Expr e) {
    boolean zeroA = a instanceof Literal(double x) && x == 0;
    boolean zeroB = b instanceof Literal(double x) && x == 0;
    boolean oneA = a instanceof Literal(double x) && x == 1;
    boolean oneB = b instanceof Literal(double x) && x == 1;
    return switch (op) {
      case MULTIPLY -> zeroA || zeroB ? ZERO : oneA ? b : oneB ? a : e;
      case ADD -> zeroA ? b : zeroB ? a : e;
      case SUBTRACT -> zeroB ? a : zeroA ? new Unary(Expr.UnaryOp.NEGATE, b) : e;
      case DIVIDE -> oneB ? a : e;
      case MAX, MIN, POWER, GREATER -> e;
    };
  }

  private static Expr sum(List<Expr> terms) {
    List<Expr> rest = new ArrayList<>();
    double number = 0;
    for (Expr term : terms) {
      if (term instanceof Literal(double x)) {
        number += x;
      } else {
        rest.add(term);
      }
    }
    if (number != 0 || rest.isEmpty()) {
      rest.add(new Literal(number));
    }
    return rest.size() == 1 ? rest.getFirst() : new Sum(rest);
  }

  private static Expr number(double x, Expr otherwise) {
    return Double.isFinite(x) ? new Literal(x) : otherwise;
  }
}
