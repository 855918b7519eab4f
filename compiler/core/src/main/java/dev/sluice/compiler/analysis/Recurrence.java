package dev.sluice.compiler.analysis;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Shape;
import java.util.Locale;

/// How a cell's states depend on those of the step before: the pattern of ∂state_t/∂state_{t-1}.
/// What is said is certain: a cell is called dense unless its equations show more.
public enum Recurrence {
  /// Each step is a linear map of the states whose coefficients are functions of the inputs alone,
  /// and a state is a matrix.
  MATRIX,
  /// The same with vectors only: steps can be composed, so that a parallel scan is possible.
  LINEAR,
  /// Each unit depends on the same unit of the states only.
  DIAGONAL,
  /// Units depend on each other within equal parts of the state only.
  BLOCK,
  /// Units depend on each other.
  DENSE;

  /// @param canonical the cell in flat form
  public static Recurrence of(Cell canonical) {
    Dependence.Path all = Dependence.ofStates(canonical);
    if (all.linear()) {
      boolean matrix = canonical.states().stream().anyMatch(s -> s.shape() instanceof Shape.Matrix);
      return matrix ? MATRIX : LINEAR;
    }
    return switch (all.reach()) {
      case ITSELF -> DIAGONAL;
      case ITS_BLOCK -> BLOCK;
      case ALL -> DENSE;
    };
  }

  /// As people write it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
