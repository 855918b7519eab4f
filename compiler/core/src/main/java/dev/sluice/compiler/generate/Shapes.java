package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Shape;

/// What shapes are in numbers.
final class Shapes {
  private Shapes() {}

  static int rank(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> 0;
      case Shape.Vector _ -> 1;
      case Shape.Matrix _ -> 2;
    };
  }
}
