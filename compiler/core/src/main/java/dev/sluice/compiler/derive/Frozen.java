package dev.sluice.compiler.derive;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which parameters have no gradient: those that are frozen, and computed weights that are made of
/// such ones alone.
record Frozen(Set<Symbol> symbols) {
  static Frozen of(Cell cell) {
    Set<Symbol> frozen = new HashSet<>();
    cell.parameters().stream().filter(Cell.Parameter::frozen).forEach(p -> frozen.add(p.symbol()));
    for (Equation e : cell.weights().map(Cell::equations).orElse(List.of())) {
      boolean[] all = {true};
      Operands.leaves(e.value(), leaf -> all[0] &= isFrozen(leaf, frozen));
      if (all[0]) {
        frozen.add(e.target());
      }
    }
    return new Frozen(frozen);
  }

  private static boolean isFrozen(Expr leaf, Set<Symbol> frozen) {
    return switch (leaf) {
      case Expr.Parameter p -> frozen.contains(p.symbol());
      case Expr.Value v -> frozen.contains(v.symbol());
      default -> true;
    };
  }

  boolean contains(Symbol parameter) {
    return symbols.contains(parameter);
  }
}
