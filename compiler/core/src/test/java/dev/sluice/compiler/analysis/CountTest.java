package dev.sluice.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Dim;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Polynomials in the dimensions.
class CountTest {
  private static final Count N = Count.of(Dim.of("n"));
  private static final Count M = Count.of(Dim.of("m"));

  @Test
  void printsHigherPowersFirst() {
    assertThat(N.times(N).times(4).plus(N.times(M)).plus(N).plus(Count.of(3)))
        .hasToString("mn + 4n² + n + 3");
    assertThat(Count.of(Dim.of("n").times(4).plus(Dim.of(1)))).hasToString("4n + 1");
    assertThat(N.times(N).times(N).times(N)).hasToString("n⁴");
    assertThat(N.plus(N.times(-1))).hasToString("0");
  }

  @Test
  void hasANumberForSizes() {
    assertThat(N.times(N).times(4).plus(M).value(Map.of("n", 5, "m", 3))).isEqualTo(103);
  }
}
