package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// −log softmax(logits)[target], the mean over all targets that count, in nats.
public final class CrossEntropy {
  /// The target of a row that doesn't count: past the end of a sequence.
  public static final int IGNORED = -1;

  private CrossEntropy() {}

  /// The loss alone.
  ///
  /// @param logits [T, B, classes], before the softmax
  /// @param targets a class for each row, `t · B + b`, or [#IGNORED]
  /// @throws IllegalArgumentException when there are more or fewer targets than rows, one is no
  /// class, or none counts
  public static double loss(Tensor logits, int[] targets) {
    return run(logits, targets, MemorySegment.NULL);
  }

  /// The loss and its gradient.
  ///
  /// @param gradient of the logits' shape, overwritten with ∂loss/∂logits = (softmax(logits) −
  /// one-hot) / count
  public static double loss(Tensor logits, int[] targets, Tensor gradient) {
    if (!gradient.hasShape(logits.shape())) {
      throw new IllegalArgumentException(
          "gradient: expected the logits' shape %s, found %s"
              .formatted(logits.shapeText(), gradient.shapeText()));
    }
    return run(logits, targets, gradient.data());
  }

  private static double run(Tensor logits, int[] targets, MemorySegment gradient) {
    int classes = logits.rank() == 0 ? 0 : logits.size(logits.rank() - 1);
    int count = count(logits, targets, classes);
    float[] row = new float[classes];
    long bytes = (long) classes * Float.BYTES;
    double loss = 0;
    for (int r = 0; r < targets.length; r++) {
      if (targets[r] == IGNORED) {
        java.util.Arrays.fill(row, 0);
      } else {
        MemorySegment.copy(
            logits.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, r * bytes, row, 0, classes);
        loss += softmax(row, targets[r], count);
      }
      if (gradient.byteSize() > 0) {
        MemorySegment.copy(row, 0, gradient, ValueLayout.JAVA_FLOAT_UNALIGNED, r * bytes, classes);
      }
    }
    return loss / count;
  }

  private static int count(Tensor logits, int[] targets, int classes) {
    if (classes == 0 || logits.floats() != (long) targets.length * classes) {
      throw new IllegalArgumentException(
          "%d targets for logits of the shape %s: expected one for each row"
              .formatted(targets.length, logits.shapeText()));
    }
    int count = 0;
    for (int r = 0; r < targets.length; r++) {
      if (targets[r] != IGNORED && (targets[r] < 0 || targets[r] >= classes)) {
        throw new IllegalArgumentException(
            "target %d of row %d: expected 0 to %d, or CrossEntropy.IGNORED"
                .formatted(targets[r], r, classes - 1));
      }
      count += targets[r] == IGNORED ? 0 : 1;
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "no target counts: all of %d are ignored".formatted(targets.length));
    }
    return count;
  }

  /// Replaces logits by the gradient; the largest is taken off first, so that no exponential
  /// overflows.
  private static double softmax(float[] row, int target, int count) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : row) {
      largest = Math.max(largest, logit);
    }
    double at = row[target] - (double) largest;
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double e = Math.exp(row[i] - (double) largest);
      row[i] = (float) e;
      sum += e;
    }
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) ((row[i] / sum - (i == target ? 1 : 0)) / count);
    }
    return Math.log(sum) - at;
  }
}
