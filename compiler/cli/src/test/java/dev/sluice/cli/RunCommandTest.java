package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.io.Npy;
import dev.sluice.runtime.io.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run` on a cell that can be worked out by hand: a leaky sum, h_t = ½ h_{t-1} + V x_t.
class RunCommandTest {
  @TempDir private Path folder;
  private Path cell;
  private Path out;

  @BeforeEach
  void writeFiles() throws IOException {
    cell =
        Files.writeString(folder.resolve("leaky.cell"), "const α = 0.5\nh_t = α h_{t-1} + V x_t\n");
    out = folder.resolve("out");
    Files.createDirectories(folder.resolve("weights"));
    npy("weights/V", new float[] {1, 2, 3, 4, 5, 6}, 2, 3); // [out, in]
    npy("x", new float[] {1, 0, 0, 0, 1, 0}, 2, 1, 3); // [T, B, I]
    npy("h0", new float[] {8, 16}, 1, 2); // [B, H]
    npy("g", new float[] {1, 1, 10, 100}, 2, 1, 2);
    npy("gh", new float[] {1000, 0}, 1, 2);
  }

  @Test
  void outputAndFinalState() throws IOException {
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isZero();
    assertThat(numbers("output")).containsExactly(1, 4, 0.5f + 2, 2 + 5);
    assertThat(numbers("final_h")).containsExactly(2.5f, 7);
    assertThat(shape("output")).containsExactly(2, 1, 2);
    assertThat(shape("final_h")).containsExactly(1, 2);
    assertThat(out.resolve("states_h.npy")).doesNotExist();
  }

  @Test
  void weightsInFewerBits() throws IOException {
    npy("weights/V", new float[] {1 + 0x1p-9f, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(run("--weights", "weights", "--input", "x=x.npy", "--weights-as", "bf16")).isZero();
    assertThat(numbers("output")).containsExactly(1, 4, 0.5f + 2, 2 + 5);
    assertThat(run("--weights", "weights", "--input", "x=x.npy", "--weights-as", "int8")).isZero();
    // The steps of the second row are 6/127.
    assertThat(numbers("output")[1]).isCloseTo(4, within(0.5f * 6 / 127)).isNotEqualTo(4);
    assertThat(
            run("--weights", "weights", "--input", "x=x.npy", "--weights-as", "bf16", "--states"))
        .isEqualTo(2);
  }

  @Test
  void initialStateSettingAndEveryStepsStates() throws IOException {
    int code =
        run(
            "--weights",
            "weights",
            "--input",
            "x=x.npy",
            "--initial",
            "h=h0.npy",
            "--states",
            "--set",
            "alpha=0.25");
    assertThat(code).isZero();
    assertThat(numbers("states_h")).containsExactly(3, 8, 0.75f + 2, 2 + 5);
    assertThat(numbers("final_h")).containsExactly(2.75f, 7);
  }

  @Test
  void gradientsOfTheWeightedSum() throws IOException {
    int code =
        run(
            "--weights",
            "weights",
            "--input",
            "x=x.npy",
            "--initial",
            "h=h0.npy",
            "--grad-output",
            "g.npy",
            "--grad-final",
            "h=gh.npy");
    assertThat(code).isZero();
    // ∂L/∂h_2 = (10 + 1000, 100), ∂L/∂h_1 = (1, 1) + half of it
    assertThat(numbers("grad_V")).containsExactly(506, 1010, 0, 51, 100, 0);
    assertThat(numbers("grad_x"))
        .containsExactly(
            506 + 4 * 51, 2 * 506 + 5 * 51, 3 * 506 + 6 * 51, 1010 + 400, 2020 + 500, 3030 + 600);
    assertThat(numbers("grad_initial_h")).containsExactly(253, 25.5f);
  }

  @Test
  void gradientOfTheFinalStateAlone() throws IOException {
    assertThat(run("--weights", "weights", "--input", "x=x.npy", "--grad-final", "h=gh.npy"))
        .isZero();
    assertThat(numbers("grad_initial_h")[0]).isCloseTo(250, within(1e-4f));
  }

  @Test
  void weightsFromSafetensors() throws IOException {
    Tensor weight = Npy.read(folder.resolve("weights/V.npy"));
    Safetensors.write(folder.resolve("w.safetensors"), Map.of("V", weight));
    assertThat(run("--weights", "w.safetensors", "--input", "x=x.npy")).isZero();
    assertThat(numbers("final_h")).containsExactly(2.5f, 7);
  }

  @Test
  void arraysBesideTheWeightsAreLeftAlone() throws IOException {
    npy("weights/other", new float[] {1}, 1);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isZero();
    assertThat(lastError).contains("note: ", "1 arrays that are no parameters");
  }

  @Test
  void whatDoesNotFitIsSaid() throws IOException {
    assertThat(run("--weights", "weights")).isEqualTo(2);
    assertThat(lastError).contains("the input x is missing: --input x=FILE");
    assertThat(run("--weights", "weights", "--input", "y=x.npy")).isEqualTo(2);
    assertThat(lastError).contains("--input y: the cell has no input of that name; it has [x]");
    assertThat(run("--weights", "weights", "--input", "x=none.npy")).isEqualTo(2);
    assertThat(lastError).contains("none.npy");
    Files.delete(folder.resolve("weights/V.npy"));
    npy("weights/other", new float[] {1}, 1);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isEqualTo(2);
    assertThat(lastError).contains("none of the parameters [V] of", "its arrays are [other]");
    npy("weights/V", new float[] {1, 2}, 1, 2);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isEqualTo(2);
    assertThat(lastError).contains("V", "[1, 3]", "[1, 2]");
  }

  @Test
  void weightsThatStandTheOtherWayRoundAreNamedWithBothShapes() throws IOException {
    Files.writeString(cell, "(f_t; g_t) = (σ; tanh)(V x_t + b)\nh_t = f_t ∘ h_{t-1} + g_t\n");
    npy("weights/V", new float[12], 3, 4);
    npy("weights/b", new float[4], 4);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isEqualTo(2);
    assertThat(lastError)
        .contains("parameter V is [3, 4], expected [4, 3] (2n×m with n = 2, m = 3)");
  }

  /// Of several arrays the one is named that the others contradict, wherever it stands.
  @Test
  void theArrayThatIsWrongIsNamed() throws IOException {
    Files.writeString(cell, "h_t = tanh(V x_t + W h_{t-1} + b)\n");
    npy("weights/V", new float[6], 2, 3);
    npy("weights/W", new float[4], 2, 2);
    npy("weights/b", new float[2], 2);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isZero();
    npy("weights/V", new float[15], 5, 3);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isEqualTo(2);
    assertThat(lastError)
        .isEqualTo("sluice: parameter V is [5, 3], expected [2, 3] (n×m with n = 2, m = 3)\n");
    npy("weights/V", new float[6], 2, 3);
    npy("x", new float[8], 2, 1, 4);
    assertThat(run("--weights", "weights", "--input", "x=x.npy", "--size", "x=3")).isEqualTo(2);
    assertThat(lastError)
        .isEqualTo("sluice: input x is [2, 1, 4], expected at the end [3] (m with m = 3)\n");
  }

  @Test
  void anArrayThatIsNoStackOfGatesIsNamed() throws IOException {
    Files.writeString(cell, "(f_t; g_t) = (σ; tanh)(V x_t + b)\nh_t = f_t h_{t-1} + g_t\n");
    npy("weights/V", new float[12], 4, 3);
    npy("weights/b", new float[5], 5);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isEqualTo(2);
    assertThat(lastError).isEqualTo("sluice: parameter b is [5], expected [4] (2n with n = 2)\n");
    npy("weights/V", new float[15], 5, 3);
    assertThat(run("--weights", "weights", "--input", "x=x.npy")).isEqualTo(2);
    assertThat(lastError).contains("parameter V is [5, 3], expected [2n, 3]");
  }

  private String lastError = "";

  private int run(String... options) {
    StringWriter err = new StringWriter();
    List<String> words = new java.util.ArrayList<>(List.of("run", cell.toString()));
    for (String option : options) {
      words.add(inFolder(option));
    }
    words.addAll(List.of("--out", out.toString()));
    int code =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            words.toArray(String[]::new));
    lastError = err.toString();
    return code;
  }

  /// Files of the test are named without their folder.
  private String inFolder(String option) {
    if (option.equals("weights") || option.endsWith(".safetensors") || option.equals("g.npy")) {
      return folder.resolve(option).toString();
    }
    return option.endsWith(".npy") ? option.replace("=", "=" + folder + "/") : option;
  }

  private void npy(String name, float[] numbers, int... shape) throws IOException {
    Npy.write(folder.resolve(name + ".npy"), Tensor.of(numbers, shape));
  }

  private float[] numbers(String name) throws IOException {
    return Npy.read(out.resolve(name + ".npy")).toArray();
  }

  private int[] shape(String name) throws IOException {
    return Npy.read(out.resolve(name + ".npy")).shape();
  }
}
