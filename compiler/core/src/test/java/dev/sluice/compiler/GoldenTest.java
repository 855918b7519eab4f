package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.IrPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The generated sources of the lectures' cells, kept in this module's tests and compiled with
/// them: a change of the generator shows as a change of these files. `-Dsluice.golden=update`
/// writes them anew.
class GoldenTest {
  private static final Path CELLS = Path.of("../../samples/cells");
  private static final Path GOLDEN = Path.of("src/test/java/dev/sluice/golden");

  static Stream<String> cells() {
    return Stream.of(
        "rnn",
        "rnn_relu",
        "lstm_no_forget",
        "lstm",
        "lstm_block",
        "gru",
        "gru_write",
        "gru_reset_after");
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
  void theSlidesLatexIsTheSameCell(String name) throws IOException {
    assertThat(meaning(CELLS.resolve(name + ".tex")))
        .isEqualTo(meaning(CELLS.resolve(name + ".cell")));
  }

  @Test
  void aBlockBecomesTheScheduleOfItsGatesOneByOne() throws IOException {
    String block = source(CELLS.resolve("lstm_block.cell"));
    assertThat(block).contains("z_i = fromMemorySegment(");
    assertThat(block).contains("i = (FloatVector) Functions.SIGMOID.invokeExact(z_i)");
  }

  private static String source(Path cell) throws IOException {
    Options options = Options.named(SluiceCompiler.cellName(cell)).withPackage("dev.sluice.golden");
    return SluiceCompiler.compile(SluiceCompiler.read(cell), options).javaSource();
  }

  /// The bound cell without origins; LaTeX of the slides doesn't say how weights start.
  private static String meaning(Path cell) throws IOException {
    Cell bound = SluiceCompiler.compile(SluiceCompiler.read(cell), Options.named("cell")).cell();
    return IrPrinter.print(bound).replaceAll("(?m) init .*$", "");
  }
}
