package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.UnsupportedCellException;
import dev.sluice.compiler.ir.flat.DivideByScalar;
import dev.sluice.compiler.ir.flat.DropNeutral;
import dev.sluice.compiler.ir.flat.ExpandPowers;
import dev.sluice.compiler.ir.flat.FlatForm;
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

/// Cell → the same cell in flat form ([Cell]): one operation on named values per equation.
public final class Canon {
  private static final Rewriter RULES =
      new Rewriter(
          List.of(
              new FlattenSums(),
              new FoldConstants(),
              new DropNeutral(),
              new DivideByScalar(),
              new SubtractNegated(),
              new SubtractParameter(),
              new ExpandPowers(),
              new MergeSlices(),
              new PushSlices(),
              new NormaliseWeights(),
              new OuterProducts(),
              new NormOfMatrix(),
              new SplitStackedOperand(),
              new DistributeProduct(),
              new NegateOperand()));

  /// Far more rounds than any cell takes; a rule that undoes another would otherwise never end.
  private static final int MOST_ROUNDS = 1000;

  private Canon() {}

  /// Rewrites until nothing changes. States, inputs, parameters and the output keep their names;
  /// states of deeper delays and named pieces are added; what neither the output nor a state needs
  /// is dropped.
  ///
  /// @throws UnsupportedCellException when the cell is well-typed but has no flat form, such as one
  ///     with a matrix as its state
  public static Cell rewrite(Cell cell) {
    return rewriteSteps(cell).withWeights(cell.weights().map(Canon::rewrite));
  }

  private static Cell rewriteSteps(Cell cell) {
    requireVectors(cell);
    Names names = Names.of(cell);
    Cell before = ChainDelays.apply(cell, names);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Cell after = round(before, names);
      if (after.equals(before)) {
        after.equations().forEach(Canon::requireFlat);
        return after;
      }
      before = after;
    }
    throw new IllegalStateException("the rules of canon do not come to rest on " + cell.name());
  }

  private static Cell round(Cell cell, Names names) {
    List<Equation> equations =
        RULES.rewrite(SplitStacks.apply(cell, InlineStacked.apply(cell), names));
    equations = Flatten.flatten(equations, List.of(), names);
    equations = ShareCommon.share(equations);
    equations = PropagateCopies.propagate(equations);
    List<Symbol> needed = new ArrayList<>(List.of(cell.output()));
    cell.states().forEach(state -> needed.add(state.symbol()));
    return cell.withEquations(RemoveDead.remove(equations, needed));
  }

  /// Where a symbol is read first.
  static Origin firstUse(Cell cell, Symbol symbol) {
    for (Equation equation : cell.equations()) {
      boolean[] found = {false};
      Operands.values(equation.value(), value -> found[0] |= value.symbol().equals(symbol));
      if (found[0]) {
        return equation.origin();
      }
    }
    return Origin.NONE;
  }

  private static void requireVectors(Cell cell) {
    for (Cell.Input input : cell.inputs()) {
      if (input.shape() instanceof Matrix) {
        throw new UnsupportedCellException(
            firstUse(cell, input.symbol()),
            "matrix inputs are not generated: "
                + input.symbol().display()
                + " has shape "
                + input.shape(),
            "An input is a vector or a scalar; its parts can make a matrix: `v_t k_t^T`.");
      }
    }
  }

  private static void requireFlat(Equation equation) {
    if (!FlatForm.isFlat(equation)) {
      throw new UnsupportedCellException(
          equation.origin(),
          equation.target().display() + " uses a matrix that is not generated yet",
          "A matrix times a vector, sums, outer products and elementwise functions of matrices are"
              + " generated; the product of two matrices as a matrix of its own, and a transpose"
              + " beside another matrix, are not.");
    }
  }
}
