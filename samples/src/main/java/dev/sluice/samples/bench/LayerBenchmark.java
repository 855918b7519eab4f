package dev.sluice.samples.bench;

import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.bench.Workload.CellKind;
import dev.sluice.samples.cells.Gru;
import dev.sluice.samples.cells.Lstm;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/// Milliseconds of one pass over 50 steps: generated code, a handwritten layer with the Vector API,
/// and one in plain loops.
///
///     mvn -q -Pjmh -pl samples -am package -DskipTests
///
/// runs all of them, about 20 minutes; `-Djmh="-p cell=lstm -p batch=32"` gives options to JMH.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class LayerBenchmark {
  @Param({"lstm", "gru"})
  String cell = "lstm";

  @Param({"generated", "vector", "plain"})
  String by = "generated";

  @Param({"1", "32"})
  int batch = 1;

  @Param({"128", "256"})
  int units = 128;

  private Contestant contestant = Handwritten.plain(work("lstm", 1, 1));

  private static Workload work(String cell, int units, int batch) {
    CellKind kind = CellKind.valueOf(cell.toUpperCase(Locale.ROOT));
    return Workload.random(kind, new Extent(units, units, batch, 50), 1);
  }

  @Setup
  public void setUp() {
    Workload work = work(cell, units, batch);
    contestant =
        switch (by) {
          case "generated" ->
              new Generated(
                  switch (work.cell()) {
                    case LSTM -> new Lstm();
                    case GRU -> new Gru();
                  },
                  work);
          case "vector" -> Handwritten.vector(work);
          case "plain" -> Handwritten.plain(work);
          default -> throw new IllegalArgumentException("by " + by);
        };
  }

  @TearDown
  public void tearDown() {
    contestant.close();
  }

  @Benchmark
  public float[] infer() {
    return contestant.infer();
  }

  @Benchmark
  public float[] train() {
    return contestant.train();
  }

  /// Runs JMH with its own options.
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    new Runner(new CommandLineOptions(arguments)).run();
  }
}
