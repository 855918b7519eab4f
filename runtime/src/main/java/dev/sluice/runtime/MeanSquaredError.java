package dev.sluice.runtime;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// `Σ (output − target)² / count`, over all elements that count.
public final class MeanSquaredError {
  private MeanSquaredError() {}

  /// The loss of all elements, and its gradient.
  ///
  /// @param gradient of the output's shape, overwritten with ∂loss/∂output = 2 (output − target) /
  /// count
  public static double loss(Tensor output, Tensor target, Tensor gradient) {
    check(output, target, gradient);
    return sum(output, target, gradient, i -> true);
  }

  /// The loss of sequences of different length: elements past their ends don't count.
  ///
  /// @param output [T, B, O]
  /// @param lengths steps of each sequence
  public static double loss(Tensor output, Tensor target, Tensor gradient, int[] lengths) {
    check(output, target, gradient);
    if (output.rank() != 3 || output.size(1) != lengths.length) {
      throw new IllegalArgumentException(
          "%d lengths for an output of the shape %s: expected one for each sequence of [T, B, O]"
              .formatted(lengths.length, output.shapeText()));
    }
    for (int b = 0; b < lengths.length; b++) {
      if (lengths[b] < 0 || lengths[b] > output.size(0)) {
        throw new IllegalArgumentException(
            "length %d of sequence %d: expected 0 to %d".formatted(lengths[b], b, output.size(0)));
      }
    }
    int batch = output.size(1);
    int width = output.size(2);
    // Element i belongs to step i / width / B of sequence i / width mod B.
    return sum(output, target, gradient, i -> i / width / batch < lengths[i / width % batch]);
  }

  private static void check(Tensor output, Tensor target, Tensor gradient) {
    if (!target.hasShape(output.shape()) || !gradient.hasShape(output.shape())) {
      throw new IllegalArgumentException(
          "target %s and gradient %s: expected the output's shape %s"
              .formatted(target.shapeText(), gradient.shapeText(), output.shapeText()));
    }
  }

  private static double sum(Tensor output, Tensor target, Tensor gradient, IntPredicate counts) {
    float[] y = output.toArray();
    float[] wanted = target.toArray();
    long count = IntStream.range(0, y.length).filter(counts).count();
    if (count == 0) {
      throw new IllegalArgumentException("no element of " + output + " counts");
    }
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double error = counts.test(i) ? (double) y[i] - wanted[i] : 0;
      sum += error * error;
      y[i] = (float) (2 * error / count);
    }
    gradient.copyFrom(y);
    return sum / count;
  }
}
