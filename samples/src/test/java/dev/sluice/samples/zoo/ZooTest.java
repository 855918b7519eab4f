package dev.sluice.samples.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every cell's own checks. Without `-Dsluice.zoo=all` generated code is looked at for every fourth
/// cell only; `ConformanceTest` has those with recorded results, `CellFilesTest` the gradients of
/// all.
final class ZooTest {
  private static final int EVERY = Boolean.parseBoolean(whole()) ? 1 : 4;

  @TempDir private Path folder;

  private static String whole() {
    return String.valueOf("all".equals(System.getProperty("sluice.zoo")));
  }

  private record Result(int code, String out, String err) {}

  private static Result zoo(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Zoo.run(
            List.of(arguments),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @TestFactory
  Stream<DynamicTest> everyCellPasses() throws IOException {
    ZooCheck check = ZooCheck.of(List.of());
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("cells"))) {
      all.filter(file -> file.toString().endsWith(".cell")).sorted().forEach(files::add);
    }
    return Stream.iterate(0, i -> i < files.size(), i -> i + EVERY)
        .map(files::get)
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(check.check(file).problem()).isEmpty()));
  }

  @Test
  void theTableHasALineForEachCell() {
    Result result = zoo("lstm_cifg", "--cells", "cells");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .containsPattern(
            "lstm_cifg +✓ +\\d\\.\\de-\\d+ +\\d\\.\\de-\\d+ +\\d\\.\\de-\\d+ +dense +198\\.\\d")
        .contains("1 of 1 cells pass; 1 of them against recorded results");
  }

  @Test
  void asJson() {
    Result result = zoo("indrnn", "--json", "--cells", "cells");

    assertThat(result.code()).isZero();
    assertThat(result.out().strip())
        .startsWith(
            "{\"cell\": \"indrnn_relu_2018\", \"pass\": true, \"compiles\": true, \"gradients\":")
        .contains("\"states\": \"diagonal\"")
        .endsWith("}");
  }

  @Test
  void aCellThatIsWrongIsSaidToBe() throws IOException {
    Files.writeString(folder.resolve("good.cell"), "h_t = tanh(W x_t + U h_{t-1})\n");
    Files.writeString(folder.resolve("bad.cell"), "h_t = tanh(W x_t + U h_{t-1}\n");

    Result result = zoo("--cells", folder.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("bad +✗")
        .containsPattern("good +✓")
        .contains("1 of 2 cells pass", "bad.cell:1");
  }

  /// The recorded results belong to the cell of that name: another cell under it must fail.
  @Test
  void aCellWithOtherResultsThanRecordedFails() throws IOException {
    String cell = Files.readString(Path.of("cells", "lstm_cifg.cell"));
    Files.writeString(
        folder.resolve("lstm_cifg.cell"), cell.replace("f_t = 1 - i_t", "f_t = 0.99 - i_t"));

    Result result = zoo("--cells", folder.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("✗", "recorded results: inference: output");
  }

  @Test
  void mistakesInTheOptions() {
    assertThat(zoo("--cells").err()).contains("--cells needs a folder");
    assertThat(zoo("--cells", "nowhere").err()).contains("nowhere: no such folder");
    assertThat(zoo("--quick").err()).contains("unknown option --quick");
    assertThat(zoo("--cells", "cells", "nosuchcell").err()).contains("no cell with 'nosuchcell'");
    assertThat(zoo("--help").out()).contains("Usage: sluice zoo");
  }
}
