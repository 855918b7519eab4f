package dev.sluice.samples.zoo;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.analysis.Flops;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import java.util.LinkedHashMap;

/// Seconds per FLOP of training a cell, forward and backward, on one thread.
final class ZooTiming {
  private static final int STEPS = 32;
  private static final int BATCH = 16;

  /// A pass counts as fast as it gets when for so long none was faster by more than a fiftieth: the
  /// JVM compiles kernels while they run.
  private static final double SETTLED_SECONDS = 2;

  private static final double MOST_SECONDS = 15;

  private ZooTiming() {}

  static double secondsPerFlop(Compiled compiled) {
    var sizes = ZooCheck.equalSizes(compiled.cell());
    Recurrent layer = Recurrent.of(compiled.load(), new Sizes(new LinkedHashMap<>(sizes)));
    try (Sequential network = Sequential.of(layer).initialise(1);
        Training training = network.training(1)) {
      Batch batch = Batch.of(ones(network.inputLength()));
      for (var input : network.moreInputs().entrySet()) {
        batch = batch.input(input.getKey(), ones(input.getValue()));
      }
      Tensor gradient = Tensor.zeros(STEPS, BATCH, network.outputLength());
      double best = Double.MAX_VALUE;
      long start = System.nanoTime();
      long faster = start;
      while (seconds(faster) < SETTLED_SECONDS && seconds(start) < MOST_SECONDS) {
        long pass = System.nanoTime();
        training.forward(batch);
        training.backward(gradient);
        double time = seconds(pass);
        if (time < 0.98 * best) {
          faster = System.nanoTime();
        }
        best = Math.min(best, time);
      }
      long flops =
          Flops.forward(compiled.canonical()).value(sizes)
              + Flops.backward(compiled.adjoint()).value(sizes);
      return best / ((double) flops * STEPS * BATCH);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static Tensor ones(int length) {
    float[] values = new float[STEPS * BATCH * length];
    java.util.Arrays.fill(values, 1);
    return Tensor.of(values, STEPS, BATCH, length);
  }
}
