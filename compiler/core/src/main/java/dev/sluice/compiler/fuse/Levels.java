package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How far a section's equations are from its start: equations of one level and one length share a
/// pass over the units. A value that is needed as a whole row (by a product, a reduction, or spread
/// as a scalar) is complete one level later.
final class Levels {
  private final Set<Symbol> rowWork = new HashSet<>();
  private final Set<Symbol> matrixTotals = new HashSet<>();
  private final Map<Symbol, Integer> levels = new HashMap<>();
  private final boolean acrossSteps;

  private Levels(boolean acrossSteps) {
    this.acrossSteps = acrossSteps;
  }

  /// @param acrossSteps whether the section runs over all steps at once, so that what it makes at
  ///     another step is complete one level later
  static Map<Symbol, Integer> of(List<Equation> section, boolean acrossSteps) {
    Levels it = new Levels(acrossSteps);
    for (Equation e : section) {
      if (Reads.isRowWork(e)) {
        it.rowWork.add(e.target());
      }
      if (Reads.isMatrixTotal(e)) {
        it.matrixTotals.add(e.target());
      }
      it.levels.put(e.target(), it.earliest(e));
    }
    it.sink(section);
    return it.levels;
  }

  private int earliest(Equation e) {
    int level = 0;
    for (Expr.Value v : local(e)) {
      level = Math.max(level, level(v.symbol()) + distance(v, e));
    }
    return level;
  }

  private int level(Symbol symbol) {
    return levels.getOrDefault(symbol, 0);
  }

  private List<Expr.Value> local(Equation e) {
    return Reads.values(e.value()).stream()
        .filter(v -> isLocal(v) && levels.containsKey(v.symbol()))
        .toList();
  }

  private boolean isLocal(Expr.Value v) {
    return acrossSteps || v.delay() == 0;
  }

  /// Levels that lie between a value and its use.
  private int distance(Expr.Value v, Equation use) {
    if (v.delay() != 0) {
      return 1;
    }
    if (matrixTotals.contains(v.symbol()) || Reads.isSpread(v, use)) {
      return 1; // complete once all rows of the matrix have been gone through
    }
    if (rowWork.contains(v.symbol())) {
      return Reads.isRowWork(use) ? 1 : isOperand(v, use) ? 1 : 0;
    }
    if (v.shape() instanceof Shape.Scalar) {
      // What follows from totals alone is computed where the row that they total ends.
      return Reads.isScalar(use) && !Reads.isRowWork(use) ? 0 : 1;
    }
    boolean sameShape = v.shape().equals(Reads.over(use));
    return sameShape && !Reads.isRowWork(use) && !isOperand(v, use) ? 0 : 1;
  }

  /// Whether a value is read as a whole row.
  static boolean isRow(Expr.Value v, Equation use) {
    return Reads.isRowWork(use) || isOperand(v, use) || Reads.isSpread(v, use);
  }

  static boolean isOperand(Expr.Value v, Equation use) {
    return Reads.isProductSum(use) && Reads.products(use).stream().anyMatch(p -> p.b().equals(v));
  }

  /// Moves cheap work towards its use when that stores no more than before: `1 - u` next to `(1 -
  /// u) ∘ g`.
  private void sink(List<Equation> section) {
    for (Equation e : section.reversed()) {
      if (!isCheap(e) || Reads.isScalar(e) || unstored(e) > 1) {
        continue;
      }
      int latest = Integer.MAX_VALUE;
      for (Equation use : section) {
        for (Expr.Value v : Reads.values(use.value())) {
          if (isLocal(v) && v.symbol().equals(e.target())) {
            latest = Math.min(latest, level(use.target()) - distance(v, use));
          }
        }
      }
      if (latest != Integer.MAX_VALUE) {
        levels.put(e.target(), Math.max(latest, level(e.target())));
      }
    }
  }

  private long unstored(Equation e) {
    return local(e).stream().map(Expr.Value::symbol).distinct().count();
  }

  /// Elementwise, and quick to compute.
  static boolean isCheap(Equation e) {
    return switch (e.value()) {
      case Expr.Unary(Expr.UnaryOp op, _) -> isCheap(op);
      case Expr.Binary(Expr.BinaryOp op, _, _) -> isCheap(op);
      case Expr.Sum _ -> !Reads.isProductSum(e);
      case Expr.Select _,
          Expr.Value _,
          Expr.Literal _,
          Expr.Constant _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Parameter _ ->
          true;
      case Expr.MatMul _,
          Expr.Transpose _,
          Expr.Outer _,
          Expr.Concat _,
          Expr.Slice _,
          Expr.Reduce _,
          Expr.Running _,
          Expr.Spread _,
          Expr.Total _ ->
          false;
    };
  }

  private static boolean isCheap(Expr.UnaryOp op) {
    return switch (op) {
      case NEGATE, RELU, ABS, SIGN, STEP, FLOOR, DETACH -> true;
      case SIGMOID, TANH, EXP, LOG, SOFTPLUS, SQRT, SIN, COS, ERF -> false;
    };
  }

  private static boolean isCheap(Expr.BinaryOp op) {
    return switch (op) {
      case ADD, SUBTRACT, MULTIPLY, MAX, MIN, GREATER -> true;
      case DIVIDE, POWER -> false;
    };
  }

  /// The section's equations by level.
  static List<List<Equation>> group(List<Equation> section, boolean acrossSteps) {
    Map<Symbol, Integer> levels = of(section, acrossSteps);
    List<List<Equation>> groups = new ArrayList<>();
    for (Equation e : section) {
      int level = levels.getOrDefault(e.target(), 0);
      while (groups.size() <= level) {
        groups.add(new ArrayList<>());
      }
      groups.get(level).add(e);
    }
    return groups;
  }
}
