package dev.sluice.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

/// How far a value x may be off: `absolute + relative · |x| + ofLargest · max |tensor|`. The
/// numbers are those of the resources' README.
record Tolerance(double absolute, double relative, double ofLargest) {

  static Tolerance values(TorchCase run) {
    if (run.isDouble()) {
      return new Tolerance(1e-12, 1e-12, 0);
    }
    return run.isSaturated() || run.isLong()
        ? new Tolerance(2e-5, 1e-4, 0)
        : new Tolerance(2e-6, 1e-5, 0);
  }

  static Tolerance gradients(TorchCase run) {
    if (run.isDouble()) {
      return new Tolerance(1e-12, 1e-12, 0);
    }
    return run.isSaturated() ? new Tolerance(0, 0, 1e-4) : new Tolerance(1e-6, 0, 1e-5);
  }

  /// @param largest of the tensor that `expected` is a part of
  void check(String what, Numbers actual, Numbers expected, double largest) {
    assertThat(actual.shape()).as("shape of " + what).isEqualTo(expected.shape());
    for (int i = 0; i < expected.data().length; i++) {
      double x = expected.data()[i];
      double allowed = absolute + relative * Math.abs(x) + ofLargest * largest;
      assertThat(Math.abs(actual.data()[i] - x))
          .as("%s[%d]: %s, expected %s", what, i, actual.data()[i], x)
          .isLessThanOrEqualTo(allowed);
    }
  }

  void check(String what, Numbers actual, Numbers expected) {
    check(what, actual, expected, expected.largest());
  }
}
