package dev.sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// How long single steps take.
///
/// @param nanoseconds of each step
/// @param bytes that all steps together allocated on the heap
record LatencyReport(BenchSetting setting, Histogram nanoseconds, long bytes)
    implements BenchReport {

  private double percentile(double percent) {
    return nanoseconds.getValueAtPercentile(percent) / 1e3;
  }

  private double most() {
    return nanoseconds.getMaxValue() / 1e3;
  }

  private double bytesPerStep() {
    return (double) bytes / nanoseconds.getTotalCount();
  }

  @Override
  public String text() {
    return BenchReport.format(
        """
        %s, %s, batch %d: %d single steps
          p50    %9.2f µs
          p99    %9.2f µs
          p99.9  %9.2f µs, %.1f times p50
          max    %9.2f µs
          heap   %9.2f bytes per step""",
        setting.cell(),
        setting.lengths(),
        setting.batch(),
        nanoseconds.getTotalCount(),
        percentile(50),
        percentile(99),
        percentile(99.9),
        percentile(99.9) / percentile(50),
        most(),
        bytesPerStep());
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("steps", nanoseconds.getTotalCount());
    result.put("p50_us", percentile(50));
    result.put("p99_us", percentile(99));
    result.put("p999_us", percentile(99.9));
    result.put("max_us", most());
    result.put("bytes_per_step", bytesPerStep());
    return result;
  }
}
