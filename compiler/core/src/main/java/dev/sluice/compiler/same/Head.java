package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;

/// What an [Atom] is: a leaf with its name, or the function that it applies to polynomials.
sealed interface Head {
  /// A parameter, or rows and columns of one that all others leave alone.
  record Weight(Symbol symbol, Dim row, Dim column, Shape shape) implements Head {
    static Weight whole(Symbol symbol, Shape shape) {
      return new Weight(symbol, Dim.ZERO, Dim.ZERO, shape);
    }
  }

  /// An input of this step.
  record Input(Symbol symbol) implements Head {}

  /// A state of the step before.
  record State(Symbol symbol) implements Head {}

  record StepNumber() implements Head {}

  record Length(Dim of) implements Head {}

  /// A function of each element.
  record Of(UnaryOp op) implements Head {}

  /// Some elements, rows or columns of what has no parts of its own.
  record Slice(Axis axis, Dim from, Dim length) implements Head {}

  record Named(Function function) implements Head {}

  /// Functions with a name of their own.
  enum Function {
    /// Matrix product of two monomials.
    PRODUCT,
    TRANSPOSE,
    /// A sum that is too long to be multiplied out.
    GROUP,
    RECIPROCAL,
    POWER,
    /// The larger one of two.
    MAX,
    WHERE,
    /// 1 above 0, else 0.
    POSITIVE,
    CONCAT,
    SUM,
    LARGEST,
    NORM,
    RUNNING,
    RUNNING_BACKWARDS,
    /// A vector as a matrix: element i fills row i.
    SPREAD_TO_ROWS,
    SPREAD_TO_COLUMNS;

    /// Whether it is linear in each of its arguments.
    boolean isLinear() {
      return switch (this) {
        case PRODUCT, TRANSPOSE, SUM, SPREAD_TO_ROWS, SPREAD_TO_COLUMNS -> true;
        case GROUP, RECIPROCAL, POWER, MAX, WHERE, POSITIVE, CONCAT -> false;
        case LARGEST, NORM, RUNNING, RUNNING_BACKWARDS -> false;
      };
    }

    /// Whether the arguments' order changes nothing.
    boolean isSymmetric() {
      return this == MAX;
    }
  }
}
