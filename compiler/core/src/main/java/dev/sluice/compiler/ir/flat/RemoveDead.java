package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Drops equations that nothing needs. An identity for everything that is needed.
public final class RemoveDead {
  private RemoveDead() {}

  /// @param needed what must stay: states, the output, gradients
  public static List<Equation> remove(List<Equation> equations, Collection<Symbol> needed) {
    Map<Symbol, Equation> byTarget = new HashMap<>();
    equations.forEach(equation -> byTarget.put(equation.target(), equation));
    Set<Symbol> alive = new HashSet<>();
    Deque<Symbol> open = new ArrayDeque<>(needed);
    while (!open.isEmpty()) {
      Symbol symbol = open.pop();
      Equation equation = byTarget.get(symbol);
      if (alive.add(symbol) && equation != null) {
        Operands.values(equation.value(), (Value value) -> open.push(value.symbol()));
      }
    }
    return equations.stream().filter(equation -> alive.contains(equation.target())).toList();
  }
}
