package dev.sluice.cli;

import java.util.Locale;
import java.util.Map;

/// What `bench` has found out.
sealed interface BenchReport
    permits Timing, RooflineReport, LatencyReport, StartupReport, AccuracyReport {
  /// For people: lines, the last without a line break.
  String text();

  /// For programs: an object.
  Map<String, Object> json();

  /// Formats numbers with a point wherever it runs.
  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
