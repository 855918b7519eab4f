package dev.sluice.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.MemoryAmount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the goal makes of a folder of cells.
class GenerationTest {
  private static final String RNN = "h_t = tanh(V x_t + W h_{t-1} + b)\n";

  @TempDir private Path folder;
  private Path cells;
  private Path output;

  @BeforeEach
  void makeFolders() throws IOException {
    cells = Files.createDirectories(folder.resolve("cells"));
    output = folder.resolve("generated");
  }

  @Test
  void aClassPerFileNamedAfterIt() throws IOException {
    cell("rnn", RNN);
    cell("gru_reset_after", RNN);
    Files.writeString(cells.resolve("rnn.tex"), "not a cell of the build");

    Generation.Result result = generate();

    assertThat(result.errors()).isEmpty();
    assertThat(result.summary()).isEqualTo("cells: 2 generated, 0 up to date, 0 removed");
    assertThat(generated()).containsExactly("cells/GruResetAfter.java", "cells/Rnn.java");
    assertThat(output.resolve("cells/Rnn.java"))
        .content()
        .contains("package cells;")
        .contains("public final class Rnn");
  }

  @Test
  void theSameInputGivesTheSameBytesAndTouchesNothing() throws IOException {
    cell("rnn", RNN);
    generate();
    Path file = output.resolve("cells/Rnn.java");
    byte[] bytes = Files.readAllBytes(file);
    var time = Files.getLastModifiedTime(file);

    generate();
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);

    Files.delete(file);
    generate();
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void aChangedCellIsGeneratedAgain() throws IOException {
    cell("rnn", RNN);
    generate();
    cell("rnn", RNN.replace("tanh", "relu"));
    generate();
    assertThat(output.resolve("cells/Rnn.java")).content().contains("relu");
  }

  @Test
  void anEditedClassIsGeneratedAgain() throws IOException {
    cell("rnn", RNN);
    generate();
    Files.writeString(output.resolve("cells/Rnn.java"), "edited");
    generate();
    assertThat(output.resolve("cells/Rnn.java")).content().contains("public final class Rnn");
  }

  @Test
  void theClassOfACellThatIsGoneIsRemovedAndNothingElse() throws IOException {
    cell("rnn", RNN);
    cell("old", RNN);
    generate();
    Files.delete(cells.resolve("old.cell"));
    Files.writeString(output.resolve("cells/Mine.java"), "class Mine {}");

    assertThat(generate().removed()).isEqualTo(1);
    assertThat(generated()).containsExactly("cells/Mine.java", "cells/Rnn.java");
  }

  @Test
  void aManifestCantNameFilesOutside() throws IOException {
    cell("rnn", RNN);
    Path outside = Files.writeString(folder.resolve("Mine.java"), "class Mine {}");
    Files.createDirectories(output);
    Files.writeString(output.resolve(".sluice"), "key content ../Mine.java\n");
    generate();
    assertThat(outside).exists();
  }

  @Test
  void mistakesStandAtFileLineAndColumnAsJavacsDo() throws IOException {
    cell("bad", "# a comment\nh_t = tanh(V x_t + W h_{t-1} + )\n");
    cell("rnn", RNN);

    Generation.Result result = generate();

    assertThat(result.errors()).isNotEmpty();
    assertThat(result.errors().getFirst())
        .startsWith(cells.resolve("bad.cell") + ":[2,")
        .contains("h_t = tanh(V x_t + W h_{t-1} + )");
    assertThat(generated()).containsExactly("cells/Rnn.java");
  }

  @Test
  void namesThatNoClassCanHaveAreRefused() throws IOException {
    cell("1st", RNN);
    cell("a b", RNN);
    cell("a_b", RNN);
    assertThat(generate().errors())
        .satisfiesExactlyInAnyOrder(
            e -> assertThat(e).contains("1st.cell:[1,1] no class can be named after"),
            e -> assertThat(e).contains("a_b.cell:[1,1] its class AB is that of a b.cell too"));
  }

  @Test
  void sizesSpecialiseTheirCell() throws IOException {
    cell("rnn", RNN);
    assertThat(generate(Map.of("rnn", "x=3, h=5")).errors()).isEmpty();
    String sized = Files.readString(output.resolve("cells/Rnn.java"));
    assertThat(generate(Map.of()).errors()).isEmpty();
    assertThat(output.resolve("cells/Rnn.java")).content().isNotEqualTo(sized);
  }

  @Test
  void sizesThatDontFitAreErrors() throws IOException {
    cell("rnn", RNN);
    assertThat(generate(Map.of("rnn", "q=3")).errors())
        .singleElement()
        .asString()
        .contains("rnn.cell:[1,1]", "size q");
    assertThat(generate(Map.of("rnn", "x=three")).errors())
        .singleElement()
        .asString()
        .contains("'x=three': expected NAME=VALUE, where the value is a whole number");
    assertThat(generate(Map.of("lstm", "x=3")).errors())
        .singleElement()
        .asString()
        .contains("sizes or settings of a cell 'lstm', but there is none");
  }

  @Test
  void aPackageNameThatIsNoneIsAnError() throws IOException {
    cell("rnn", RNN);
    Generation generation =
        new Generation(cells, output, "not-a.package", Map.of(), Map.of(), false, Long.MAX_VALUE);
    assertThat(generation.run().errors()).singleElement().asString().contains("not-a.package");
  }

  @Test
  void aFolderThatIsMissingIsAnError() {
    Generation generation =
        new Generation(
            folder.resolve("none"), output, "cells", Map.of(), Map.of(), false, Long.MAX_VALUE);
    assertThatThrownBy(generation::run).isInstanceOf(IOException.class);
  }

  @Test
  void aLimitOfMemoryStandsInTheClassAndMakesItAnew() throws IOException {
    cell("rnn", RNN);
    generate();
    String java = Files.readString(output.resolve("cells/Rnn.java"));
    Generation limited =
        new Generation(
            cells, output, "cells", Map.of(), Map.of(), false, MemoryAmount.parse("64m"));
    assertThat(limited.run().generated()).isEqualTo(1);
    assertThat(Files.readString(output.resolve("cells/Rnn.java")))
        .isNotEqualTo(java)
        .contains("67108864");
  }

  private void cell(String name, String text) throws IOException {
    Files.writeString(cells.resolve(name + ".cell"), text);
  }

  private Generation.Result generate() throws IOException {
    return generate(Map.of());
  }

  private Generation.Result generate(Map<String, String> sizes) throws IOException {
    return new Generation(cells, output, "cells", sizes, Map.of(), false, Long.MAX_VALUE).run();
  }

  private java.util.List<String> generated() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(f -> output.relativize(f).toString())
          .sorted()
          .toList();
    }
  }
}
