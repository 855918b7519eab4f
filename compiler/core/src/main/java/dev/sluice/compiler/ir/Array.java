package dev.sluice.compiler.ir;

import java.util.Arrays;
import java.util.Map;

/// A number, a vector or a matrix of doubles, immutable: what the [Interpreter] computes with.
public final class Array {
  private final int rank;
  private final int rows;
  private final int columns;
  private final double[] data;

  private Array(int rank, int rows, int columns, double[] data) {
    if (data.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          data.length + " numbers for a shape of " + rows + " × " + columns);
    }
    this.rank = rank;
    this.rows = rows;
    this.columns = columns;
    this.data = data;
  }

  public static Array scalar(double value) {
    return new Array(0, 1, 1, new double[] {value});
  }

  public static Array vector(double... values) {
    return new Array(1, values.length, 1, values.clone());
  }

  /// @param values row-major
  public static Array matrix(int rows, int columns, double... values) {
    return new Array(2, rows, columns, values.clone());
  }

  /// An array of a definite size of `shape`.
  ///
  /// @param sizes value of every dimension
  /// @param values row-major
  public static Array of(Shape shape, Map<String, Integer> sizes, double... values) {
    return wrap(shape, sizes, values.clone());
  }

  public static Array filled(Shape shape, Map<String, Integer> sizes, double value) {
    int size = size(shape, sizes);
    double[] values = new double[size];
    Arrays.fill(values, value);
    return wrap(shape, sizes, values);
  }

  /// How many numbers a shape has.
  public static int size(Shape shape, Map<String, Integer> sizes) {
    return switch (shape) {
      case Shape.Scalar() -> 1;
      case Shape.Vector(Dim length) -> length.value(sizes);
      case Shape.Matrix(Dim rows, Dim columns) ->
          Math.multiplyExact(rows.value(sizes), columns.value(sizes));
    };
  }

  /// Takes the array over; the caller no longer touches it.
  static Array wrap(Shape shape, Map<String, Integer> sizes, double[] values) {
    return switch (shape) {
      case Shape.Scalar() -> new Array(0, 1, 1, values);
      case Shape.Vector(Dim length) -> new Array(1, length.value(sizes), 1, values);
      case Shape.Matrix(Dim rows, Dim columns) ->
          new Array(2, rows.value(sizes), columns.value(sizes), values);
    };
  }

  /// An array of this shape around `values`, which the caller no longer touches.
  Array withData(double[] values) {
    return new Array(rank, rows, columns, values);
  }

  static Array wrapVector(double[] values) {
    return new Array(1, values.length, 1, values);
  }

  static Array wrapMatrix(int rows, int columns, double[] values) {
    return new Array(2, rows, columns, values);
  }

  /// 0 scalar, 1 vector, 2 matrix.
  public int rank() {
    return rank;
  }

  /// Rows of a matrix, length of a vector, 1 for a scalar.
  public int rows() {
    return rows;
  }

  /// Columns of a matrix, else 1.
  public int columns() {
    return columns;
  }

  public int size() {
    return data.length;
  }

  /// Element in row-major order.
  public double at(int index) {
    return data[index];
  }

  public double at(int row, int column) {
    return data[row * columns + column];
  }

  /// A copy, row-major.
  public double[] toArray() {
    return data.clone();
  }

  /// A copy with one element replaced.
  public Array with(int index, double value) {
    double[] copy = data.clone();
    copy[index] = value;
    return withData(copy);
  }

  boolean sameShape(Array other) {
    return rank == other.rank && rows == other.rows && columns == other.columns;
  }

  /// `scalar`, `[3]`, `[3, 4]`
  public String shapeText() {
    return switch (rank) {
      case 0 -> "scalar";
      case 1 -> "[" + rows + "]";
      default -> "[" + rows + ", " + columns + "]";
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Array array && sameShape(array) && Arrays.equals(data, array.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rank + rows) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return shapeText() + " " + Arrays.toString(data);
  }
}
