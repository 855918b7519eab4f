package dev.sluice.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// From JSON to the table and the picture.
class ReportTest {
  private static final String VERSUS =
      """
      [{"cell": "lstm", "mode": "infer", "batch": 1, "input": 128, "hidden": 256, "steps": 100,
        "ours": 0.5, "peers": {"torch": 2.0, "ort": 0.75}, "threads": 1,
        "best": "ort", "ratio": 1.5, "low": 1.4, "high": 1.625},
       {"cell": "lstm", "mode": "train", "batch": 1, "input": 128, "hidden": 256, "steps": 100,
        "ours": 20.0, "peers": {"torch": 16.0}, "threads": 1,
        "best": "torch", "ratio": 0.8, "low": 0.7, "high": 0.9},
       {"cell": "gru", "mode": "train", "batch": 1, "input": 128, "hidden": 256, "steps": 100,
        "ours": 4.0, "peers": {"torch": 20.0}, "threads": 2,
        "best": "torch", "ratio": 5.0, "low": 4.0, "high": 6.0},
       {"cell": "gru", "mode": "infer", "batch": 1, "input": 128, "hidden": 256, "steps": 100,
        "ours": null, "peers": {"torch": 2.0}, "threads": 1}]
      """;

  private static final String JMH =
      "["
          + String.join(
              ",",
              run("LayerBenchmark.infer", "generated", 2.0, "0.1"),
              run("LayerBenchmark.infer", "plain", 9.0, "\"NaN\""),
              run("LayerBenchmark.infer", "vector", 3.0, "\"NaN\""),
              run("PeerInference.infer", "onnxruntime", 2.5, "0.2"),
              run("PeerInference.infer", "torch", 5.0, "\"NaN\""),
              run("LayerBenchmark.train", "vector", 7.0, "\"NaN\""))
          + "]";

  @TempDir private Path folder;

  private static String run(String benchmark, String by, double score, String error) {
    return """
        {"benchmark": "dev.sluice.%s", "threads": 1,
         "params": {"by": "%s", "cell": "lstm", "shape": "1x128x256x100"},
         "primaryMetric": {"score": %s, "scoreError": %s, "scoreUnit": "ms/op"},
         "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 24.4, "scoreUnit": "B/op"}}}
        """
        .formatted(benchmark, by, score, error);
  }

  private Report.Results read(String json) throws IOException {
    return Report.read(Files.writeString(folder.resolve("results.json"), json));
  }

  @Test
  void versusKeepsItsOwnRatios() throws IOException {
    List<Case> cases = read(VERSUS).cases();
    assertThat(cases).hasSize(3);
    assertThat(cases.getFirst().ratio()).contains(new Figure(1.5, 1.4, 1.625));
    assertThat(cases.getFirst().fastestPeer().orElseThrow().getKey()).isEqualTo("ort");
    assertThat(cases.getLast().label()).isEqualTo("gru 1x128x256x100 ×2");
  }

  @Test
  void jmhRatiosComeFromTheScoresAndTheirErrors() throws IOException {
    Report.Results results = read(JMH);
    assertThat(results.isJmh()).isTrue();
    // Training was run by a baseline alone.
    assertThat(results.cases()).hasSize(1);
    Case one = results.cases().getFirst();
    assertThat(one.mode()).isEqualTo("infer");
    assertThat(one.baselines()).containsOnlyKeys("handwritten", "plain loops");
    assertThat(one.bytes()).hasValue(24.4);
    Figure ratio = one.ratio().orElseThrow();
    assertThat(ratio.ms()).isCloseTo(1.25, within(1e-12));
    assertThat(ratio.low()).isCloseTo(2.3 / 2.1, within(1e-12));
    assertThat(ratio.high()).isCloseTo(2.7 / 1.9, within(1e-12));
  }

