package dev.sluice.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.IrPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cells of the literature, and those of the lectures in the slides' own LaTeX too.
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

  static List<String> everyCell() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("cells"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cell"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("everyCell")
  void derivedGradientsAreThoseOfCentralDifferences(String file) throws IOException {
    Compiled compiled = compile(file);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    compiled.cell().dimensions().keySet().forEach(d -> sizes.put(d, 3 + sizes.size()));

    GradientCheck check = GradientCheck.of(compiled.adjoint(), sizes, 1);

    assertThat(check.pass()).as(check.toString()).isTrue();
  }

  @Test
  void theForgetGateStartsOpen() throws IOException {
    assertThat(compile("lstm.cell").javaSource()).contains("\"constant 1.0\"");
  }
}
