package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
  private static float[] values(String initialiser, int rank, int rows, int columns) {
    return Initialisers.values(
        new ParameterSlot("W", rank, rows, columns, 0, initialiser), 1, "0.W");
  }

  private static double mean(float[] values) {
    return Arrays.stream(Reference.doubles(values)).average().orElseThrow();
  }

  private static double deviation(float[] values) {
    return Math.sqrt(
        Arrays.stream(Reference.doubles(values)).map(v -> v * v).average().orElseThrow());
  }

  /// A uniform distribution in ±k has the standard deviation k/√3.
  @ParameterizedTest
  @CsvSource({
    "default,      0.1,   0.0577",
    "glorot,       0.1,   0.0577",
    "uniform 0.3,  0.3,   0.1732",
    "normal 0.02,  0.12,  0.02",
  })
  void distributions(String initialiser, double bound, double deviation) {
    int rows = initialiser.equals("glorot") ? 500 : 100;
    float[] values = values(initialiser, 2, rows, 100);
    assertThat(mean(values)).isCloseTo(0, within(0.005));
    assertThat(deviation(values)).isCloseTo(deviation, within(deviation * 0.03));
    assertThat(Arrays.stream(Reference.doubles(values)).map(Math::abs).max().orElseThrow())
        .isLessThanOrEqualTo(bound + 1e-6);
  }

  @Test
  void constants() {
    assertThat(values("default", 1, 3, 1)).containsOnly(0);
    assertThat(values("constant 1.5", 2, 3, 2)).hasSize(6).containsOnly(1.5f);
    assertThat(values("identity", 2, 2, 3)).containsExactly(1, 0, 0, 0, 1, 0);
    assertThatThrownBy(() -> values("magic", 2, 2, 3))
        .hasMessage("parameter W: no initialiser `magic`");
    assertThatThrownBy(() -> values("uniform", 2, 2, 3))
        .hasMessage("parameter W: initialiser `uniform` needs a number");
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "5, 20", "20, 5", "1, 1"})
  void orthogonalRowsOrColumns(int rows, int columns) {
    float[] w = values("orthogonal", 2, rows, columns);
    int vectors = Math.min(rows, columns);
    for (int i = 0; i < vectors; i++) {
      for (int j = 0; j < vectors; j++) {
        double dot = 0;
        for (int k = 0; k < Math.max(rows, columns); k++) {
          dot +=
              rows <= columns
                  ? (double) w[i * columns + k] * w[j * columns + k]
                  : (double) w[k * columns + i] * w[k * columns + j];
        }
        assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-6));
      }
    }
  }

  @Test
  void theSeedAndTheNameDecide() {
    Recurrent elman = Recurrent.of(new Elman(), Sizes.of("x", 4).and("h", 4));
    try (Sequential a = Sequential.of(elman.stacked(2)).initialise(1);
        Sequential b = Sequential.of(elman.stacked(2)).initialise(1)) {
      assertThat(a.weights().names()).isEqualTo(b.weights().names()).hasSize(6);
      for (Name name : a.weights().names()) {
        assertThat(a.weights().get(name).toArray())
            .containsExactly(b.weights().get(name).toArray());
      }
      Tensor lower = a.weights().get(Name.of(0, "V"));
      assertThat(a.weights().get(Name.of(1, "V")).toArray()).isNotEqualTo(lower.toArray());
      assertThat(a.initialise(2).weights().get(Name.of(0, "V")).toArray())
          .isNotEqualTo(lower.toArray());
    }
  }

  @Test
  void shapesNamesAndLabels() {
    Recurrent leaky = Recurrent.of(new Leaky(), Sizes.of("x", 3).and("c", 2));
    try (Sequential one = Sequential.of(leaky);
        Sequential two = Sequential.of(leaky.bidirectional())) {
      assertThat(one.weights().toMap().sequencedKeySet()).containsExactly("A", "u", "k");
      assertThat(two.weights().toMap().sequencedKeySet())
          .containsExactly("0.A", "0.u", "0.k", "0.reverse.A", "0.reverse.u", "0.reverse.k");
      assertThat(one.weights().shape(Name.of(0, "A"))).containsExactly(2, 3);
      assertThat(one.weights().shape(Name.of(0, "u"))).containsExactly(2);
      assertThat(one.weights().shape(Name.of(0, "k"))).isEmpty();
      one.weights().set(Name.of(0, "k"), Tensor.of(new float[] {4}, 1));
      assertThat(one.weights().get(Name.of(0, "k")).get()).isEqualTo(4);
      one.weights()
          .setAll(
              Map.of(
                  "A", Tensor.zeros(2, 3), "u", Tensor.zeros(2), "k", Tensor.of(new float[] {5})));
      assertThat(one.weights().get(Name.of(0, "k")).get()).isEqualTo(5);
    }
  }
}
