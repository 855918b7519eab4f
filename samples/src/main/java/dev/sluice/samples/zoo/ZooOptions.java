package dev.sluice.samples.zoo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/// What the zoo is told.
///
/// @param filter part of the names of the cells that are meant; empty for all
/// @param cells folder of the cell files
/// @param json whether to write JSON instead of a table
/// @param time whether to time training, which needs a quiet machine
/// @param help whether to show the options only
record ZooOptions(String filter, Path cells, boolean json, boolean time, boolean help) {
  static final String USAGE =
      """
      Usage: sluice zoo [FILTER] [--cells DIR] [--json] [--time]
      Compiles the cells of the literature, or those with FILTER in their names, and says of each: whether it compiles,
      the largest error of its derived gradients against central differences (double), of its generated code against
      the interpreter (float), and of its results against those that other software computed, where there are any; how
      its states depend on the last ones; its work.
        --cells DIR   another folder of cells (samples/cells)
        --json        one line of JSON for each cell
        --time        time of training per FLOP, relative to lstm.cell; on a machine that does nothing else
      """;

  /// @throws IllegalArgumentException in a user's words
  static ZooOptions parse(List<String> arguments) {
    String filter = "";
    Path cells = home().resolve("samples/cells");
    boolean json = false;
    boolean time = false;
    boolean help = false;
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      switch (argument) {
        case "--json" -> json = true;
        case "--time" -> time = true;
        case "--help", "-h" -> help = true;
        case "--cells" -> {
          if (!rest.hasNext()) {
            throw new IllegalArgumentException("--cells needs a folder\n" + USAGE);
          }
          cells = Path.of(rest.next());
        }
        default -> {
          if (argument.startsWith("-") || !filter.isEmpty()) {
            throw new IllegalArgumentException("unknown option " + argument + "\n" + USAGE);
          }
          filter = argument;
        }
      }
    }
    if (!help && !Files.isDirectory(cells)) {
      throw new IllegalArgumentException(
          cells + ": no such folder; --cells DIR says where cells are");
    }
    return new ZooOptions(filter, cells, json, time, help);
  }

  /// The project's folder, as the launcher says.
  private static Path home() {
    return Path.of(System.getProperty("sluice.home", "."));
  }
}
