package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Adam (Kingma, Ba 2015), with the paper's β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸ unless told otherwise:
///
///     m ← β₁ m + (1 − β₁) g        m̂ = m / (1 − β₁ᵗ)
///     v ← β₂ v + (1 − β₂) g²       v̂ = v / (1 − β₂ᵗ)
///     w ← w − η m̂ / (√v̂ + ε)
public final class Adam implements Optimiser {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private float learningRate;
  private int steps;
  private @Nullable Weights weights;
  private float[][] m = {};
  private float[][] v = {};

  public Adam(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8);
  }

  /// @throws IllegalArgumentException unless 0 ≤ β < 1 and ε > 0
  public Adam(double learningRate, double beta1, double beta2, double epsilon) {
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && (float) epsilon > 0)) {
      throw new IllegalArgumentException(
          "Adam with β₁ = %s, β₂ = %s, ε = %s: expected 0 ≤ β < 1 and ε > 0"
              .formatted(beta1, beta2, epsilon));
    }
    this.learningRate = Optimiser.checkRate(learningRate);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = (float) epsilon;
  }

  @Override
  public void learningRate(double rate) {
    learningRate = Optimiser.checkRate(rate);
  }

  @Override
  public void step(Gradients gradients) {
    Weights target = gradients.weights();
    if (weights == null) {
      m = moments(target);
      v = moments(target);
      weights = target;
    } else if (weights != target) {
      throw new IllegalArgumentException(
          "the moments of this Adam belong to another network: take a new one");
    }
    target.update(
        () -> {
          steps++;
          for (int cell = 0; cell < m.length; cell++) {
            descend(target.parameters(cell), gradients.block(cell), m[cell], v[cell]);
          }
        });
  }

  private static float[][] moments(Weights weights) {
    return weights.cells().stream()
        .map(cell -> new float[Math.toIntExact(cell.code().parameterFloats())])
        .toArray(float[][]::new);
  }

  private void descend(MemorySegment w, MemorySegment gradients, float[] m, float[] v) {
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float rate = (float) (learningRate / (1 - Math.pow(beta1, steps)));
    float unbias = (float) (1 / (1 - Math.pow(beta2, steps)));
    for (int i = 0; i < m.length; i++) {
      long at = (long) i * Float.BYTES;
      float g = gradients.get(FLOAT, at);
      m[i] = b1 * m[i] + (1 - b1) * g;
      v[i] = b2 * v[i] + (1 - b2) * g * g;
      float step = rate * m[i] / ((float) Math.sqrt(v[i] * unbias) + epsilon);
      w.set(FLOAT, at, w.get(FLOAT, at) - step);
    }
  }
}
