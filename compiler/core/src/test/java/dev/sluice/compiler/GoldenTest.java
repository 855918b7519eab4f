package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The generated sources of the lectures' cells, kept in this module's tests and compiled with them:
/// a change of the generator shows as a change of these files. `-Dsluice.golden=update` writes them
/// anew.
class GoldenTest {
  private static final Path CELLS = Path.of("../../samples/cells");
  private static final Path GOLDEN = Path.of("src/test/java/dev/sluice/golden");

  static Stream<String> cells() {
    return Stream.of(
        "rnn", "rnn_relu", "lstm_no_forget", "lstm", "lstm_block", "gru", "gru_write", "gru_reset_after");
  }

  @ParameterizedTest
  @MethodSource("cells")
  void generatedSourceIsAsKept(String name) throws IOException {
    String found = source(CELLS.resolve(name + ".cell"));
    Path file = GOLDEN.resolve(Options.className(name) + ".java");
    if (System.getProperty("sluice.golden", "").equals("update")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, found);
    }
    assertThat(found)
        .as("%s differs; look at the change, then run with -Dsluice.golden=update", file)
        .isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theSlidesLatexGivesTheSameCode(String name) throws IOException {
    assertThat(withoutPlaces(source(CELLS.resolve(name + ".tex"))))
        .isEqualTo(withoutPlaces(source(CELLS.resolve(name + ".cell"))));
  }

  @Test
  void aBlockBecomesTheSameScheduleAsItsGatesOneByOne() throws IOException {
    String block = source(CELLS.resolve("lstm_block.cell"));
    assertThat(block).contains("panel_V_");
    assertThat(block).contains("Functions.sigmoid(z_i)");
  }

  private static String source(Path cell) throws IOException {
    Options options =
        Options.named(SluiceCompiler.cellName(cell)).withPackage("dev.sluice.golden");
    return SluiceCompiler.compile(SluiceCompiler.read(cell), options).javaSource();
  }

  /// Without the lines' places in their files.
  private static String withoutPlaces(String java) {
    return java.replaceAll("\\w+\\.(cell|tex)(:\\d+)?", "FILE");
  }
}
