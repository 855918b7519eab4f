package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the commands print, and their exit codes.
class CommandsTest {
  private static final String RNN = "h_t = tanh(V x_t + W h_{t-1} + b)\n";

  @TempDir private Path folder;
  private Path rnn;

  @BeforeEach
  void writeCell() throws IOException {
    rnn = Files.writeString(folder.resolve("rnn.cell"), RNN);
  }

  @Test
  void checkOfAGoodCell() {
    Result result = run("check", rnn);
    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo(rnn + ": fine; 1 input, 1 state, 3 parameters, output h\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void checkOfABadCellShowsTheLineAndACaret() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.cell"), "# note\nh_t = tahn(V x_t)\n");
    Result result = run("check", bad);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: ").contains(bad + ":2:", "h_t = tahn(V x_t)", "^");
  }

  @Test
  void checkAsJson() throws IOException {
    assertThat(run("check", rnn, "--json").out())
        .isEqualTo("{\"file\": \"%s\", \"ok\": true, \"problems\": []}\n".formatted(rnn));
    Path bad = Files.writeString(folder.resolve("bad.cell"), "# note\nh_t = tahn(V x_t)\n");
    Result result = run("check", bad, "--json");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).contains("\"ok\": false", "\"severity\": \"error\"", "\"line\": 2,");
  }

  @Test
  void checkAsJsonOfWhatCannotBeRead() throws IOException {
    Path none = folder.resolve("none.cell");
    Result missing = run("check", none, "--json");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).isEmpty();
    assertThat(missing.out())
        .isEqualTo(
            "{\"file\": \"%s\", \"ok\": false, \"problems\": [{\"severity\": \"error\", \"title\": \"cannot be checked\", \"line\": 1, \"column\": 1, \"endLine\": 1, \"endColumn\": 1, \"detail\": \"%s: no such file\", \"help\": \"\"}]}\n"
                .formatted(none, none));
    assertThat(run("check", folder, "--json").out()).contains("is a folder");
    Path digit = Files.writeString(folder.resolve("1st.cell"), RNN);
    assertThat(run("check", digit, "--json").out()).contains("no class can be named after");
  }

  /// In a JVM of its own: the setting is read once.
  @ParameterizedTest
  @CsvSource({
    "sluice.vector, maybe, sluice.vector=maybe: expected on or off",
    "sluice.vector.bits, 77, 'sluice.vector.bits=77: expected 128, 256 or 512'"
  })
  void aWrongSettingOfTheVectorsIsSaid(String property, String value, String message)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-D" + property + "=" + value,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sluice.cli.Main",
                "bench",
                rnn.toString(),
                "--size",
                "x=2,h=2",
                "--batch",
                "1",
                "--steps",
                "2")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(2);
    assertThat(said).contains("sluice: " + message).doesNotContain("\tat ");
  }

  @Test
  void sizesOfVectorsInGroups() throws IOException {
    Path groups =
        Files.writeString(
            folder.resolve("groups.cell"),
            "h_t = tanh(W h_{t-1} + U x_t)\nW, U : block-diagonal(2)\n");
    Result result = run("gradcheck", groups, "--size", "x=4,h=6");
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void printWritesAnotherSpelling() throws IOException {
    Path gate = Files.writeString(folder.resolve("gate.cell"), "# a gate\nc̃_t = σ(α x_t)\n");
    assertThat(run("print", gate).out()).isEqualTo("c̃_t = σ(α x_t)\n");
    assertThat(run("print", gate, "--as", "ascii").out())
        .isEqualTo("c_tilde_t = sigmoid(alpha x_t)\n");
    assertThat(run("print", gate, "--as", "latex").out())
        .isEqualTo("\\begin{aligned}\n\\tilde{c}_t &= \\sigma(\\alpha x_t)\n\\end{aligned}\n");
    assertThat(run("print", gate, "--as", "word").code()).isEqualTo(2);
  }

  @Test
  void explainTellsWhatAStepDoesWithItsMemory() throws IOException {
    Path cell =
        Files.writeString(
            folder.resolve("gate.cell"),
            "f_t = σ(W h_{t-1} + b)\nh_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ tanh(V x_t)\ninit b = 2\n");
    assertThat(run("explain", cell).out())
        .contains(
            "recurrence: dense",
            "∂h_t/∂h_{t-1} = diag(f_t) + diag(h_{t-1} ∘ f_t ∘ (1 − f_t)) W",
            "f = 1   keeps h    h_t = h_{t-1}",
            "f = 0   writes h   h_t = tanh(V x_t)",
            "h: f starts at σ(2) = 0.881, a memory of about 1/(1 − σ(2)) = 8.4 steps");
    assertThat(run("explain", cell, "--json").out())
        .contains(
            "\"structure\": \"dense\"",
            "\"regimes\": [{\"gates\": {\"f\": 1}, \"kind\": \"keeps\", \"target\": \"h\"",
            "\"horizons\": [{\"state\": \"h\", \"gate\": \"f\", \"bias\": 2.0");
  }

  @Test
  void explainTellsWhatIsComputedOncePerUpdate() throws IOException {
    Path cell =
        Files.writeString(
            folder.resolve("weights.cell"),
            "w = -exp(u)\nh_t = tanh((W - W^T - 0.1 I) h_{t-1} + V x_t + w ∘ h_{t-1})\n");
    assertThat(run("explain", cell, "--size", "x=4,h=5").out())
        .contains("computed once per update: n² + 2n = 35 operations\n  w = −exp(u)\n  W − Wᵀ\n")
        // A product with W − Wᵀ and one with V, and six operations for each unit.
        .contains("forward   2mn + 2n² + 6n = 120");
    assertThat(run("explain", cell, "--json").out())
        .contains("\"computedOncePerUpdate\": [\"w = −exp(u)\", \"W − Wᵀ\"]")
        .contains("\"oncePerUpdateFlops\": \"n² + 2n\"");
    assertThat(run("explain", rnn).out()).doesNotContain("once per update");
    assertThat(run("check", cell, "--dump=weights").out())
        .contains("h: [n] = tanh(W_minus_W_T @ h[t-1] + ")
        .contains("\nweights\ncell weights weights\n")
        .contains("W_minus_W_T: [n, n] = W - W.T\n");
  }

  @Test
  void compileWritesTheClassIntoItsPackage() {
    Path out = folder.resolve("generated");
    Result result = run("compile", rnn, "-d", out, "--package", "a.b", "--size", "x=4,h=5");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    Path target = out.resolve("a/b/Rnn.java");
    assertThat(result.out()).isEqualTo(target + "\n");
    assertThat(target).content().contains("package a.b;", "public final class Rnn");
  }

  @Test
  void generatedCodeDoesntDependOnWhereTheCellLies() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other")).resolve("rnn.cell");
    Files.writeString(other, RNN);
    run("compile", rnn, "-d", folder.resolve("a"));
    run("compile", other, "-d", folder.resolve("b"));
    assertThat(folder.resolve("a/sluice/cells/Rnn.java"))
        .hasSameTextualContentAs(folder.resolve("b/sluice/cells/Rnn.java"))
        .content()
        .doesNotContain(folder.toString());
  }

  @Test
  void aLimitOfMemoryIsOfTheClass() {
    Path out = folder.resolve("generated");
    assertThat(run("compile", rnn, "-d", out, "--memory", "64m").code()).isZero();
    assertThat(out.resolve("sluice/cells/Rnn.java")).content().contains("return 67108864L;");
    Result wrong = run("compile", rnn, "-d", out, "--memory", "64q");
    assertThat(wrong.code()).isNotZero();
    assertThat(wrong.err()).contains("'64q' is no amount of memory: expected bytes as 500000");
  }

  @Test
  void explainPredictsMemoryOfNarrowWeights() {
    List<String> taken = new ArrayList<>();
    for (String format : List.of("fp32", "bf16", "int8")) {
      Result result =
          run(
              "explain",
              rnn,
              "-s",
              "x=64,h=512",
              "--batch",
              "1",
              "--steps",
              "9",
              "--weights-as",
              format);
      assertThat(result.out()).containsPattern("infer +memory ([0-9.]+ MiB) predicted, \\1 taken");
      taken.add(result.out().replaceAll("(?s).*infer +memory ([0-9.]+) MiB.*", "$1"));
    }
    // 288 Ki weights.
    assertThat(Double.parseDouble(taken.get(0)) - Double.parseDouble(taken.get(1)))
        .isBetween(0.4, 0.7);
    assertThat(Double.parseDouble(taken.get(1)) - Double.parseDouble(taken.get(2)))
        .isBetween(0.2, 0.4);
  }

  @Test
  void explainPredictsMemoryAndMeasuresIt() {
    String sizes = "x=4,h=64";
    Result free = run("explain", rnn, "--size", sizes, "--batch", "3", "--steps", "5000");
    Result tight =
        run("explain", rnn, "-s", sizes, "--batch", "3", "--steps", "5000", "--memory", "12m");
    assertThat(free.out()).containsPattern("train +memory ([0-9.]+ MiB) predicted, \\1 taken\n");
    assertThat(tight.out())
        .containsPattern("infer +memory ([0-9.]+ MiB) predicted, \\1 taken")
        .containsPattern(
            "train +memory (1[012][.][0-9] MiB) predicted, \\1 taken .1[012][.][0-9] MiB instead")
        .contains("1 of 1 cells in chunks of ");
    Result impossible =
        run("explain", rnn, "-s", sizes, "--batch", "3", "--steps", "5000", "--memory", "20k");
    assertThat(impossible.code()).isNotZero();
    assertThat(impossible.err())
        .contains("3 sequences of 5000 steps can't do with 20,480 bytes off the heap: expected a");
    assertThat(run("explain", rnn, "--batch", "3").err()).contains("expected all three");
  }

  @Test
  void benchTellsTheMemory() {
    Result result =
        run(
            "bench",
            rnn,
            "--mode",
            "train",
            "-s",
            "x=4,h=64",
            "--batch",
            "3",
            "--steps",
            "5000",
            "--memory",
            "12m",
            "--seconds",
            "0");
    assertThat(result.out()).containsPattern("memory (1[012][.][0-9] MiB) predicted, \\1 taken");
  }

  @Test
  void explainTellsRolesShapesCountsBackwardAndSchedule() {
    Result result = run("explain", rnn, "--size", "x=4,h=5");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("rnn\n")
        .contains(
            """
              inputs      x_t ∈ ℝ^m
              states      h_t ∈ ℝ^n
            """)
        .contains("h_t = tanh(V x_t + W h_{t-1} + b)")
        .contains(
            """
            parameters: mn + n² + n = 50
              V  mn = 20
              W  n² = 25
              b  n = 5
            """)
        .contains("forward   2mn + 2n² + 2n = 100")
        .contains("∂L/∂W += ", "∂L/∂b += ")
        .contains("\nschedule\n")
        .contains("step t:");
  }

  @Test
  void explainAsJson() {
    assertThat(run("explain", rnn, "--size", "x=4,h=5", "--json").out())
        .startsWith("{\"name\": \"rnn\", \"inputs\": [{\"name\": \"x\"")
        .contains("\"counts\": {\"parameters\": \"mn + n² + n\"")
        .contains("\"numbers\": {\"parameters\": 50,");
  }

  @Test
  void everyStageCanBeDumped() {
    assertThat(run("check", rnn, "--dump=ast").out()).contains("h@t");
    assertThat(run("check", rnn, "--dump=bind").out()).contains("param V: [n, m]");
    assertThat(run("check", rnn, "--dump=weights").out()).contains("h: [n] = tanh(");
    assertThat(run("check", rnn, "--dump=canon").out()).contains("h: [n] = tanh(");
    assertThat(run("check", rnn, "--dump=derive").out()).contains("outer(");
    assertThat(run("check", rnn, "--dump=schedule").out()).contains("step t:");
    Result unknown = run("check", rnn, "--dump=stage");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("AST, BIND, WEIGHTS, CANON, DERIVE, SCHEDULE");
  }

  @Test
  void gradcheckPassesEveryTensor() {
    Result result = run("gradcheck", rnn);
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .containsPattern("PASS {2}parameter +W ")
        .containsPattern("PASS {2}input +x ")
        .containsPattern("PASS {2}initial state +h ")
        .contains("PASS  " + rnn)
        .doesNotContain("FAIL");
    assertThat(run("gradcheck", rnn, "--json", "--size", "x=1,h=2").out())
        .contains("\"pass\": true")
        .contains("\"x\": 1");
  }

  @Test
  void benchEndsWithOneLineOfJson() {
    for (String mode : List.of("infer", "train")) {
      Result result =
          run(
              "bench",
              rnn,
              "--mode",
              mode,
              "--size",
              "x=3,h=5",
              "--batch",
              "4",
              "--steps",
              "3",
              "--threads",
              "2",
              "--seconds",
              "0",
              "--json");
      assertThat(result.err()).isEmpty();
      assertThat(result.code()).isZero();
      assertThat(result.out().lines().toList().getLast())
          .matches(
              "\\{\"ms\": [0-9.E-]+, \"min_ms\": [0-9.E-]+, \"gflops\": [0-9.E-]+, \"memory\": \\{.*}}");
    }
  }

  @Test
  void settingsGoOverTheFiles() throws IOException {
    Path leaky =
        Files.writeString(
            folder.resolve("leaky.cell"),
            "const α = 0.5\nh_t = α * h_{t-1} + (1 - α) * tanh(W h_{t-1} + V x_t)\n");
    assertThat(run("check", leaky, "--dump=bind").out()).contains("0.5");
    assertThat(run("check", leaky, "--dump=bind", "--set", "alpha=0.25").out()).contains("0.25");
    assertThat(run("explain", leaky, "--set", "alpha=0.25").out())
        .contains("hyperparameters, another value with --set\n  α = 0.25\n");
    Path deep =
        Files.writeString(
            folder.resolve("deep.cell"),
            "const L\ns_0 = h_{t-1}\ns_l = tanh(V x_t + R_l s_{l-1}) for l in 1..L\nh_t = s_L\n");
    assertThat(run("check", deep).err()).contains("--set L=3");
    assertThat(run("check", deep, "--set", "L=2").out()).contains("3 parameters");
    assertThat(run("check", deep, "--dump=ast", "--set", "L=2").out()).contains("(= h@t s_2)");
    assertThat(run("print", deep, "--set", "L=2").out()).contains("s_2 = tanh");
  }

  @Test
  void wrongCommandsEndWithTwoAndSayWhy() {
    assertThat(run("check", folder.resolve("none.cell")))
        .isEqualTo(
            new Result(2, "", "sluice: " + folder.resolve("none.cell") + ": no such file\n"));
    assertThat(run("check", folder).err()).contains("is a folder");
    assertThat(run("explain", rnn, "--size", "q=4"))
        .matches(r -> r.code() == 2 && r.err().contains("size q"));
    assertThat(run("compile", rnn, "--package", "not-one"))
        .matches(r -> r.code() == 2 && r.err().contains("not a package name: not-one"));
    assertThat(run("bench", rnn, "--size", "x=3"))
        .matches(r -> r.code() == 2 && r.err().contains("no size for n"));
    assertThat(run("bench", rnn, "--size", "x=3,h=3", "--batch", "0").code()).isEqualTo(2);
    assertThat(run("nonsense").code()).isEqualTo(2);
    assertThat(run("check").code()).isEqualTo(2);
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(run("--help").out())
        .contains(
            "check", "compile", "explain", "gradcheck", "run", "bench", "demo", "zoo", "test");
    assertThat(run("run", "--help").out()).contains("--weights", "--grad-output", "--initial");
  }

  private record Result(int code, String out, String err) {}

  private static Result run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }
}
