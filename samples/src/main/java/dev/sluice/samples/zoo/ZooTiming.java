package dev.sluice.samples.zoo;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.analysis.Flops;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import java.time.Duration;
import java.util.LinkedHashMap;

/// Seconds per FLOP of training a cell, forward and backward, on one thread.
final class ZooTiming {
  private static final int STEPS = 32;
  private static final int BATCH = 16;
  private static final int ROUNDS = 7;
  private static final Duration WARM_UP = Duration.ofMillis(1500);

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
      training.warmUp(STEPS, BATCH, WARM_UP);
      double best = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        training.forward(batch);
        training.backward(gradient);
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      long flops =
          Flops.forward(compiled.canonical()).value(sizes)
              + Flops.backward(compiled.adjoint()).value(sizes);
      return best / ((double) flops * STEPS * BATCH);
    }
  }

  private static Tensor ones(int length) {
    float[] values = new float[STEPS * BATCH * length];
    java.util.Arrays.fill(values, 1);
    return Tensor.of(values, STEPS, BATCH, length);
  }
}
