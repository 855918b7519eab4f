package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The cell that a command works on.
final class CellFile {
  /// No cell is that long; what is longer is another kind of file.
  private static final int LARGEST = 64 << 20;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The equations of the cell, plain, Unicode or LaTeX; - is standard input.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      split = ",",
      description = "Value of a hyperparameter (const α = …), over the file's.")
  private final Map<String, Double> settings = new LinkedHashMap<>();

  @Option(
      names = "--precise",
      description =
          "Generate code whose σ and tanh are within 2 ulp instead of 3e-7, for tolerances of 1e-6;"
              + " they take about 1.5 times as long.")
  private boolean precise;

  /// Another file with the same options.
  CellFile with(Path other) {
    CellFile second = new CellFile();
    second.file = other;
    second.settings.putAll(settings);
    second.precise = precise;
    return second;
  }

  /// Values of hyperparameters that the user gave.
  Map<String, Double> settings() {
    return Map.copyOf(settings);
  }

  /// As the user gave it, for messages.
  String shown() {
    return isStandardInput() ? "<standard input>" : file.toString();
  }

  private boolean isStandardInput() {
    return file.toString().equals("-");
  }

  /// Name of the cell: that of the file, up to the first dot.
  String cellName() {
    if (isStandardInput()) {
      return "cell";
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  Options options() {
    return Options.named(cellName()).withSettings(settings).withPrecise(precise);
  }

  /// The text, named by the file alone: generated code doesn't depend on where it lies.
  Source source() {
    return new Source(
        isStandardInput() ? shown() : String.valueOf(file.getFileName()),
        text().replaceFirst("^\uFEFF", ""));
  }

  private String text() {
    if (!isStandardInput() && !Files.exists(file)) {
      throw new UserError("%s: no such file".formatted(shown()));
    }
    if (!isStandardInput() && Files.isDirectory(file)) {
      throw new UserError("%s is a folder; expected a file with equations".formatted(shown()));
    }
    try (InputStream in = isStandardInput() ? System.in : Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new UserError(
            "%s is larger than %d MiB, which no cell is".formatted(shown(), LARGEST >> 20));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserError("%s is not UTF-8 text: save it as UTF-8".formatted(shown()), e);
    } catch (IOException e) {
      throw UserError.of(file, e);
    }
  }

  /// The report of problems, with the file as the user gave it.
  String report(Source source, Outcome<?> outcome) {
    return Report.render(new Source(shown(), source.text()), outcome.problems());
  }

  /// Compiles, with notes to `err`.
  ///
  /// @throws CellError when the cell has mistakes
  Compiled compile(Options options, PrintWriter err) {
    Source source = source();
    return accept(source, Pipeline.compile(source, options), err);
  }

  /// The value of an outcome, with notes to `err`.
  ///
  /// @throws CellError when there are errors
  <T> T accept(Source source, Outcome<T> outcome, PrintWriter err) {
    String report = report(source, outcome);
    if (!outcome.isOk()) {
      throw new CellError(report);
    }
    err.print(report);
    err.flush();
    return outcome.value().orElseThrow();
  }
}
