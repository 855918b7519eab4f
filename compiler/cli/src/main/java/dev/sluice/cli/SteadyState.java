package dev.sluice.cli;

import java.util.Arrays;

/// When a program that has just started has reached its speed.
///
/// @param reached milliseconds from its start until then
/// @param pass milliseconds of a pass from then on
record SteadyState(double reached, double pass) {
  /// A median of so many passes, as any single one may be disturbed.
  private static final int WINDOW = 9;

  /// What still counts as its speed.
  private static final double SLACK = 1.1;

  /// The start of the first passes in a row whose median is that of the second half, or nearly.
  ///
  /// @param ends milliseconds from the start to the end of each pass
  /// @param took milliseconds of each pass
  static SteadyState of(double[] ends, double[] took) {
    if (ends.length == 0 || ends.length != took.length) {
      throw new IllegalArgumentException(
          "%d ends of %d passes".formatted(ends.length, took.length));
    }
    double pass = median(took, took.length / 2, took.length);
    int window = Math.min(WINDOW, took.length);
    int first = 0;
    while (first + window < took.length && median(took, first, first + window) > SLACK * pass) {
      first++;
    }
    return new SteadyState(ends[first] - took[first], pass);
  }

  private static double median(double[] values, int from, int to) {
    double[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
