package dev.sluice.runtime.spi;

import jdk.incubator.vector.FloatVector;

/// The elementwise functions of the language on vectors.
public final class Functions {
  private Functions() {}

  public static FloatVector sigmoid(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  public static FloatVector tanh(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  public static FloatVector exp(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  public static FloatVector log(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  public static FloatVector softplus(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  /// `a^b` for a > 0, or for whole b.
  public static FloatVector power(FloatVector a, FloatVector b) {
    throw new UnsupportedOperationException("function");
  }

  public static FloatVector relu(FloatVector x) {
    return x.max(0f);
  }

  /// -1, 0 or 1.
  public static FloatVector sign(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  /// 1 above 0, else 0.
  public static FloatVector step(FloatVector x) {
    throw new UnsupportedOperationException("function");
  }

  /// 1 where a > b, else 0.
  public static FloatVector greater(FloatVector a, FloatVector b) {
    throw new UnsupportedOperationException("function");
  }
}
