package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Masks are random in every direction: over units, sequences, steps, masks of a cell and seeds.
class MasksTest {
  private static final int COUNT = 1 << 16;

  private interface Element {
    boolean at(int i);
  }

  private static void isRandom(String what, double probability, Element element) {
    int kept = 0;
    int repeated = 0;
    for (int i = 0; i < COUNT; i++) {
      kept += element.at(i) ? 1 : 0;
      repeated += element.at(i) == element.at(i + 1) ? 1 : 0;
    }
    double same = probability * probability + (1 - probability) * (1 - probability);
    // Five standard deviations.
    double off = 5 * Math.sqrt(probability * (1 - probability) / COUNT);
    assertThat(Math.abs(kept / (double) COUNT - probability)).as(what).isLessThan(off);
    assertThat(Math.abs(repeated / (double) COUNT - same))
        .as("neighbours: " + what)
        .isLessThan(5 * Math.sqrt(same * (1 - same) / COUNT) + off);
  }

  @Test
  void inEveryDirection() {
    for (double p : new double[] {0.5, 0.1, 0.9}) {
      int row = Masks.row(5, 0, 3, 2);
      isRandom("units", p, i -> Masks.keeps(row, i, p));
      isRandom("sequences", p, i -> Masks.keeps(Masks.row(5, 0, 3, i), 4, p));
      isRandom("steps", p, i -> Masks.keeps(Masks.row(5, 0, i, 2), 4, p));
      isRandom("masks", p, i -> Masks.keeps(Masks.row(5, i, 3, 2), 4, p));
      isRandom("seeds", p, i -> Masks.keeps(Masks.row(i, 0, 3, 2), 4, p));
      isRandom("passes", p, i -> Masks.keeps(Masks.row(Masks.seed(5, i), 0, 3, 2), 4, p));
      isRandom("diagonal", p, i -> Masks.keeps(Masks.row(5, 0, i, 2), i, p));
    }
  }

  @Test
  void neverAndAlways() {
    for (int i = 0; i < 1000; i++) {
      assertThat(Masks.keeps(i, i, 0)).isFalse();
      assertThat(Masks.keeps(i, i, 1)).isTrue();
    }
  }
}
