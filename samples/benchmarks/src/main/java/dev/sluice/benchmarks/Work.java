package dev.sluice.benchmarks;

import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.bench.Workload;
import dev.sluice.samples.bench.Workload.CellKind;
import java.util.Arrays;
import java.util.Locale;

/// The work that benchmarks name in their parameters.
public final class Work {
  private Work() {}

  /// @param cell `lstm` or `gru`
  /// @param shape batch, inputs, units and steps: `1x128x128x100`
  public static Workload of(String cell, String shape) {
    int[] sizes = Arrays.stream(shape.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    if (sizes.length != 4) {
      throw new IllegalArgumentException(
          "shape " + shape + ": expected BATCHxINPUTSxUNITSxSTEPS, such as 1x128x128x100");
    }
    CellKind kind = CellKind.valueOf(cell.toUpperCase(Locale.ROOT));
    return Workload.random(kind, new Extent(sizes[1], sizes[2], sizes[0], sizes[3]), 1);
  }
}
