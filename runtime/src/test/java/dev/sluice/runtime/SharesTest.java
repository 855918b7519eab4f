package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.spi.Split;
import org.junit.jupiter.api.Test;

/// Threads are used where their work is worth the waiting.
class SharesTest {
  /// An LSTM's products of a step.
  private static Shares lstm(int threads, int units) {
    return new Shares(threads, 8L * units * units, true);
  }

  @Test
  void sequencesFirst() {
    assertThat(lstm(2, 128).split(2)).isEqualTo(Split.SEQUENCES);
    assertThat(lstm(2, 256).members(32, 3200)).isEqualTo(2);
    assertThat(lstm(4, 64).members(3, 300_000)).isEqualTo(3);
  }

  @Test
  void unitsOfLargeCells() {
    assertThat(lstm(2, 256).split(1)).isEqualTo(Split.UNITS);
    assertThat(lstm(2, 256).members(1, 100)).isEqualTo(2);
    assertThat(lstm(2, 64).split(1)).isEqualTo(Split.SEQUENCES);
    assertThat(lstm(2, 64).members(1, 100_000)).isEqualTo(1);
  }

  /// A member then reads its part of them only; with many members the parts are too small.
  @Test
  void unitsAlsoForManySequencesWhereWeightsAreMany() {
    assertThat(lstm(2, 256).split(32)).isEqualTo(Split.UNITS);
    assertThat(lstm(2, 128).split(32)).isEqualTo(Split.SEQUENCES);
    assertThat(lstm(16, 256).split(32)).isEqualTo(Split.SEQUENCES);
    assertThat(lstm(1, 512).split(32)).isEqualTo(Split.SEQUENCES);
  }

  @Test
  void littleWorkIsOneThreads() {
    assertThat(lstm(2, 256).members(1, 1)).isEqualTo(1);
    assertThat(lstm(8, 64).members(32, 320)).isEqualTo(3);
    assertThat(lstm(1, 1024).members(64, 6400)).isEqualTo(1);
    assertThat(new Shares(4, 1 << 20, false).members(1, 1000)).isEqualTo(4);
  }
}
