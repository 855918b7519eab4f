package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import java.util.List;

/// Applies rules to every node, operands first, until none applies.
///
/// @param rules tried in this order; each must bring the tree closer to its final form
public record Rewriter(List<Rule> rules) {
  public Rewriter {
    rules = List.copyOf(rules);
  }

  public List<Equation> rewrite(List<Equation> equations) {
    return equations.stream()
        .map(e -> new Equation(e.target(), rewrite(e.value()), e.origin()))
        .toList();
  }

  public Expr rewrite(Expr e) {
    Expr before = Operands.map(e, this::rewrite);
    for (Rule rule : rules) {
      Expr after = rule.apply(before);
      if (after != before) {
        return rewrite(after);
      }
    }
    return before;
  }
}
