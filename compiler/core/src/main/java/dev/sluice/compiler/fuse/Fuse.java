package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Rows;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Adjoint to schedule.
public final class Fuse {
  private Fuse() {}

  /// Plans forward passes for inference and training, and the backward pass; the same for the
  /// computed weights, whose passes have one step.
  public static Schedule plan(Adjoint given) {
    Cell cell = given.cell();
    Adjoint adjoint = Carries.apart(given);
    List<Equation> backwardEquations = Recompute.inFrontOf(adjoint, cell);
    adjoint = adjoint.with(backwardEquations, adjoint.accumulations());

    Loop forward = new Loop(cell.equations(), 1, states(cell));
    Loop backward = new Loop(backwardEquations, -1, Set.copyOf(adjoint.carries().values()));

    Set<Symbol> rowsOfBackward = rows(backwardEquations);
    adjoint
        .accumulations()
        .forEach(a -> Reads.values(a.contribution()).forEach(v -> rowsOfBackward.add(v.symbol())));
    Set<Symbol> plainForward = new HashSet<>(rows(cell.equations()));
    plainForward.addAll(rowsOfBackward);
    plainForward.addAll(forward.carried());
    plainForward.add(cell.output());
    Set<Symbol> plainBackward = new HashSet<>(rowsOfBackward);
    plainBackward.addAll(backward.carried());
    plainBackward.addAll(adjoint.inputGradients().values());

    Staging.Drafts forwardDrafts = Staging.of(forward, plainForward);
    Staging.Drafts backwardDrafts = Staging.of(backward, plainBackward);

    Map<Symbol, Rows> inference = Storage.of(forward, forwardDrafts, Set.of(cell.output()));
    Map<Symbol, Rows> training =
        Storage.of(forward, forwardDrafts, saved(adjoint, cell, backwardEquations));
    Map<Symbol, Rows> gradients = Storage.of(backward, backwardDrafts, gradientSequences(adjoint));

    return new Assembly(cell, adjoint)
        .schedule(forwardDrafts, backwardDrafts, inference, training, gradients)
        .withWeights(given.weights().map(Fuse::plan));
  }

  private static Set<Symbol> states(Cell cell) {
    Set<Symbol> states = new HashSet<>();
    cell.states().forEach(s -> states.add(s.symbol()));
    return states;
  }

  /// Values that are read as whole rows: operands of products, reductions, concatenations.
  private static Set<Symbol> rows(List<Equation> equations) {
    Set<Symbol> rows = new HashSet<>();
    for (Equation e : equations) {
      for (Expr.Value v : Reads.values(e.value())) {
        if (Levels.isRow(v, e)) {
          rows.add(v.symbol());
        }
      }
    }
    return rows;
  }

  /// Forward values that the backward pass reads, and what a training can be asked for: the output
  /// and the states, every step's.
  private static Set<Symbol> saved(Adjoint adjoint, Cell cell, List<Equation> backward) {
    Set<Symbol> own = new HashSet<>();
    backward.forEach(e -> own.add(e.target()));
    Set<Symbol> saved = states(cell);
    saved.add(cell.output());
    List<Expr> expressions = new ArrayList<>();
    backward.forEach(e -> expressions.add(e.value()));
    adjoint.accumulations().forEach(a -> expressions.add(a.contribution()));
    for (Expr expression : expressions) {
      for (Expr.Value v : Reads.values(expression)) {
        if (v.delay() > 0 || !own.contains(v.symbol())) {
          saved.add(v.symbol());
        }
      }
    }
    return saved;
  }

  private static Set<Symbol> gradientSequences(Adjoint adjoint) {
    Set<Symbol> sequences = new HashSet<>(adjoint.inputGradients().values());
    adjoint
        .accumulations()
        .forEach(a -> Reads.values(a.contribution()).forEach(v -> sequences.add(v.symbol())));
    return sequences;
  }
}
