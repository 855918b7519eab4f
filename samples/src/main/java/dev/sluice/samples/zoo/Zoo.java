package dev.sluice.samples.zoo;

import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.samples.recorded.RecordedCase;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// The table of all cells: what compiles, what is right, what it costs.
public final class Zoo {
  private final ZooOptions options;
  private final PrintStream out;
  private final PrintStream screen;

  private Zoo(ZooOptions options, PrintStream out, PrintStream screen) {
    this.options = options;
    this.out = out;
    this.screen = screen;
  }

  /// Exit code 0 when every cell passes, 1 when one doesn't, 2 for a mistake in the options.
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream screen = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), out, screen));
  }

  /// The zoo with streams of the caller's.
  ///
  /// @param screen takes the progress bar and messages for people
  /// @return the exit code
  static int run(List<String> arguments, PrintStream out, PrintStream screen) {
    try {
      ZooOptions options = ZooOptions.parse(arguments);
      if (options.help()) {
        out.print(ZooOptions.USAGE);
        return 0;
      }
      return new Zoo(options, out, screen).run();
    } catch (IllegalArgumentException e) {
      screen.println(e.getMessage());
      return 2;
    } catch (IOException e) {
      screen.println(e);
      return 1;
    }
  }

  /// What other software computed of cells of the zoo.
  public static List<RecordedCase> recorded() throws IOException {
    try (InputStream zip = Zoo.class.getResourceAsStream("recorded.zip")) {
      return RecordedCase.inZip(Objects.requireNonNull(zip));
    }
  }

  private int run() throws IOException {
    List<Path> files = files();
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no cell with '%s' in its name".formatted(options.cells(), options.filter()));
    }
    ZooCheck check = ZooCheck.of(recorded());
    double lstm = options.time() ? secondsPerFlop(options.cells().resolve("lstm.cell")) : 0;
    List<ZooRow> rows = new ArrayList<>();
    if (!options.json()) {
      out.println(ZooTable.header(options.time()));
    }
    try (Bar bar = new Bar(files.size())) {
      for (Path file : files) {
        bar.at(SluiceCompiler.cellName(file));
        ZooRow row = row(check, file);
        if (options.time() && row.facts() != null) {
          double ratio = secondsPerFlop(file) / lstm;
          row = new ZooRow(row.name(), row.problem(), row.facts().withTime(ratio));
        }
        rows.add(row);
        bar.done(options.json() ? ZooTable.json(row) : ZooTable.line(row));
      }
    }
    if (!options.json()) {
      out.println(ZooTable.summary(rows));
      rows.stream()
          .filter(row -> !row.pass())
          .forEach(row -> out.println("\n" + row.name() + "\n" + row.problem()));
    }
    return rows.stream().allMatch(ZooRow::pass) ? 0 : 1;
  }

  /// A cell that names or shapes don't fit is a failure of that cell, not of the zoo.
  private static ZooRow row(ZooCheck check, Path file) throws IOException {
    try {
      return check.check(file);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return new ZooRow(SluiceCompiler.cellName(file), String.valueOf(e.getMessage()), null);
    }
  }

  private static double secondsPerFlop(Path file) throws IOException {
    return ZooTiming.secondsPerFlop(SluiceCompiler.compile(file));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(options.cells())) {
      return all.filter(file -> file.toString().endsWith(".cell"))
          .filter(file -> SluiceCompiler.cellName(file).contains(options.filter()))
          .sorted()
          .toList();
    }
  }

  /// The progress bar, if a person looks at it; lines appear above it.
  private final class Bar implements AutoCloseable {
    private final List<ProgressBar> bar;

    Bar(int cells) {
      bar =
          Boolean.getBoolean("sluice.terminal")
              ? List.of(
                  new ProgressBarBuilder()
                      .setTaskName("cells")
                      .setInitialMax(cells)
                      .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                      .setUpdateIntervalMillis(200)
                      .setConsumer(new ConsoleProgressBarConsumer(screen, 100))
                      .clearDisplayOnFinish()
                      .build())
              : List.of();
    }

    void at(String cell) {
      bar.forEach(b -> b.setExtraMessage(cell));
    }

    void done(String line) {
      bar.forEach(ProgressBar::step);
      out.println(line);
    }

    @Override
    public void close() {
      bar.forEach(ProgressBar::close);
    }
  }
}
