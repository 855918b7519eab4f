package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which forward values the backward pass computes again instead of reading them: cheap elementwise
/// ones whose operands it reads anyway (`1 - u` from `u`), and scalars of parameters. Saves a row
/// of memory traffic per step for one instruction.
final class Recompute {
  private final Cell cell;
  private final Adjoint adjoint;
  private final Set<Symbol> ofParameters;
  private final Set<Symbol> needed = new HashSet<>();
  private final Set<Symbol> asRows = new HashSet<>();

  private Recompute(Cell cell, Adjoint adjoint) {
    this.cell = cell;
    this.adjoint = adjoint;
    this.ofParameters = ofParameters(cell);
  }

  /// The backward equations with the recomputed forward equations in front.
  static List<Equation> inFrontOf(Adjoint adjoint, Cell cell) {
    return new Recompute(cell, adjoint).equations();
  }

  private List<Equation> equations() {
    adjoint.equations().forEach(this::note);
    adjoint.accumulations().forEach(a -> Reads.values(a.contribution()).forEach(this::noteRow));
    Set<Symbol> again = new HashSet<>();
    for (Equation e : cell.equations().reversed()) {
      if (needed.contains(e.target()) && isRecomputed(e)) {
        again.add(e.target());
        Reads.values(e.value()).stream()
            .filter(v -> v.delay() == 0)
            .forEach(v -> needed.add(v.symbol()));
      }
    }
    List<Equation> all = new ArrayList<>();
    cell.equations().stream().filter(e -> again.contains(e.target())).forEach(all::add);
    all.addAll(adjoint.equations());
    return all;
  }

  private void note(Equation e) {
    for (Expr.Value v : Reads.values(e.value())) {
      if (v.delay() == 0) {
        needed.add(v.symbol());
        if (Levels.isRow(v, e)) {
          asRows.add(v.symbol());
        }
      }
    }
  }

  private void noteRow(Expr.Value v) {
    if (v.delay() == 0) {
      needed.add(v.symbol());
      asRows.add(v.symbol());
    }
  }

  private boolean isRecomputed(Equation e) {
    if (ofParameters.contains(e.target())) {
      return true;
    }
    return Levels.isCheap(e)
        && !asRows.contains(e.target())
        && cell.state(e.target()).isEmpty()
        && !e.target().equals(cell.output())
        && Reads.values(e.value()).stream().allMatch(this::isThere);
  }

  /// Scalars of parameters only.
  private static Set<Symbol> ofParameters(Cell cell) {
    Set<Symbol> known = new HashSet<>();
    for (Equation e : cell.equations()) { // sorted by dependence
      if (e.shape() instanceof Shape.Scalar
          && cell.state(e.target()).isEmpty()
          && !Reads.isTotal(e)
          && !Reads.readsStepNumber(e.value())
          && Reads.values(e.value()).stream().allMatch(v -> known.contains(v.symbol()))) {
        known.add(e.target());
      }
    }
    return known;
  }

  private boolean isThere(Expr.Value v) {
    return v.delay() == 1
        || needed.contains(v.symbol())
        || cell.inputs().stream().anyMatch(i -> i.symbol().equals(v.symbol()))
        || cell.masks().stream().anyMatch(m -> m.symbol().equals(v.symbol()));
  }
}
