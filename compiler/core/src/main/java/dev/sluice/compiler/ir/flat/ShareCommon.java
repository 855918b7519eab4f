package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Sum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Two equations with the same right side → the second copies the first: `p = tanh(c); q = tanh(c)`
/// → `q = p`.
///
/// An identity, since a right side has no effect but its value.
public final class ShareCommon {
  private ShareCommon() {}

  public static List<Equation> share(List<Equation> equations) {
    Map<Expr, Equation> first = new HashMap<>();
    List<Equation> shared = new ArrayList<>();
    for (Equation equation : equations) {
      Equation known =
          PropagateCopies.isCopy(equation) ? null : first.putIfAbsent(equation.value(), equation);
      shared.add(
          known == null
              ? equation
              : new Equation(equation.target(), new Sum(List.of(known.now())), equation.origin()));
    }
    return shared;
  }
}
