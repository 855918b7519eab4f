package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;

/// `1 · x`, `x / 1`, `x + 0`, `x − 0`, `x¹`, `−(−x)` → `x`; `0 − x`, `−1 · x` → `−x`.
///
/// Not an identity for the sign of zero: `−0 + 0` is `+0`. `0 · x` stays, since it is not 0 for an
/// infinite `x` and has the shape of `x`.
public final class DropNeutral implements Rule {
  @Override
  public Expr apply(Expr e) {
    return switch (e) {
      case Unary(UnaryOp op, Unary(UnaryOp inner, Expr x))
          when op == UnaryOp.NEGATE && inner == op ->
          x;
      case Binary(var op, Expr x, Literal(double b)) ->
          switch (op) {
            case MULTIPLY -> b == 1 ? x : b == -1 ? negative(x) : e;
            case DIVIDE, POWER -> b == 1 ? x : e;
            case ADD, SUBTRACT -> b == 0 ? x : e;
            case MAX, MIN, GREATER -> e;
          };
      case Binary(var op, Literal(double a), Expr x) ->
          switch (op) {
            case MULTIPLY -> a == 1 ? x : a == -1 ? negative(x) : e;
            case ADD -> a == 0 ? x : e;
            case SUBTRACT -> a == 0 ? negative(x) : e;
            case DIVIDE, POWER, MAX, MIN, GREATER -> e;
          };
      case Sum(List<Expr> terms) when terms.stream().anyMatch(DropNeutral::isZero) -> sum(terms, e);
      default -> e;
    };
  }

  private static Expr sum(List<Expr> terms, Expr e) {
    List<Expr> rest = terms.stream().filter(t -> !isZero(t)).toList();
    return rest.isEmpty() || terms.size() == 1 ? e : new Sum(rest);
  }

  private static boolean isZero(Expr e) {
    return e instanceof Literal(double x) && x == 0;
  }

  private static Expr negative(Expr x) {
    return new Unary(UnaryOp.NEGATE, x);
  }
}
