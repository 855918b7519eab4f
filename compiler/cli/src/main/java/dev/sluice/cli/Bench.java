package dev.sluice.cli;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.MemoryPlan;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.WeightFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Times passes over random numbers.
final class Bench implements AutoCloseable {
  /// Enough for the compiler of the JVM to have seen every loop, however long a pass takes.
  private static final int LEAST_WARM_UP = 3;

  /// Warming up goes on while a round's best pass is better than those before by more than this.
  private static final double STILL_BETTER = 0.95;

  /// A round whose middle pass takes more than so many times the best has met the compiler.
  private static final double UNSTEADY = 1.5;

  private static final int MOST_WARM_UP_ROUNDS = 12;

  private static final int LEAST_MEASURED = 5;

  private final Passes passes;

  /// @param threads that share out each pass
  /// @param memory bytes for weights and session
  /// @param format of the weights in inference
  Bench(
      Sequential network,
      BenchCommand.Mode mode,
      int batch,
      int steps,
      int threads,
      long memory,
      WeightFormat format) {
    RandomGenerator random = new java.util.SplittableRandom(42);
    Batch data = data(network, steps, batch, random);
    Tensor output = Tensor.zeros(steps, batch, network.outputLength());
    passes =
        switch (mode) {
          case INFER -> new Forward(network.session(threads, format).memory(memory), data, output);
          case TRAIN ->
              new ForwardAndBack(
                  network.training(threads).memory(memory),
                  data,
                  output,
                  random(random, steps, batch, network.outputLength()));
        };
  }

  /// Random numbers for all inputs.
  static Batch data(Sequential network, int steps, int batch, RandomGenerator random) {
    Batch data = Batch.of(random(random, steps, batch, network.inputLength()));
    for (var input : network.moreInputs().entrySet()) {
      data = data.input(input.getKey(), random(random, steps, batch, input.getValue()));
    }
    return data;
  }

  private static Tensor random(RandomGenerator random, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    float[] values = new float[Math.toIntExact(tensor.floats())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return Tensor.of(values, shape);
  }

  /// Milliseconds of each measured pass, sorted.
  double[] milliseconds(double seconds) {
    long budget = (long) (seconds * 1e9);
    List<Double> times = new ArrayList<>();
    try (Progress bar = Progress.of("measuring", budget / 3 + budget)) {
      warmUp(budget / 3, bar);
      repeat(budget, LEAST_MEASURED, bar, budget / 3, times);
    }
    double[] sorted = times.stream().mapToDouble(t -> t).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private void warmUp(long budget, Progress bar) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < MOST_WARM_UP_ROUNDS; round++) {
      List<Double> times = new ArrayList<>();
      repeat(budget, LEAST_WARM_UP, bar, 0, times);
      times.sort(null);
      double least = times.getFirst();
      boolean steady = times.get(times.size() / 2) < UNSTEADY * least;
      if (steady && least > STILL_BETTER * best) {
        return;
      }
      best = Math.min(best, least);
    }
  }

  private void repeat(long budget, int least, Progress bar, long before, List<Double> times) {
    long start = System.nanoTime();
    while (times.size() < least || System.nanoTime() - start < budget) {
      long begin = System.nanoTime();
      pass();
      long end = System.nanoTime();
      times.add((end - begin) / 1e6);
      bar.to(before + Math.min(budget, end - start));
    }
  }

  /// Memory off the heap of the session with the weights, after a pass.
  MemoryUse memory() {
    return new MemoryUse(passes.plan(), passes.plan().bytes(), passes.memoryUsed());
  }

  void pass() {
    passes.run();
  }

  @Override
  public void close() {
    passes.close();
  }

  private sealed interface Passes extends AutoCloseable {
    void run();

    long memoryUsed();

    MemoryPlan plan();

    @Override
    void close();
  }

  private record Forward(Session session, Batch data, Tensor output) implements Passes {
    @Override
    public void run() {
      session.run(data, output);
    }

    @Override
    public long memoryUsed() {
      return session.memoryUsed();
    }

    @Override
    public MemoryPlan plan() {
      return session.plan(data.x().size(0), data.x().size(1));
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private record ForwardAndBack(Training training, Batch data, Tensor output, Tensor gradient)
      implements Passes {
    @Override
    public void run() {
      training.gradients().zero();
      training.forward(data, output);
      training.backward(gradient);
    }

    @Override
    public long memoryUsed() {
      return training.memoryUsed();
    }

    @Override
    public MemoryPlan plan() {
      return training.plan(data.x().size(0), data.x().size(1));
    }

    @Override
    public void close() {
      training.close();
    }
  }
}
