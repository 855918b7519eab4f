package dev.sluice.cli;

import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.WeightFormat;
import dev.sluice.runtime.spi.CellProgram;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// A program with a compiled cell, which [Startup] starts to see how long it takes to a result. The
/// cell comes as a service, so that no class is named at run time.
public final class StartupProbe {
  /// What the line with the results begins with.
  static final String MARK = "startup ";

  private StartupProbe() {}

  /// @param arguments when the process was started, in ISO-8601; mode, batch, steps; seconds to go
  ///     on after the first result; then sizes, `x=4`
  public static void main(String[] arguments) {
    Instant start = Instant.parse(arguments[0]);
    CellProgram program = ServiceLoader.load(CellProgram.class).findFirst().orElseThrow();
    Sizes sizes = Sizes.none();
    for (int i = 5; i < arguments.length; i++) {
      String[] size = arguments[i].split("=", 2);
      sizes = sizes.and(size[0], Integer.parseInt(size[1]));
    }
    BenchCommand.Mode mode = BenchCommand.Mode.valueOf(arguments[1]);
    int batch = Integer.parseInt(arguments[2]);
    int steps = Integer.parseInt(arguments[3]);
    try (Sequential network = Sequential.of(Recurrent.of(program, sizes)).initialise(42);
        Bench bench =
            new Bench(network, mode, batch, steps, 1, Long.MAX_VALUE, WeightFormat.FLOAT32)) {
      measure(bench, start, Double.parseDouble(arguments[4]));
    }
  }

  private static void measure(Bench bench, Instant start, double seconds) {
    List<Double> ends = new ArrayList<>();
    List<Double> took = new ArrayList<>();
    bench.pass();
    double first = milliseconds(start);
    for (double now = first; now < first + seconds * 1e3 || took.isEmpty(); now = ends.getLast()) {
      long begin = System.nanoTime();
      bench.pass();
      took.add((System.nanoTime() - begin) / 1e6);
      ends.add(milliseconds(start));
    }
    SteadyState steady = SteadyState.of(array(ends), array(took));
    System.out.println(MARK + first + " " + steady.reached() + " " + steady.pass());
  }

  private static double milliseconds(Instant since) {
    return Duration.between(since, Instant.now()).toNanos() / 1e6;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }
}
