package dev.sluice.benchmarks.peers;

import dev.sluice.benchmarks.Work;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/// Milliseconds of one training pass of other frameworks, on one thread.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PeerTraining {
  @Param({"lstm", "gru"})
  String cell = "lstm";

  @Param("torch")
  String by = "torch";

  @Param({"1x64x64x100", "1x128x128x100", "1x256x256x100", "32x256x256x100"})
  String shape = "1x1x1x1";

  private @Nullable PeerLayer layer;

  @Setup
  public void setUp() {
    layer = PeerLayer.of(by, Work.of(cell, shape));
  }

  @TearDown
  public void tearDown() {
    layer().close();
  }

  @Benchmark
  public void train() {
    layer().train();
  }

  private PeerLayer layer() {
    return java.util.Objects.requireNonNull(layer);
  }
}
