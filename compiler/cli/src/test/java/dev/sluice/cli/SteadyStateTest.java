package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// When a program has reached its speed.
class SteadyStateTest {
  @Test
  void isTheStartOfTheFirstPassesThatAreAsFastAsTheLast() {
    double[] took = new double[200];
    Arrays.fill(took, 0, 10, 50);
    Arrays.fill(took, 10, 30, 8);
    Arrays.fill(took, 30, 200, 2);
    SteadyState steady = SteadyState.of(ends(300, took), took);
    assertThat(steady.pass()).isEqualTo(2);
    // The median of nine needs five fast ones: four slow passes earlier than the first fast one.
    assertThat(steady.reached()).isCloseTo(300 + 10 * 50 + 16 * 8, within(1e-9));
  }

  @Test
  void oneSlowPassLaterDoesNotCount() {
    double[] took = new double[100];
    Arrays.fill(took, 2);
    took[60] = 100;
    assertThat(SteadyState.of(ends(0, took), took)).isEqualTo(new SteadyState(0, 2));
  }

  @Test
  void onePassIsAllThereIs() {
    assertThat(SteadyState.of(new double[] {12}, new double[] {5}))
        .isEqualTo(new SteadyState(7, 5));
  }

  private static double[] ends(double start, double... took) {
    return IntStream.range(0, took.length)
        .mapToDouble(i -> start + Arrays.stream(took, 0, i + 1).sum())
        .toArray();
  }
}
