package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final int[] TARGETS = {0, 2, CrossEntropy.IGNORED, 1, 1, CrossEntropy.IGNORED};

  /// By hand: -log softmax at the target, mean over the four that count.
  private static double crossEntropy(double[] logits) {
    double loss = 0;
    for (int r = 0; r < TARGETS.length; r++) {
      if (TARGETS[r] >= 0) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          sum += Math.exp(logits[3 * r + c]);
        }
        loss += Math.log(sum) - logits[3 * r + TARGETS[r]];
      }
    }
    return loss / 4;
  }

  @Test
  void crossEntropyAndItsGradient() {
    Tensor logits = NetworkTest.random(new SplittableRandom(1), 3, 2, 3);
    Tensor gradient = NetworkTest.random(new SplittableRandom(2), 3, 2, 3);
    double[] values = Reference.doubles(logits.toArray());
    assertThat(CrossEntropy.loss(logits, TARGETS, gradient))
        .isCloseTo(crossEntropy(values), within(1e-9));
    assertThat(CrossEntropy.loss(logits, TARGETS)).isCloseTo(crossEntropy(values), within(1e-9));
    double[] expected = Reference.gradient(values, () -> crossEntropy(values));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) gradient.toArray()[i]).isCloseTo(expected[i], within(1e-7));
    }
  }

  @Test
  void largeLogitsDoNotOverflow() {
    Tensor gradient = Tensor.zeros(1, 1, 2);
    double loss =
        CrossEntropy.loss(Tensor.of(new float[] {1000, -1000}, 1, 1, 2), new int[] {1}, gradient);
    assertThat(loss).isEqualTo(2000);
    assertThat(gradient.toArray()).containsExactly(1, -1);
  }

  @Test
  void targetsThatDoNotFitAreNamed() {
    Tensor logits = Tensor.zeros(2, 1, 3);
    assertThatThrownBy(() -> CrossEntropy.loss(logits, new int[] {0}))
        .hasMessage("1 targets for logits of the shape [2, 1, 3]: expected one for each row");
    assertThatThrownBy(() -> CrossEntropy.loss(logits, new int[] {0, 3}))
        .hasMessage("target 3 of row 1: expected 0 to 2, or CrossEntropy.IGNORED");
    assertThatThrownBy(() -> CrossEntropy.loss(logits, new int[] {-1, -1}))
        .hasMessageContaining("no target counts");
  }

  @Test
  void meanSquaredErrorOfSequencesOfDifferentLength() {
    Tensor output = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2, 1);
    Tensor target = Tensor.of(new float[] {0, 0, 1, 9}, 2, 2, 1);
    Tensor gradient = Tensor.zeros(2, 2, 1);
    assertThat(MeanSquaredError.loss(output, target, gradient)).isEqualTo((1 + 4 + 4 + 25) / 4.0);
    assertThat(gradient.toArray()).containsExactly(0.5f, 1, 1, -2.5f);
    assertThat(MeanSquaredError.loss(output, target, gradient, new int[] {2, 1}))
        .isEqualTo((1 + 4 + 4) / 3.0);
    assertThat(gradient.toArray()).containsExactly(2 / 3f, 4 / 3f, 4 / 3f, 0);
  }

  @Test
  void oneHot() {
    assertThat(OneHot.of(new int[][] {{1, 0}, {2, 2}}, 3).toArray())
        .containsExactly(0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1);
    float[] vector = {7, 7, 7};
    OneHot.fill(2, vector);
    assertThat(vector).containsExactly(0, 0, 1);
    assertThatThrownBy(() -> OneHot.fill(3, vector)).hasMessage("symbol 3: expected 0 to 2");
    assertThatThrownBy(() -> OneHot.of(new int[][] {{1, 0}, {2}}, 3))
        .hasMessage("step 1 has 1 symbols, step 0 has 2");
  }
}
