package dev.sluice.samples.demo;

import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.runtime.io.Checkpoint;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.bench.Contestant;
import dev.sluice.samples.bench.Generated;
import dev.sluice.samples.bench.Handwritten;
import dev.sluice.samples.bench.Workload;
import dev.sluice.samples.bench.Workload.CellKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From the slide to running code: compiles the slides' LSTM and GRU, checks their gradients,
/// trains a character language model on Shakespeare, saves and loads it, and times the generated
/// code against handwritten layers.
public final class Demo {
  private static final int STREAMS = 32;
  private static final long SEED = 42;

  private final Options options;
  private final PrintStream out;
  private final PrintStream screen;
  private final List<String> summary = new ArrayList<>();
  private boolean failed;

  private Demo(Options options, PrintStream out, PrintStream screen) {
    this.options = options;
    this.out = out;
    this.screen = screen;
  }

  /// Exit code 0 when all checks held, 1 when one failed, 2 for a mistake in the options.
  public static void main(String[] arguments) {
    System.setProperty("java.awt.headless", "true");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream screen = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), out, screen));
  }

  /// The demo with streams of the caller's.
  ///
  /// @param screen takes the progress bar and messages for people
  /// @return the exit code
  static int run(List<String> arguments, PrintStream out, PrintStream screen) {
    try {
      Options options = Options.parse(arguments);
      if (options.help()) {
        out.print(Options.USAGE);
        return 0;
      }
      return new Demo(options, out, screen).run();
    } catch (IllegalArgumentException e) {
      screen.println(e.getMessage());
      return 2;
    } catch (NoSuchFileException e) {
      screen.println(e.getFile() + ": no such file; --cells DIR says where the cells are");
      return 2;
    } catch (IOException e) {
      screen.println(e);
      return 1;
    }
  }

  private int run() throws IOException {
    Files.createDirectories(options.out());
    CellFile lstm = compile("lstm");
    CellFile gru = compile("gru");
    CellProgram lstmProgram = lstm.compiled().load();
    CellProgram gruProgram = gru.compiled().load();
    title("Gradients: derived against central differences, in double");
    checkGradients(lstm);
    checkGradients(gru);
    languageModel(lstmProgram);
    title("Generated against handwritten, one thread, batch 32, 128 units, 50 steps");
    race(CellKind.LSTM, lstmProgram);
    race(CellKind.GRU, gruProgram);
    title("Summary");
    summary.forEach(out::println);
    return failed ? 1 : 0;
  }

  private CellFile compile(String name) throws IOException {
    Path file = options.cells().resolve(name + ".cell");
    CellFile cell = CellFile.read(file);
    title(file.getFileName() + ": from the slide to code");
    out.print(SlideView.of(cell.text(), cell.compiled()));
    note(
        name + ".cell",
        "%d lines of generated Java".formatted(cell.compiled().javaSource().lines().count()));
    return cell;
  }

  private void checkGradients(CellFile cell) {
    String name = cell.compiled().cell().name();
    GradientCheck check = GradientCheck.of(cell.compiled().adjoint(), Map.of("x", 3, "h", 5), SEED);
    double worst =
        check.lines().stream().mapToDouble(GradientCheck.Line::error).max().orElse(Double.NaN);
    String result =
        "%s  largest relative error %.1e over %d tensors"
            .formatted(check.pass() ? "PASS" : "FAIL", worst, check.lines().size());
    out.println("  " + name + "  " + result);
    note("gradients of " + name, result);
    failed |= !check.pass();
  }

  private void languageModel(CellProgram cell) throws IOException {
    Corpus corpus = Corpus.shakespeare();
    int[][] heldOut = Corpus.streams(corpus.heldOut(), STREAMS);
    double bigram = Bigram.fit(corpus.training(), corpus.symbols(), 0.1).loss(heldOut);
    title(
        "A character language model: 2 layers of lstm.cell with %d units, %d symbols"
            .formatted(options.hidden(), corpus.symbols()));
    out.printf("  held-out loss of the bigram model: %.3f nats a character%n", bigram);
    try (LanguageModel model = new LanguageModel(cell, corpus.symbols(), options.hidden(), SEED)) {
      train(model, corpus, heldOut, bigram);
      saveAndLoad(model, cell, corpus, heldOut);
    }
  }

  private void train(LanguageModel model, Corpus corpus, int[][] heldOut, double bigram)
      throws IOException {
    Curve curve = new Curve();
    int[][] training = Corpus.streams(corpus.training(), STREAMS);
    int[][] part =
        Corpus.streams(
            java.util.Arrays.copyOf(corpus.heldOut(), corpus.heldOut().length / 5), STREAMS);
    int steps = new Trainer(model, training, part).run(options, curve, screen);
    double loss = model.loss(heldOut);
    Path picture = options.out().resolve("loss.png");
    curve.draw(picture, bigram);
    String verdict =
        "%.3f nats a character after %d steps, %s the bigram model's %.3f"
            .formatted(loss, steps, loss < bigram ? "below" : "not below", bigram);
    out.println("  held-out loss: " + verdict);
    note("held-out loss", verdict);
    note("loss curve", picture.toString());
    title("What it writes");
    out.println(model.sample(corpus, "ROMEO:\n", 300, 0.8, SEED).indent(2));
  }

  private void saveAndLoad(LanguageModel model, CellProgram cell, Corpus corpus, int[][] heldOut)
      throws IOException {
    Path file = options.out().resolve("shakespeare.safetensors");
    Checkpoint.save(model.weights(), file);
    boolean same;
    try (LanguageModel loaded =
        new LanguageModel(cell, corpus.symbols(), options.hidden(), SEED + 1)) {
      Checkpoint.load(loaded.weights(), file);
      same =
          loaded.loss(heldOut) == model.loss(heldOut)
              && loaded
                  .sample(corpus, "JULIET:\n", 200, 0.8, SEED)
                  .equals(model.sample(corpus, "JULIET:\n", 200, 0.8, SEED));
    }
    String result = same ? "the same loss and the same text" : "FAIL: another loss or another text";
    out.println("  saved to " + file + " and loaded again: " + result);
    note("saved and loaded", result);
    note("weights", file.toString());
    failed |= !same;
  }

  private void race(CellKind kind, CellProgram program) {
    Workload work = Workload.random(kind, new Extent(128, 128, 32, 50), SEED);
    String name = program.name();
    try (Contestant generated = new Generated(program, work)) {
      Race race =
          Race.run(
              List.of(
                  new Race.Entry(name + ", generated", generated),
                  new Race.Entry(name + ", by hand, Vector API", Handwritten.vector(work)),
                  new Race.Entry(name + ", by hand, plain loops", Handwritten.plain(work))),
              3);
      out.print(race.table());
      out.printf(
          "  largest difference between their results: %.1e of the largest value%n",
          race.difference());
      note(
          "speed of " + name,
          "inference %.1f×, training %.1f× as fast as plain loops; %.1f× and %.1f× as the Vector API by hand"
              .formatted(
                  race.inferRatio(2), race.trainRatio(2), race.inferRatio(1), race.trainRatio(1)));
      boolean same = race.difference() < 1e-4;
      failed |= !same;
      if (!same) {
        note("results of " + name, "FAIL: they differ");
      }
    }
  }

  private void title(String text) {
    out.println();
    out.println(text);
    out.println("─".repeat(text.length()));
  }

  private void note(String what, String value) {
    summary.add("  %-20s  %s".formatted(what, value));
  }
}
