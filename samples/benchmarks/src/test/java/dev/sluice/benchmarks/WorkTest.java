package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.bench.Workload.CellKind;
import org.junit.jupiter.api.Test;

/// Parameters of benchmarks.
class WorkTest {
  @Test
  void aShapeIsBatchInputsUnitsSteps() {
    assertThat(Work.of("gru", "2x3x5x7"))
        .matches(work -> work.cell() == CellKind.GRU)
        .matches(work -> work.extent().equals(new Extent(3, 5, 2, 7)));
  }

  @Test
  void anotherShapeIsRefused() {
    assertThatThrownBy(() -> Work.of("gru", "2x3x5"))
        .hasMessage("shape 2x3x5: expected BATCHxINPUTSxUNITSxSTEPS, such as 1x128x128x100");
  }
}
