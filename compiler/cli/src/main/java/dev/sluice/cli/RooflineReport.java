package dev.sluice.cli;

import dev.sluice.cli.ceilings.Ceilings;
import dev.sluice.runtime.spi.Lanes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A cell's speed beside the limits of the machine.
///
/// @param ms median of a pass
record RooflineReport(BenchSetting setting, double ms, Roofline roofline, Ceilings ceilings)
    implements BenchReport {

  private double gflops() {
    return roofline.operations() / ms / 1e6;
  }

  private double gigabytes() {
    return roofline.bytes() / ms / 1e6;
  }

  private double reached() {
    return roofline.seconds() * 1e3 / ms;
  }

  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(setting.toString());
    lines.add(line("", "achieved", "limit", "reached"));
    lines.add(
        line(
            "products",
            BenchReport.format("%.1f GFLOP/s", gflops()),
            BenchReport.format("%.1f GFLOP/s", ceilings.fma()),
            percent(gflops() / ceilings.fma())));
    if (roofline.bytes() > 0) {
      lines.add(
          line(
              "recurrent weights",
              BenchReport.format("%.1f GB/s", gigabytes()),
              BenchReport.format(
                  "%.1f GB/s, %s", roofline.level().speed(), roofline.level().level()),
              percent(gigabytes() / roofline.level().speed())));
    }
    lines.add(
        line(
            "time of a pass",
            BenchReport.format("%.3f ms", ms),
            BenchReport.format("%.3f ms", roofline.seconds() * 1e3),
            percent(reached())));
    lines.add(
        BenchReport.format(
            "limits of %d core%s, vectors of %d bits: multiply-adds %.1f GFLOP/s; loads %s",
            ceilings.threads(),
            ceilings.threads() == 1 ? "" : "s",
            Lanes.BYTES * Byte.SIZE,
            ceilings.fma(),
            String.join(
                ", ",
                ceilings.loads().stream()
                    .map(
                        l ->
                            BenchReport.format(
                                "%s %.1f GB/s (%s)", l.level(), l.speed(), size(l.footprint())))
                    .toList())));
    return String.join("\n", lines);
  }

  private static String line(String what, String achieved, String limit, String reached) {
    return BenchReport.format("%-18s %16s %18s %8s", what, achieved, limit, reached)
        .stripTrailing();
  }

  private static String percent(double part) {
    return BenchReport.format("%.0f %%", 100 * part);
  }

  private static String size(long bytes) {
    return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ms", ms);
    result.put("roofline_ms", roofline.seconds() * 1e3);
    result.put("reached", reached());
    result.put("gflops", gflops());
    result.put("gflops_limit", ceilings.fma());
    result.put("recurrent_gb_per_s", gigabytes());
    result.put("recurrent_level", roofline.level().level());
    result.put("vector_bits", Lanes.BYTES * Byte.SIZE);
    List<Object> loads = new ArrayList<>();
    for (Ceilings.Load load : ceilings.loads()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("level", load.level());
      entry.put("footprint", load.footprint());
      entry.put("gb_per_s", load.speed());
      loads.add(entry);
    }
    result.put("loads", loads);
    return result;
  }
}
