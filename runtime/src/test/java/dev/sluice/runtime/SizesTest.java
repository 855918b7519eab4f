package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// Lengths by the name of a vector: of the dimension's own length, or a multiple of it.
class SizesTest {
  private static SequencedMap<String, List<String>> dimensions() {
    SequencedMap<String, List<String>> dimensions = new LinkedHashMap<>();
    dimensions.put("m", List.of("x"));
    dimensions.put("n_h", List.of("h/4", "y/8"));
    return dimensions;
  }

  @Test
  void aVectorMayBeAMultipleOfADimension() {
    assertThat(Sizes.of("x", 3).and("h", 20).resolve("cell", dimensions()))
        .containsEntry("m", 3)
        .containsEntry("n_h", 5);
    assertThat(Sizes.of("x", 3).and("y", 40).and("h", 20).resolve("cell", dimensions()))
        .containsEntry("n_h", 5);
    assertThat(Sizes.of("m", 3).and("n_h", 5).resolve("cell", dimensions()))
        .containsEntry("n_h", 5);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> Sizes.of("x", 3).and("h", 22).resolve("cell", dimensions()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size h=22: the cell cell cuts it into 4 equal parts");
    assertThatThrownBy(() -> Sizes.of("h", 20).and("y", 80).resolve("cell", dimensions()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size y=80 contradicts n_h=5 given before");
    assertThatThrownBy(() -> Sizes.of("x", 3).resolve("cell", dimensions()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cell cell: no size for n_h, the length of [h/4, y/8]: give h=…");
  }
}
