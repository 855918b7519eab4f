package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Running;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Uses of `q` where `q = p` → `p`. An identity. The equation itself stays, for [RemoveDead] to
/// judge.
///
/// What is read as a whole row stays a value, such as the operand of a matrix product: `W q` is
/// left alone where `q` is a copy of a parameter. Values of earlier steps keep their names, since
/// only states are known there, and what comes from the step after (`∂L/∂h_t|_{t+1}`) is read once,
/// by the equation that adds it.
public final class PropagateCopies {
  private PropagateCopies() {}

  static boolean isCopy(Equation equation) {
    return equation.value() instanceof Sum(List<Expr> terms)
        && terms.size() == 1
        && Flatten.isAtom(terms.getFirst());
  }

  /// @param equations flat, sorted by dependence
  public static List<Equation> propagate(List<Equation> equations) {
    Map<Symbol, Expr> source = new HashMap<>();
    List<Equation> result = new ArrayList<>();
    for (Equation equation : equations) {
      Expr value = replace(equation.value(), source);
      result.add(
          value == equation.value()
              ? equation
              : new Equation(equation.target(), value, equation.origin()));
      copied(result.getLast()).ifPresent(copied -> source.put(equation.target(), copied));
    }
    return result;
  }

  /// What each copy of a value copies.
  ///
  /// @param equations as [#propagate] leaves them
  public static Map<Symbol, Value> sources(List<Equation> equations) {
    Map<Symbol, Value> sources = new HashMap<>();
    for (Equation equation : equations) {
      if (copied(equation).orElse(null) instanceof Value source) {
        sources.put(equation.target(), source);
      }
    }
    return sources;
  }

  private static Optional<Expr> copied(Equation equation) {
    return isCopy(equation) && equation.value() instanceof Sum(List<Expr> terms)
        ? Optional.of(terms.getFirst())
            .filter(e -> !(e instanceof Value value && value.delay() < 0))
        : Optional.empty();
  }

  private static Expr replace(Expr e, Map<Symbol, Expr> source) {
    if (e instanceof Value(Symbol symbol, int delay, var _) && delay == 0) {
      return source.getOrDefault(symbol, e);
    }
    return switch (e) {
      case MatMul _, Concat _, Running _ -> Operands.map(e, x -> row(x, source));
      default -> Operands.map(e, x -> replace(x, source));
    };
  }

  private static Expr row(Expr x, Map<Symbol, Expr> source) {
    Expr replaced = replace(x, source);
    return x instanceof Value && !(replaced instanceof Value) ? x : replaced;
  }
}
