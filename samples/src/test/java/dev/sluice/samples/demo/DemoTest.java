package dev.sluice.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.runtime.io.Checkpoint;
import dev.sluice.samples.cells.Gru;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoTest {
  @TempDir private Path out;

  @BeforeAll
  static void headless() {
    System.setProperty("java.awt.headless", "true");
  }

  /// The whole demo with a small model for a few steps.
  @Test
  void fromTheSlideToASavedModel() throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    List<String> arguments =
        List.of("--steps", "3", "--hidden", "16", "--seconds", "1", "--out", out.toString());

    int code = Demo.run(arguments, stream(printed), stream(new ByteArrayOutputStream()));

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .contains("c_t = f_t ∘ c_{t-1} + i_t ∘ c̃_t")
        .contains("i.fma(c_tilde, f.mul(c_prev))")
        .containsPattern("lstm +PASS")
        .containsPattern("gru +PASS")
        .contains("nats a character after 3 steps")
        .contains("ROMEO:")
        .contains("the same loss and the same text")
        .contains("gru, by hand, plain loops")
        .doesNotContain("FAIL");
    assertThat(code).isZero();
    assertThat(ImageIO.read(out.resolve("loss.png").toFile()).getWidth()).isEqualTo(900);
    assertThat(Checkpoint.read(out.resolve("shakespeare.safetensors")))
        .containsKeys("0.W_f", "1.U_c", "2.W");
  }

  /// Characters that alternate: after a few steps the model knows, and the weights in a file know
  /// too.
  @Test
  void aModelLearnsAndAFileKeepsIt() throws IOException {
    Corpus corpus = Corpus.of("ab".repeat(2_000));
    int[][] training = Corpus.streams(corpus.training(), 4);
    int[][] heldOut = Corpus.streams(corpus.heldOut(), 4);
    try (LanguageModel model = new LanguageModel(new Gru(), 2, 8, 1);
        LanguageModel other = new LanguageModel(new Gru(), 2, 8, 2)) {
      double before = model.loss(heldOut);
      for (int step = 0; step < 40; step++) {
        model.train(training, step % 20 * 20, 20, 0.02);
      }
      double after = model.loss(heldOut);
      assertThat(before).isCloseTo(Math.log(2), within(0.3));
      assertThat(after).isLessThan(0.1);
      assertThat(model.sample(corpus, "a", 9, 0.5, 3)).isEqualTo("ababababab");

      Path file = out.resolve("weights.safetensors");
      Checkpoint.save(model.weights(), file);
      assertThat(other.loss(heldOut)).isNotEqualTo(after);
      Checkpoint.load(other.weights(), file);
      assertThat(other.loss(heldOut)).isEqualTo(after);
    }
  }

  @Test
  void aBigramModelIsCountedPairs() {
    Corpus corpus = Corpus.of("aab".repeat(10));
    Bigram bigram = Bigram.fit(new int[] {0, 0, 1, 0, 0, 1}, 2, 0.5);

    assertThat(corpus.alphabet()).isEqualTo("ab");
    assertThat(corpus.training()).hasSize(27);
    assertThat(corpus.heldOut()).containsExactly(0, 0, 1);
    // pairs aa, ab, ba, aa, ab: after a twice a and twice b, after b once a
    assertThat(bigram.probabilities()[0]).containsExactly(0.5, 0.5);
    assertThat(bigram.probabilities()[1]).containsExactly(0.75, 0.25);
    assertThat(bigram.loss(new int[][] {{0, 1, 0}}))
        .isCloseTo((Math.log(2) - Math.log(0.75)) / 2, within(1e-12));
  }

  @Test
  void shakespeareHas65CharactersAndABigramLossOfTwoAndAHalf() throws IOException {
    Corpus corpus = Corpus.shakespeare();

    assertThat(corpus.symbols()).isEqualTo(65);
    assertThat(corpus.training().length + corpus.heldOut().length).isEqualTo(1_115_394);
    double loss = Bigram.fit(corpus.training(), 65, 0.1).loss(Corpus.streams(corpus.heldOut(), 1));
    assertThat(loss).isBetween(2.4, 2.6);
  }

  @Test
  void optionsThatMakeNoSenseAreExplained() {
    assertThatThrownBy(() -> Options.parse(List.of("--steps", "0.5")))
        .hasMessage("--steps 0.5: expected a whole number");
    assertThatThrownBy(() -> Options.parse(List.of("--seconds", "soon")))
        .hasMessageContaining("--seconds soon: expected a number above 0");
    assertThatThrownBy(() -> Options.parse(List.of("--out"))).hasMessageContaining("needs a value");
    assertThatThrownBy(() -> Options.parse(List.of("--fast")))
        .hasMessageContaining("unknown option --fast");
  }

  @Test
  void aMissingCellFileIsNamed() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    List<String> arguments = List.of("--cells", out.toString(), "--out", out.toString());

    assertThat(Demo.run(arguments, stream(new ByteArrayOutputStream()), stream(screen)))
        .isEqualTo(2);
    assertThat(screen.toString(StandardCharsets.UTF_8)).contains("lstm.cell: no such file");
    assertThat(Files.exists(out.resolve("loss.png"))).isFalse();
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
