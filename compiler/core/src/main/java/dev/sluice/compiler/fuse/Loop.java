package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;
import java.util.Set;

/// One way through time, before it is scheduled.
///
/// @param equations of a step, sorted by dependence
/// @param carryDelay delay at which a step reads what the step before it (in the order of the loop)
///     made: 1 forward, -1 backward
/// @param carried the symbols that go from step to step
record Loop(List<Equation> equations, int carryDelay, Set<Symbol> carried) {
  Loop {
    equations = List.copyOf(equations);
    carried = Set.copyOf(carried);
  }

  boolean isCarried(Expr.Value value) {
    return value.delay() == carryDelay && carried.contains(value.symbol());
  }
}
