package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimiserTest {
  private static final Name W = Name.of(0, "W");
  private static final Name B = Name.of(0, "b");

  /// y = W x + b with ∂L/∂W = g x, ∂L/∂b = g, for x = 2.
  private static void backward(Training training, float g) {
    training.gradients().zero();
    training.forward(Tensor.of(new float[] {2}, 1, 1, 1));
    training.backward(Tensor.of(new float[] {g}, 1, 1, 1));
  }

  @Test
  void gradientDescent() {
    try (Sequential network = Sequential.of(Linear.of(1, 1));
        Training training = network.training()) {
      backward(training, 3);
      new Sgd(0.5).step(training.gradients());
      assertThat(network.weights().get(W).get(0, 0)).isEqualTo(-3);
      assertThat(network.weights().get(B).get(0)).isEqualTo(-1.5f);
    }
  }

  @Test
  void adamAsThePaperHasIt() {
    try (Sequential network = Sequential.of(Linear.of(1, 1));
        Training training = network.training()) {
      Adam adam = new Adam(0.1);
      double m = 0;
      double v = 0;
      double w = 0;
      for (int t = 1; t <= 20; t++) {
        float g = (float) Math.sin(t);
        backward(training, g / 2);
        adam.step(training.gradients());
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        w -= 0.1 * m / (1 - Math.pow(0.9, t)) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        assertThat((double) network.weights().get(W).get(0, 0))
            .as("step %d", t)
            .isCloseTo(w, within(1e-5));
      }
    }
  }

  @Test
  void clippingScalesAllGradientsTogether() {
    try (Sequential network = Sequential.of(Linear.of(1, 1));
        Training training = network.training()) {
      backward(training, 3);
      double norm = Math.sqrt(6 * 6 + 3 * 3);
      assertThat(training.gradients().clipNorm(100)).isCloseTo(norm, within(1e-6));
      assertThat(training.gradients().get(W).get(0, 0)).isEqualTo(6);
      assertThat(training.gradients().clipNorm(1)).isCloseTo(norm, within(1e-6));
      assertThat((double) training.gradients().get(W).get(0, 0)).isCloseTo(6 / norm, within(1e-6));
      assertThat(training.gradients().norm()).isCloseTo(1, within(1e-6));
      backward(training, Float.NaN);
      assertThatThrownBy(() -> training.gradients().clipNorm(1))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("the gradients' norm is NaN: training has diverged");
    }
  }

  @Test
  void gradientsAccumulateUntilTheyAreZeroed() {
    try (Sequential network = Sequential.of(Linear.of(1, 1));
        Training one = network.training();
        Training other = network.training()) {
      backward(one, 3);
      one.forward(Tensor.of(new float[] {2}, 1, 1, 1));
      one.backward(Tensor.of(new float[] {4}, 1, 1, 1));
      assertThat(one.gradients().get(B).get(0)).isEqualTo(7);
      backward(other, 10);
      one.gradients().add(other.gradients());
      assertThat(one.gradients().get(B).get(0)).isEqualTo(17);
      assertThat(one.gradients().get(W).get(0, 0)).isEqualTo(34);
    }
  }

  @Test
  void ratesAndNetworksAreChecked() {
    assertThatThrownBy(() -> new Adam(Double.NaN))
        .hasMessage("learning rate NaN: expected 0 or more");
    assertThatThrownBy(() -> new Sgd(-1)).hasMessage("learning rate -1.0: expected 0 or more");
    assertThatThrownBy(() -> new Adam(1, 1, 0.9, 1e-8))
        .hasMessageContaining("expected 0 ≤ β < 1 and ε > 0");
    try (Sequential network = Sequential.of(Linear.of(1, 1));
        Sequential second = Sequential.of(Linear.of(1, 1));
        Training training = network.training();
        Training other = second.training()) {
      Adam adam = new Adam(0.1);
      adam.step(training.gradients());
      assertThatThrownBy(() -> adam.step(other.gradients()))
          .hasMessageContaining("belong to another network");
      assertThatThrownBy(() -> training.gradients().add(other.gradients()))
          .hasMessage("gradients of another network");
    }
  }

  /// A task that needs memory: the sign of the first input, four steps later. Same seed, same
  /// result.
  @Test
  void aNetworkLearnsAndTheSameSeedLearnsTheSame() {
    double[] first = train();
    assertThat(first[1]).isLessThan(0.02).isLessThan(first[0] / 20);
    assertThat(train()).containsExactly(first);
  }

  private static double[] train() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    try (Sequential network =
            Sequential.of(
                    Recurrent.of(new Elman(), Sizes.of("x", 1).and("h", 8)).lastStep(),
                    Linear.of(8, 2))
                .initialise(3);
        Training training = network.training()) {
      Adam adam = new Adam(0.02);
      double[] losses = {0, 0};
      for (int i = 0; i < 200; i++) {
        Tensor x = NetworkTest.random(random, 4, 16, 1);
        int[] targets = new int[16];
        for (int b = 0; b < 16; b++) {
          x.set(Math.signum(x.get(0, b, 0)), 0, b, 0);
          targets[b] = x.get(0, b, 0) > 0 ? 1 : 0;
        }
        Tensor y = training.forward(x);
        Tensor gradient = Tensor.zeros(y.shape());
        losses[1] = CrossEntropy.loss(y, targets, gradient);
        losses[0] = i == 0 ? losses[1] : losses[0];
        training.gradients().zero();
        training.backward(gradient);
        training.gradients().clipNorm(1);
        adam.step(training.gradients());
      }
      return losses;
    }
  }
}
