package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.Constant;
import dev.sluice.compiler.ir.Expr.Length;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.Running;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Total;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.Value;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// What a node applies to.
public final class Operands {
  private Operands() {}

  /// Direct operands in order.
  public static List<Expr> of(Expr e) {
    return switch (e) {
      case Literal _, Constant _, StepNumber _, Length _, Parameter _, Value _ -> List.of();
      case Unary(var _, var x) -> List.of(x);
      case Binary(var _, var a, var b) -> List.of(a, b);
      case Select(var condition, var then, var otherwise) -> List.of(condition, then, otherwise);
      case Sum(var terms) -> terms;
      case MatMul(var a, var b) -> List.of(a, b);
      case Transpose(var x) -> List.of(x);
      case Outer(var a, var b) -> List.of(a, b);
      case Concat(var parts) -> parts;
      case Slice(var x, var _, var _, var _) -> List.of(x);
      case Reduce(var _, var x) -> List.of(x);
      case Running(var _, var x) -> List.of(x);
      case Spread(var x, var _, var _) -> List.of(x);
      case Total(var _, var x) -> List.of(x);
    };
  }

  /// The node with each direct operand replaced; the same instance when nothing changes.
  public static Expr map(Expr e, UnaryOperator<Expr> f) {
    List<Expr> before = of(e);
    List<Expr> after = before.stream().map(f).toList();
    for (int i = 0; i < before.size(); i++) {
      if (after.get(i) != before.get(i)) {
        return with(e, after);
      }
    }
    return e;
  }

  private static Expr with(Expr e, List<Expr> x) {
    return switch (e) {
      case Literal _, Constant _, StepNumber _, Length _, Parameter _, Value _ -> e;
      case Unary(var op, var _) -> new Unary(op, x.get(0));
      case Binary(var op, var _, var _) -> new Binary(op, x.get(0), x.get(1));
      case Select _ -> new Select(x.get(0), x.get(1), x.get(2));
      case Sum _ -> new Sum(x);
      case MatMul _ -> new MatMul(x.get(0), x.get(1));
      case Transpose _ -> new Transpose(x.get(0));
      case Outer _ -> new Outer(x.get(0), x.get(1));
      case Concat _ -> new Concat(x);
      case Slice(var _, var axis, var from, var length) -> new Slice(x.get(0), axis, from, length);
      case Reduce(var op, var _) -> new Reduce(op, x.get(0));
      case Running(var backwards, var _) -> new Running(backwards, x.get(0));
      case Spread(var _, var axis, var count) -> new Spread(x.get(0), axis, count);
      case Total(var axis, var _) -> new Total(axis, x.get(0));
    };
  }

  /// Visits every node without operands.
  public static void leaves(Expr e, Consumer<Expr> visit) {
    List<Expr> operands = of(e);
    if (operands.isEmpty()) {
      visit.accept(e);
    }
    operands.forEach(x -> leaves(x, visit));
  }

  /// Visits every named value of a tree.
  public static void values(Expr e, Consumer<Value> visit) {
    if (e instanceof Value value) {
      visit.accept(value);
    }
    of(e).forEach(x -> values(x, visit));
  }
}
