package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.OptionalDouble;

/// Terms that are numbers already: of numbers and hyperparameters. A condition that is one decides
/// before anything else is known of the cell: what the other case names is no part of it.
final class Statics {
  private Statics() {}

  static OptionalDouble value(Term term) {
    return switch (term) {
      case Term.Number n -> OptionalDouble.of(n.value());
      case Term.Constant c -> OptionalDouble.of(c.value());
      case Term.Sum s -> sum(s);
      case Term.Product p -> product(p);
      case Term.Zip z -> zip(z);
      case Term.Map m -> map(m);
      case Term.StepNumber _,
          Term.Parameter _,
          Term.Timed _,
          Term.Identity _,
          Term.Choice _,
          Term.Whole _,
          Term.Transposed _,
          Term.Diagonal _,
          Term.Concatenated _,
          Term.Piece _,
          Term.Mask _,
          Term.Broken _ ->
          OptionalDouble.empty();
    };
  }

  /// Whether an expression is a condition: `l = 1`, `x > 0`.
  static boolean isCondition(Ast.Expression e) {
    return e instanceof Ast.Operation o
        && switch (o.operator()) {
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL -> true;
          case ADD, SUBTRACT, ELEMENTWISE, DOT, MATRIX, OUTER, DIVIDE, MODULO -> false;
        };
  }

  private static OptionalDouble sum(Term.Sum s) {
    double sum = 0;
    for (Term.Addend addend : s.addends()) {
      OptionalDouble value = value(addend.term());
      if (value.isEmpty()) {
        return value;
      }
      sum += addend.negative() ? -value.getAsDouble() : value.getAsDouble();
    }
    return OptionalDouble.of(sum);
  }

  private static OptionalDouble product(Term.Product p) {
    double product = 1;
    for (Term factor : p.factors()) {
      OptionalDouble value = value(factor);
      if (value.isEmpty()) {
        return value;
      }
      product *= value.getAsDouble();
    }
    return OptionalDouble.of(product);
  }

  private static OptionalDouble zip(Term.Zip z) {
    OptionalDouble a = value(z.a());
    OptionalDouble b = a.isEmpty() ? a : value(z.b());
    return b.isEmpty() ? b : OptionalDouble.of(of(z.op(), a.getAsDouble(), b.getAsDouble()));
  }

  private static double of(BinaryOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POWER -> Math.pow(a, b);
      case GREATER -> a > b ? 1 : 0;
    };
  }

  private static OptionalDouble map(Term.Map m) {
    OptionalDouble x = value(m.x());
    if (x.isEmpty()) {
      return x;
    }
    return m.op() == UnaryOp.NEGATE
        ? OptionalDouble.of(-x.getAsDouble())
        : m.op() == UnaryOp.FLOOR
            ? OptionalDouble.of(Math.floor(x.getAsDouble()))
            : OptionalDouble.empty();
  }
}
