package dev.sluice.benchmarks.report;

import java.util.List;
import java.util.Locale;

/// Ratios of many cases in a line.
///
/// @param mean geometric
/// @param worst the least of the ratios
/// @param ahead cases with a ratio of at least 1
record Summary(int cases, double mean, double worst, long ahead) {
  static Summary of(List<Double> ratios) {
    double logarithms = ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN);
    return new Summary(
        ratios.size(),
        Math.exp(logarithms),
        ratios.stream().mapToDouble(r -> r).min().orElse(Double.NaN),
        ratios.stream().filter(r -> r >= 1).count());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "geometric mean %.2f, worst %.2f, ahead in %d of %d",
        mean,
        worst,
        ahead,
        cases);
  }
}
