package dev.sluice.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--dump=STAGE`: what a stage makes of the cell, instead of the command's own work.
final class DumpOption {
  /// In the order of the pipeline.
  enum Stage {
    AST,
    BIND,
    WEIGHTS,
    CANON,
    DERIVE,
    SCHEDULE
  }

  @Option(
      names = "--dump",
      paramLabel = "STAGE",
      description = "Print what a stage makes of the cell, and stop: ${COMPLETION-CANDIDATES}.")
  private @Nullable Stage stage;

  boolean isGiven() {
    return stage != null;
  }

  /// Prints the stage, and notes to `err`.
  int print(CellFile file, PrintWriter out, PrintWriter err) {
    if (stage == null) {
      throw new IllegalStateException("no stage");
    }
    out.print(Pipeline.dump(stage, file, err));
    return Exit.OK;
  }
}
