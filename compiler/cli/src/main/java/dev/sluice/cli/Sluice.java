package dev.sluice.cli;

import picocli.CommandLine.Command;

/// The command line as a whole.
@Command(
    name = "sluice",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "sluice 0.1.0-SNAPSHOT",
    description = "Compiles recurrent cells: the gate equations of the slide are the source code.",
    footer = {
      "",
      "Beside these, the launcher knows",
      "  demo        compiles, checks, trains and times the cells of the lectures",
      "  zoo         the cells of the literature",
      "  test        runs the whole test suite"
    })
final class Sluice {}
