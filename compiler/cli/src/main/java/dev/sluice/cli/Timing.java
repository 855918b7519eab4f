package dev.sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// Times of a pass.
///
/// @param word what was timed, for people
/// @param times milliseconds, sorted
/// @param operations of one pass, as `explain` counts them
/// @param memory that it took
record Timing(String word, double[] times, double operations, MemoryUse memory)
    implements BenchReport {
  double median() {
    return times[times.length / 2];
  }

  private double gflops() {
    return operations / median() / 1e6;
  }

  @Override
  public String text() {
    String line = "%s: median %.3f ms, least %.3f ms of %d passes, %.1f GFLOP/s";
    return memory.text()
        + "\n"
        + BenchReport.format(line, word, median(), times[0], times.length, gflops());
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ms", median());
    result.put("min_ms", times[0]);
    result.put("gflops", gflops());
    result.put("memory", memory.json());
    return result;
  }
}
