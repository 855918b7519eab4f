package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LaneTotalsTest {
  @Test
  void everyLaneHoldsTheSum() {
    FloatVector x = vector(i -> 1 << i);
    float[] expected = new float[Lanes.COUNT];
    Arrays.fill(expected, (1 << Lanes.COUNT) - 1);
    assertThat(LaneTotals.sum(x).toArray()).containsExactly(expected);
  }

  @Test
  void everyLaneHoldsTheSameBits() {
    float[] sums = LaneTotals.sum(vector(i -> (float) Math.sin(i + 0.1))).toArray();
    for (float sum : sums) {
      assertThat(sum).isEqualTo(sums[0]);
    }
  }

  @Test
  void everyLaneHoldsTheLargestWhereverItIs() {
    for (int at = 0; at < Lanes.COUNT; at++) {
      int largest = at;
      float[] found = LaneTotals.max(vector(i -> i == largest ? -2 : -3 - i)).toArray();
      assertThat(found).containsOnly(-2);
    }
  }

  private interface Element {
    float at(int i);
  }

  private static FloatVector vector(Element element) {
    float[] values = new float[Lanes.COUNT];
    IntStream.range(0, values.length).forEach(i -> values[i] = element.at(i));
    return FloatVector.fromArray(Vectors.SPECIES, values, 0);
  }
}
