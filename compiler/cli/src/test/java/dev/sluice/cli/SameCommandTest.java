package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.io.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameCommandTest {
  @TempDir private Path folder;
  private Path keeps;
  private Path writes;

  @BeforeEach
  void cells() throws IOException {
    keeps =
        cell("keeps", "u_t = σ(W h_{t-1} + U x_t)\nh_t = u_t ∘ h_{t-1} + (1 - u_t) ∘ tanh(V x_t)");
    writes =
        cell("writes", "h_t = (1 - z_t) ∘ h_{t-1} + z_t ∘ tanh(A x_t)\nz_t = σ(B x_t + C h_{t-1})");
  }

  private Path cell(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + ".cell"), text + "\n");
  }

  @Test
  void equalUpToTheSignOfAGate() {
    Result result = run("same", keeps, writes);
    assertThat(result.out())
        .startsWith("equal: " + keeps + " and " + writes + " have the same normal form (up to ")
        .contains("C = −W", "B = −U", "A = V");
    assertThat(result.code()).isZero();
    assertThat(run("same", keeps, writes, "--json").out())
        .contains("\"verdict\": \"equal\"", "\"parameters\": [\"");
  }

  @Test
  void differentWithNumbers() {
    Result result = run("same", keeps, writes, "--up-to", "permutation");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .startsWith("different: ")
        .contains("output at step", "h = [", "--size x=1,h=1", "x over time: [");
    assertThat(run("same", keeps, writes, "--up-to", "permutation", "--json").out())
        .contains("\"verdict\": \"different\"", "\"witness\": [{\"sizes\": {");
  }

  @Test
  void weightsAreConverted() throws IOException {
    Path weights = folder.resolve("keeps.safetensors");
    Safetensors.write(
        weights,
        Map.of(
            "W", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2),
            "U", Tensor.of(new float[] {5, 6}, 2, 1),
            "V", Tensor.of(new float[] {7, 8}, 2, 1)));
    Path out = folder.resolve("writes.safetensors");
    assertThat(run("same", keeps, writes, "--weights", weights, "--out", out).code()).isZero();
    Map<String, Tensor> converted = Safetensors.read(out);
    assertThat(converted).containsOnlyKeys("A", "B", "C");
    assertThat(converted.get("C").toArray()).containsExactly(-1, -2, -3, -4);
    assertThat(converted.get("B").toArray()).containsExactly(-5, -6);
    assertThat(converted.get("A").toArray()).containsExactly(7, 8);
  }

  @Test
  void weightsOfDifferentCellsAreNotConverted() throws IOException {
    Path other = cell("other", "h_t = tanh(V x_t)");
    Path weights = folder.resolve("w.safetensors");
    Result result = run("same", keeps, other, "--weights", weights, "--out", weights);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("no parameters were found that make the cells compute the same");
    assertThat(run("same", keeps, writes, "--weights", weights).err())
        .contains("--weights and --out belong together");
  }

  @Test
  void undecidedIsFineUnlessStrict() throws IOException {
    Path a = cell("a", "h_t = tanh(V x_t + W h_{t-1})");
    Path b = cell("b", "e_t = exp(2 (V x_t + W h_{t-1}))\nh_t = (e_t - 1) / (e_t + 1)");
    Result result = run("same", a, b, "--trials", "20");
    assertThat(result.out()).startsWith("no difference found in 20 random trials");
    assertThat(result.code()).isZero();
    assertThat(run("same", a, b, "--strict").code()).isEqualTo(1);
  }

  @Test
  void hyperparametersAreSetInBothCells() throws IOException {
    Path a = cell("a", "const α = 0.5\nh_t = tanh(α V x_t)");
    Path b = cell("b", "h_t = tanh(0.25 V x_t)");
    assertThat(run("same", a, b, "--set", "alpha=0.25").out()).startsWith("equal");
    assertThat(run("same", a, b).code()).isEqualTo(1);
    Result wrong = run("same", a, b, "--set", "beta=1");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("neither cell has `const beta`");
  }

  @Test
  void aMistakeInEitherCellIsShown() throws IOException {
    Path bad = cell("bad", "h_t = tahn(V x_t)");
    assertThat(run("same", keeps, bad).err()).contains(bad + ":1:", "tanh");
    assertThat(run("same", keeps, folder.resolve("none.cell")).err()).contains("no such file");
  }

  private record Result(int code, String out, String err) {}

  private static Result run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(argument.toString());
    }
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), texts.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }
}
