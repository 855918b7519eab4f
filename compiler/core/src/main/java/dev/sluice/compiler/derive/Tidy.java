package dev.sluice.compiler.derive;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Adjoint.Accumulation;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.DivideByScalar;
import dev.sluice.compiler.ir.flat.DropNeutral;
import dev.sluice.compiler.ir.flat.ExpandPowers;
import dev.sluice.compiler.ir.flat.Flatten;
import dev.sluice.compiler.ir.flat.FlattenSums;
import dev.sluice.compiler.ir.flat.FoldConstants;
import dev.sluice.compiler.ir.flat.Names;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.ir.flat.PropagateCopies;
import dev.sluice.compiler.ir.flat.RemoveDead;
import dev.sluice.compiler.ir.flat.Rewriter;
import dev.sluice.compiler.ir.flat.ShareCommon;
import dev.sluice.compiler.ir.flat.SubtractNegated;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Backward equations in flat form, by the rules that canonical cells follow too. Values that the
/// forward pass has computed are read instead of computed again.
final class Tidy {
  private static final Rewriter RULES =
      new Rewriter(
          List.of(
              new FlattenSums(),
              new FoldConstants(),
              new DropNeutral(),
              new DivideByScalar(),
              new SubtractNegated(),
              new ExpandPowers()));

  private static final int MOST_ROUNDS = 1000;

  private Tidy() {}

  static Adjoint tidy(Adjoint adjoint) {
    Names names = Names.of(adjoint.cell());
    names.take(adjoint.outputGradient());
    adjoint.equations().forEach(equation -> names.take(equation.target()));
    Adjoint before = adjoint;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Adjoint after = round(before, names);
      if (after.equals(before)) {
        return after;
      }
      before = after;
    }
    throw new IllegalStateException(
        "the rules do not come to rest on the adjoint of " + adjoint.cell().name());
  }

  private static Adjoint round(Adjoint adjoint, Names names) {
    List<Equation> equations = RULES.rewrite(adjoint.equations());
    equations = Flatten.flatten(equations, adjoint.cell().equations(), names);
    equations = PropagateCopies.propagate(ShareCommon.share(equations));
    Map<Symbol, Value> sources = PropagateCopies.sources(equations);
    List<Accumulation> accumulations =
        adjoint.accumulations().stream()
            .map(a -> new Accumulation(a.target(), renamed(a.contribution(), sources)))
            .toList();
    return adjoint.with(
        RemoveDead.remove(equations, needed(adjoint, accumulations)), accumulations);
  }

  private static Expr renamed(Expr e, Map<Symbol, Value> sources) {
    return e instanceof Value value && value.delay() == 0
        ? sources.getOrDefault(value.symbol(), value)
        : Operands.map(e, x -> renamed(x, sources));
  }

  private static List<Symbol> needed(Adjoint adjoint, List<Accumulation> accumulations) {
    List<Symbol> needed = new ArrayList<>(adjoint.carries().values());
    needed.addAll(adjoint.inputGradients().values());
    for (Accumulation accumulation : accumulations) {
      Operands.values(accumulation.contribution(), (Value value) -> needed.add(value.symbol()));
    }
    return needed;
  }
}
