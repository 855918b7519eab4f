package dev.sluice.compiler.ir;

/// The shape of a value at one step, for one sequence.
public sealed interface Shape {
  record Scalar() implements Shape {
    @Override
    public String toString() {
      return "scalar";
    }
  }

  /// A column of `length` numbers.
  record Vector(Dim length) implements Shape {
    @Override
    public String toString() {
      return "[" + length + "]";
    }
  }

  /// `rows` × `columns` numbers; a weight's rows are its outputs, its columns its inputs.
  record Matrix(Dim rows, Dim columns) implements Shape {
    @Override
    public String toString() {
      return "[" + rows + ", " + columns + "]";
    }
  }

  Shape SCALAR = new Scalar();

  /// Numbers that lie side by side in memory: all of a vector, one row of a matrix.
  default Dim side() {
    return switch (this) {
      case Scalar() -> Dim.ONE;
      case Vector(Dim length) -> length;
      case Matrix(Dim _, Dim columns) -> columns;
    };
  }

  static Shape vector(Dim length) {
    return new Vector(length);
  }

  static Shape matrix(Dim rows, Dim columns) {
    return new Matrix(rows, columns);
  }
}
