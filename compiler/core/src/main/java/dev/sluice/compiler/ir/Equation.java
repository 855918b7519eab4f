package dev.sluice.compiler.ir;

import java.util.Objects;

/// `target_t = value`.
///
/// @param target defined once per cell; its value at the current step
/// @param value the right side
/// @param origin the line of the user's file that it stems from
public record Equation(Symbol target, Expr value, Origin origin) {
  public Equation {
    Objects.requireNonNull(target);
    Objects.requireNonNull(value);
    Objects.requireNonNull(origin);
  }

  public Shape shape() {
    return value.shape();
  }

  /// The target as others refer to it at the same step.
  public Expr.Value now() {
    return new Expr.Value(target, 0, shape());
  }
}
