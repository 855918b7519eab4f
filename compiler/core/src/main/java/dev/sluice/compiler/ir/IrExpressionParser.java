package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads one right side of the textual form, [IrPrinter] says which.
final class IrExpressionParser {
  private final IrTokens tokens;
  private final Function<String, Optional<Expr>> names;

  /// @param names what a plain name stands for at this step: a parameter, or a value of delay 0
  IrExpressionParser(IrTokens tokens, Function<String, Optional<Expr>> names) {
    this.tokens = tokens;
    this.names = names;
  }

  Expr expression() {
    try {
      return sum();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith("line ") ? e : tokens.error(message);
    }
  }

  private Expr sum() {
    Expr first = product();
    if (tokens.accept("-")) {
      return new Binary(BinaryOp.SUBTRACT, first, product());
    }
    List<Expr> terms = new ArrayList<>(List.of(first));
    while (tokens.accept("+")) {
      terms.add(product());
    }
    return terms.size() == 1 ? first : new Expr.Sum(terms);
  }

  private Expr product() {
    Expr a = postfix();
    return switch (tokens.peek(0)) {
      case "*" -> new Binary(BinaryOp.MULTIPLY, a, right());
      case "/" -> new Binary(BinaryOp.DIVIDE, a, right());
      case "@" -> new Expr.MatMul(a, right());
      default -> a;
    };
  }

  private Expr right() {
    tokens.take();
    return postfix();
  }

  private Expr postfix() {
    Expr e = primary();
    while (true) {
      if (tokens.accept(".")) {
        tokens.expect("T");
        e = new Expr.Transpose(e);
      } else if (tokens.accept("[")) {
        e = slice(e);
      } else {
        return e;
      }
    }
  }

  /// `0:n]` or `:, 0:n]`
  private Expr slice(Expr x) {
    boolean columns = tokens.accept(":");
    if (columns) {
      tokens.expect(",");
    }
    Dim from = tokens.dim();
    tokens.expect(":");
    Dim to = tokens.dim();
    tokens.expect("]");
    return new Expr.Slice(x, columns ? Axis.COLUMNS : Axis.ROWS, from, to.minus(from));
  }

  private Expr primary() {
    if (tokens.startsNumber() || tokens.peek(0).equals("literal") && tokens.peek(1).equals("(")) {
      return new Expr.Literal(tokens.real());
    }
    if (tokens.accept("(")) {
      Expr inner = sum();
      tokens.expect(")");
      return inner;
    }
    if (tokens.accept("[")) {
      return new Expr.Concat(list("]"));
    }
    String name = tokens.name();
    return tokens.accept("(") ? call(name) : named(name);
  }

  private Expr named(String name) {
    Expr found = names.apply(name).orElseThrow(() -> tokens.error("nothing is called " + name));
    if (!tokens.peek(0).startsWith("[t")) {
      return found;
    }
    String time = tokens.take();
    int offset = tokens.whole(time.substring(2, time.length() - 1));
    if (!(found instanceof Expr.Value value)) {
      throw tokens.error(name + " has no time");
    }
    return new Expr.Value(value.symbol(), -offset, value.shape());
  }

  private List<Expr> list(String end) {
    List<Expr> items = new ArrayList<>();
    if (tokens.accept(end)) {
      return items;
    }
    do {
      items.add(sum());
    } while (tokens.accept(","));
    tokens.expect(end);
    return items;
  }

  private Expr call(String function) {
    if (function.equals("const")) {
      Symbol symbol = Symbol.of(tokens.name());
      tokens.expect(",");
      double value = tokens.real();
      tokens.expect(")");
      return new Expr.Constant(symbol, value);
    }
    if (function.equals("length")) {
      Dim of = tokens.dim();
      tokens.expect(")");
      return new Expr.Length(of);
    }
    for (Axis axis : Axis.values()) {
      if (function.equals("spread_" + IrPrinter.word(axis))) {
        Expr spread = sum();
        tokens.expect(",");
        Dim count = tokens.dim();
        tokens.expect(")");
        return new Expr.Spread(spread, axis, count);
      }
    }
    List<Expr> x = list(")");
    for (UnaryOp op : UnaryOp.values()) {
      if (IrPrinter.word(op).equals(function)) {
        return new Unary(op, arguments(function, x, 1).getFirst());
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (IrPrinter.word(op).equals(function)) {
        return new Binary(op, arguments(function, x, 2).getFirst(), x.get(1));
      }
    }
    for (ReduceOp op : ReduceOp.values()) {
      if (("reduce_" + IrPrinter.word(op)).equals(function)) {
        return new Expr.Reduce(op, arguments(function, x, 1).getFirst());
      }
    }
    return switch (function) {
      case "sum" -> new Expr.Sum(arguments(function, x, 1));
      case "select" -> new Expr.Select(arguments(function, x, 3).getFirst(), x.get(1), x.get(2));
      case "running" -> new Expr.Running(false, arguments(function, x, 1).getFirst());
      case "running_back" -> new Expr.Running(true, arguments(function, x, 1).getFirst());
      case "total_rows" -> new Expr.Total(Axis.ROWS, arguments(function, x, 1).getFirst());
      case "total_columns" -> new Expr.Total(Axis.COLUMNS, arguments(function, x, 1).getFirst());
      case "outer" -> new Expr.Outer(arguments(function, x, 2).getFirst(), x.get(1));
      case "step_number" -> {
        arguments(function, x, 0);
        yield new Expr.StepNumber();
      }
      default -> throw tokens.error("unknown operation " + function);
    };
  }

  private List<Expr> arguments(String function, List<Expr> x, int count) {
    if (x.size() != count) {
      throw tokens.error(function + " takes " + count + " operands, not " + x.size());
    }
    return x;
  }
}
