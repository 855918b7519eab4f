package dev.sluice.benchmarks;

import dev.sluice.samples.bench.Contestant;
import dev.sluice.samples.bench.Generated;
import dev.sluice.samples.bench.Handwritten;
import dev.sluice.samples.bench.Workload;
import dev.sluice.samples.cells.Gru;
import dev.sluice.samples.cells.Lstm;
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

/// Milliseconds of one pass on one thread: generated code, a handwritten layer with the Vector API,
/// and one in plain loops.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:Tier3DelayOn=100000"})
public class LayerBenchmark {
  @Param({"lstm", "gru"})
  String cell = "lstm";

  @Param({"generated", "vector", "plain"})
  String by = "generated";

  @Param({"1x64x64x100", "1x128x128x100", "1x256x256x100", "32x256x256x100"})
  String shape = "1x1x1x1";

  private Contestant contestant = Handwritten.plain(Work.of(cell, shape));

  @Setup
  public void setUp() {
    Workload work = Work.of(cell, shape);
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
  public void train() {
    contestant.train();
  }
}
