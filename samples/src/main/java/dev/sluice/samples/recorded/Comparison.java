package dev.sluice.samples.recorded;

import java.util.Arrays;

/// A tensor of ours beside the recorded one.
///
/// @param largest |x| of the tensor that `expected` is a part of
public record Comparison(
    String what, Numbers actual, Numbers expected, double largest, Tolerance tolerance) {

  public static Comparison of(String what, Numbers actual, Numbers expected, Tolerance tolerance) {
    return new Comparison(what, actual, expected, expected.largest(), tolerance);
  }

  public boolean pass() {
    return firstWrong() < 0;
  }

  /// The largest error, relative to the largest recorded number.
  public double error() {
    double worst = 0;
    for (int i = 0; i < expected.data().length; i++) {
      if (!Double.isNaN(expected.data()[i])) {
        double e = Math.abs(actual.data()[i] - expected.data()[i]);
        worst = Double.isNaN(e) ? Double.POSITIVE_INFINITY : Math.max(worst, e);
      }
    }
    return worst == 0 ? 0 : worst / Math.max(largest, Double.MIN_NORMAL);
  }

  private int firstWrong() {
    if (actual.data().length != expected.data().length) {
      return 0;
    }
    for (int i = 0; i < expected.data().length; i++) {
      double x = expected.data()[i];
      boolean within =
          Double.isInfinite(x)
              ? actual.data()[i] == x
              : Math.abs(actual.data()[i] - x) <= tolerance.allowed(x, largest);
      if (!Double.isNaN(x) && !within) {
        return i;
      }
    }
    return -1;
  }

  /// `grad W_f [5, 4], element 3: 0.25, expected 0.26, allowed ±1e-6`.
  @Override
  public String toString() {
    String shape = Arrays.toString(expected.shape());
    int at = firstWrong();
    if (at < 0) {
      return "%s %s".formatted(what, shape);
    }
    if (actual.data().length != expected.data().length) {
      return "%s: shape %s, expected %s".formatted(what, Arrays.toString(actual.shape()), shape);
    }
    double x = expected.data()[at];
    return "%s %s, element %d: %s, expected %s, allowed ±%.1e"
        .formatted(what, shape, at, actual.data()[at], x, tolerance.allowed(x, largest));
  }
}
