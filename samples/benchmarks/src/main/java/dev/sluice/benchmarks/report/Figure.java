package dev.sluice.benchmarks.report;

/// A measured time and how far off it may be.
///
/// @param ms milliseconds of a pass
/// @param low the least that it may be
/// @param high the most
record Figure(double ms, double low, double high) {
  static Figure exact(double ms) {
    return new Figure(ms, ms, ms);
  }

  /// How many times longer it is than another.
  Figure over(Figure other) {
    return new Figure(ms / other.ms, low / other.high, high / other.low);
  }
}
