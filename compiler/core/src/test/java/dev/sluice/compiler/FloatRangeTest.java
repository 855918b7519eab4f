package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Numbers that are no floats are refused, not turned into infinity or 0.
class FloatRangeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"h_t = tanh(W (1e40 x_t) + U h_{t-1})", "h_t = tanh(W x_t + 1e-60 h_{t-1})"})
  void aNumberOutOfRangeIsAnError(String cell) {
    assertThatThrownBy(() -> SluiceCompiler.compile(cell))
        .isInstanceOf(CellException.class)
        .hasMessageContaining("a number is out of range")
        .hasMessageContaining("<text>:1:1");
  }

  @Test
  void soIsASettingOutOfRange() {
    Options options = Options.named("cell").withSettings(Map.of("a", 1e300));
    var source = dev.sluice.compiler.report.Source.of("const a = 1\nh_t = tanh(W x_t + a h_{t-1})");
    assertThatThrownBy(() -> SluiceCompiler.compile(source, options))
        .hasMessageContaining("1.0E300 is infinite in single precision");
  }

  @Test
  void usualNumbersAreFine() {
    assertThat(SluiceCompiler.compile("h_t = tanh(W x_t + 1e-30 h_{t-1} + 0)").cell()).isNotNull();
  }
}
