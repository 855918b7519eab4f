package dev.sluice.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.IrPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cells of the lectures, in plain text and in the slides' own LaTeX.
final class CellFilesTest {
  private static Compiled compile(String file) throws IOException {
    return SluiceCompiler.compile(Path.of("cells", file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rnn",
        "rnn_relu",
        "lstm_no_forget",
        "lstm",
        "lstm_block",
        "gru",
        "gru_write",
        "gru_reset_after"
      })
  void theSlideInLatexIsTheSameCell(String name) throws IOException {
    Cell plain = compile(name + ".cell").canonical();
    Cell latex = compile(name + ".tex").canonical();

    assertThat(IrPrinter.print(latex)).isEqualTo(IrPrinter.print(plain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rnn",
        "rnn_relu",
        "lstm_no_forget",
        "lstm",
        "lstm_block",
        "gru",
        "gru_write",
        "gru_reset_after",
        "lstm_layernorm",
        "lstm_peephole",
        "mgu"
      })
  void derivedGradientsAreThoseOfCentralDifferences(String name) throws IOException {
    GradientCheck check =
        GradientCheck.of(compile(name + ".cell").adjoint(), Map.of("x", 3, "h", 4), 1);

    assertThat(check.lines())
        .allSatisfy(line -> assertThat(line.error()).as(line.name()).isLessThan(1e-6));
  }

  @Test
  void theForgetGateStartsOpen() throws IOException {
    assertThat(compile("lstm.cell").javaSource()).contains("\"constant 1.0\"");
  }
}
