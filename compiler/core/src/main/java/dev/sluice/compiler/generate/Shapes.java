package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Shape;

/// Rows of memory for shapes.
final class Shapes {
  private Shapes() {}

  /// Elements of one row; a scalar has one.
  static Dim length(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> Dim.ONE;
      case Shape.Vector(Dim n) -> n;
      case Shape.Matrix _ -> throw new IllegalStateException("a matrix has no row: " + shape);
    };
  }

  static int rank(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> 0;
      case Shape.Vector _ -> 1;
      case Shape.Matrix _ -> 2;
    };
  }
}