  @Test
  void tableOfVersus() throws IOException {
    Table table = new Table(read(VERSUS).cases());
    assertThat(table.rows())
        .isEqualTo(
            """
            | cell | mode | B × I × H × T | threads | Sluice | fastest peer | ratio | least–most | torch | ort |
            | --- | --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |
            | lstm | infer | 1 × 128 × 256 × 100 | 1 | 0.500 | ort | 1.50 | 1.40–1.63 | 2.000 | 0.750 |
            | lstm | train | 1 × 128 × 256 × 100 | 1 | 20.0 | torch | 0.80 | 0.70–0.90 | 16.0 |  |
            | gru | train | 1 × 128 × 256 × 100 | 2 | 4.000 | torch | 5.00 | 4.00–6.00 | 20.0 |  |
            """);
    assertThat(table.summary())
        .isEqualTo(
            """
            - infer, to the fastest peer: geometric mean 1.50, worst 1.50, ahead in 1 of 1
            - train, to the fastest peer: geometric mean 2.00, worst 0.80, ahead in 1 of 2
            """);
  }

  @Test
  void tableOfJmhHasTheBaselinesAndTheHeap() throws IOException {
    Table table = new Table(read(JMH).cases());
    assertThat(table.rows())
        .startsWith(
            "| cell | mode | B × I × H × T | threads | Sluice | fastest peer | ratio | least–most |"
                + " onnxruntime | torch | plain loops | ratio | handwritten | ratio | B/pass |\n")
        .endsWith(
            "| 1 | 2.000 | onnxruntime | 1.25 | 1.10–1.42 | 2.500 | 5.000 | 9.000 | 4.50 | 3.000 |"
                + " 1.50 | 24 |\n");
    assertThat(table.summary())
        .contains("- infer, to plain loops: geometric mean 4.50, worst 4.50, ahead in 1 of 1\n");
  }

  @Test
  void barsAreTheRatiosOfACaseByMode() throws IOException {
    assertThat(RatioChart.bars(read(VERSUS).cases()))
        .containsExactly(
            Map.entry("lstm 1x128x256x100", Map.of("infer", 1.5, "train", 0.8)),
            Map.entry("gru 1x128x256x100 ×2", Map.of("train", 5.0)));
  }

  @Test
  void writesPageAndPicture() throws IOException {
    Path file = Files.writeString(folder.resolve("versus.json"), VERSUS);
    Path out = folder.resolve("made/here/versus");
    int code =
        new CommandLine(new Report())
            .execute("--title", "Race", "--note", "torch 1.2.3", "--out", "" + out, "" + file);
    assertThat(code).isZero();
    assertThat(out.resolveSibling("versus.md"))
        .content()
        .startsWith("# Race\n\n- measured 20")
        .contains("- Sluice 0", "- torch 1.2.3\n", "![ratios](versus.png)", "medians over rounds")
        .contains("| lstm | infer | 1 × 128 × 256 × 100 |");
    BufferedImage picture = ImageIO.read(out.resolveSibling("versus.png").toFile());
    assertThat(picture.getWidth()).isGreaterThan(300);
    assertThat(colours(picture)).isGreaterThan(10);
  }

  private static long colours(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    return java.util.Arrays.stream(pixels).distinct().count();
  }

  @Test
  void coresAreTheMachinesAlsoWhenTheJvmMayUseFewer() throws IOException {
    Path cpus = Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\nflags\n".repeat(999));
    assertThat(Machine.cores(cpus)).isEqualTo(999);
    assertThat(Machine.cores(folder.resolve("missing"))).isPositive();
  }

  @Test
  void withoutPeersThereIsNoPicture() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("jmh.json"),
            "[" + run("LayerBenchmark.infer", "generated", 2.0, "0.1") + "]");
    Path out = folder.resolve("jmh");
    assertThat(new CommandLine(new Report()).execute("--out", "" + out, "" + file)).isZero();
    assertThat(out.resolveSibling("jmh.png")).doesNotExist();
    assertThat(out.resolveSibling("jmh.md"))
        .content()
        .doesNotContain("![", "fastest peer")
        .contains("JMH 1.");
  }

  @Test
  void otherFilesAreRefusedInWords() {
    for (String wrong : List.of("{}", "[1]", "no json", "[{\"a\": 1}]")) {
      assertThatThrownBy(() -> read(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("results.json: expected a list of results");
    }
  }
}
