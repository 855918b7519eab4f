package dev.sluice.samples.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/// What the demo is told.
///
/// @param seconds of training
/// @param steps of training; 0: as many as the seconds allow
/// @param hidden units of each of the model's layers
/// @param out folder for the weights and the chart
/// @param cells folder of the cell files
/// @param help whether to show the options only
record Options(double seconds, int steps, int hidden, Path out, Path cells, boolean help) {
  static final String USAGE =
      """
      Usage: sluice demo [--seconds N] [--steps N] [--hidden N] [--out DIR] [--cells DIR]
      Compiles the slides' LSTM and GRU, checks their gradients, trains a character language model, and times the
      generated code against handwritten layers.
        --seconds N   how long to train (150)
        --steps N     train so many steps instead
        --hidden N    units of each layer of the model (128)
        --out DIR     where the weights and the loss curve go (samples/target/demo)
        --cells DIR   where lstm.cell and gru.cell are (samples/cells)
      """;

  /// @throws IllegalArgumentException in a user's words
  static Options parse(List<String> arguments) {
    Path home = home();
    Options options =
        new Options(
            150, 0, 128, home.resolve("samples/target/demo"), home.resolve("samples/cells"), false);
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      options = options.with(rest.next(), rest);
    }
    return options;
  }

  private Options with(String option, Iterator<String> rest) {
    return switch (option) {
      case "--seconds" -> new Options(positive(option, rest), steps, hidden, out, cells, help);
      case "--steps" -> new Options(seconds, whole(option, rest), hidden, out, cells, help);
      case "--hidden" -> new Options(seconds, steps, whole(option, rest), out, cells, help);
      case "--out" ->
          new Options(seconds, steps, hidden, Path.of(value(option, rest)), cells, help);
      case "--cells" ->
          new Options(seconds, steps, hidden, out, Path.of(value(option, rest)), help);
      case "--help", "-h" -> new Options(seconds, steps, hidden, out, cells, true);
      default -> throw new IllegalArgumentException("unknown option " + option + "\n" + USAGE);
    };
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
    }
    return rest.next();
  }

  private static double positive(String option, Iterator<String> rest) {
    String text = value(option, rest);
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && number <= 1e6) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the message
    }
    throw new IllegalArgumentException(
        "%s %s: expected a number above 0, at most 1000000".formatted(option, text));
  }

  private static int whole(String option, Iterator<String> rest) {
    double number = positive(option, rest);
    if (number != Math.rint(number)) {
      throw new IllegalArgumentException(
          "%s %s: expected a whole number".formatted(option, number));
    }
    return (int) number;
  }

  /// The repository: the launcher says, otherwise the nearest folder upwards that has the cells.
  private static Path home() {
    String told = System.getProperty("sluice.home");
    if (told != null) {
      return Path.of(told);
    }
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("samples/cells"))) {
        return folder;
      }
    }
    return here;
  }
}
