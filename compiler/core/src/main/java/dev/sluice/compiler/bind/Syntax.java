package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstNotation;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Questions about pieces of the syntax tree. Walks with a stack of its own: trees can be deep.
final class Syntax {
  private Syntax() {}

  static List<Ast.Expression> children(Ast.Expression e) {
    return switch (e) {
      case Ast.Number _, Ast.Name _ -> List.of();
      case Ast.Apply a -> prepend(a.function(), a.arguments());
      case Ast.Juxtaposition j -> j.factors();
      case Ast.Operation o -> List.of(o.left(), o.right());
      case Ast.Negation n -> List.of(n.x());
      case Ast.Power p -> List.of(p.base(), p.exponent());
      case Ast.Transposition t -> List.of(t.x());
      case Ast.Column c -> c.rows();
      case Ast.Concatenation c -> c.parts();
    };
  }

  private static List<Ast.Expression> prepend(Ast.Expression first, List<Ast.Expression> rest) {
    List<Ast.Expression> all = new java.util.ArrayList<>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }

  /// Every name of an expression; the flag tells whether it stands in front of parentheses.
  static void names(Ast.Expression root, BiConsumer<Ast.Name, Boolean> found) {
    Deque<Ast.Expression> pending = new ArrayDeque<>();
    pending.push(root);
    while (!pending.isEmpty()) {
      Ast.Expression e = pending.pop();
      switch (e) {
        case Ast.Name n -> found.accept(n, false);
        case Ast.Apply(Ast.Expression function, List<Ast.Expression> arguments, var _) -> {
          arguments.reversed().forEach(pending::push);
          if (function instanceof Ast.Name n) {
            found.accept(n, true);
          } else {
            children(function).reversed().forEach(pending::push);
          }
        }
        case Ast.Number _,
            Ast.Juxtaposition _,
            Ast.Operation _,
            Ast.Negation _,
            Ast.Power _,
            Ast.Transposition _,
            Ast.Column _,
            Ast.Concatenation _ ->
            children(e).reversed().forEach(pending::push);
      }
    }
  }

  /// A bare name without time.
  static Optional<Symbol> untimed(Ast.Expression e) {
    return e instanceof Ast.Name(Symbol symbol, Optional<Integer> delay, var _) && delay.isEmpty()
        ? Optional.of(symbol)
        : Optional.empty();
  }

  static String text(Ast.Expression e) {
    return AstNotation.expression(e);
  }

  static String timed(Symbol symbol, int delay) {
    return AstNotation.timed(symbol, delay);
  }

  static boolean isSum(Ast.Expression e) {
    return e instanceof Ast.Operation o
        && (o.operator() == Ast.Operator.ADD || o.operator() == Ast.Operator.SUBTRACT);
  }
}
