package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Gradient descent: `w ← w − η g`.
public final class Sgd implements Optimiser {
  private float learningRate;

  public Sgd(double learningRate) {
    this.learningRate = Optimiser.checkRate(learningRate);
  }

  @Override
  public void learningRate(double rate) {
    learningRate = Optimiser.checkRate(rate);
  }

  @Override
  public void step(Gradients gradients) {
    Weights weights = gradients.weights();
    weights.update(
        () -> {
          for (int cell = 0; cell < weights.cells().size(); cell++) {
            descend(
                weights.parameters(cell),
                gradients.block(cell),
                weights.cells().get(cell).code().parameterFloats());
          }
        });
  }

  private void descend(MemorySegment w, MemorySegment g, long floats) {
    for (long at = 0; at < floats * Float.BYTES; at += Float.BYTES) {
      float value =
          w.get(ValueLayout.JAVA_FLOAT, at) - learningRate * g.get(ValueLayout.JAVA_FLOAT, at);
      w.set(ValueLayout.JAVA_FLOAT, at, value);
    }
  }
}
