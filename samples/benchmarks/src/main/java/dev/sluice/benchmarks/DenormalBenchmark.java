package dev.sluice.benchmarks;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.samples.cells.Lstm;
import java.util.Arrays;
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

/// An LSTM that neither forgets nor writes, on one thread: its states, and in training all
/// gradients, stay what they were at the start. Denormal numbers (1e-40) should cost at most 1.5
/// times what others cost; processors of some makers take far longer for them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:Tier3DelayOn=100000"})
public class DenormalBenchmark {
  private static final int INPUTS = 64;
  private static final int UNITS = 128;
  private static final int STEPS = 100;

  @Param({"1e-3", "1e-40"})
  float value = 1;

  @Param({"1", "32"})
  int batch = 1;

  private final Sequential network =
      Sequential.of(Lstm.create(Sizes.of("x", INPUTS).and("h", UNITS))).initialise(1);
  private final Session session = network.session(1);
  private final Training training = network.training(1);
  private Batch data = Batch.of(Tensor.zeros(1, 1, INPUTS));
  private Tensor output = Tensor.zeros(1, 1, UNITS);
  private Tensor gradient = output;

  @Setup
  public void setUp() {
    network.weights().set(Name.of(0, "b_f"), filled(UNITS, 200));
    network.weights().set(Name.of(0, "b_i"), filled(UNITS, -200));
    Tensor state = Tensor.of(filled(batch * UNITS, value), batch, UNITS);
    data =
        Batch.of(Tensor.zeros(STEPS, batch, INPUTS))
            .initial(Name.of(0, "c"), state)
            .initial(Name.of(0, "h"), state);
    output = Tensor.zeros(STEPS, batch, UNITS);
    gradient = Tensor.of(filled(STEPS * batch * UNITS, value), STEPS, batch, UNITS);
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  @TearDown
  public void tearDown() {
    training.close();
    session.close();
    network.close();
  }

  @Benchmark
  public void infer() {
    session.run(data, output);
  }

  @Benchmark
  public void train() {
    training.forward(data, output);
    training.backward(gradient);
  }
}
