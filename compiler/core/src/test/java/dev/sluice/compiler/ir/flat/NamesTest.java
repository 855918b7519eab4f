package dev.sluice.compiler.ir.flat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static Cell cell() {
    return SluiceCompiler.compile("h_t = tanh(V x_t + W h_{t-1})").cell();
  }

  @Test
  void everyPartHasANameOfItsOwn() {
    Names names = Names.of(cell());
    assertThat(names.part("h")).isEqualTo("h_part");
    assertThat(names.part("h")).isEqualTo("h_part2");
    assertThat(names.part("z")).isEqualTo("z_part");
  }

  @Test
  void aNameThatIsTakenGetsANumber() {
    Names names = Names.of(cell());
    assertThat(names.fresh("h", "h").plain()).isEqualTo("h_2");
    assertThat(names.fresh("r", "r").plain()).isEqualTo("r");
    assertThat(names.fresh("r", "r").plain()).isEqualTo("r_2");
  }
}
