package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/// The command line as a whole.
@Command(
    name = "sluice",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    version = "sluice 0.1.0-SNAPSHOT",
    description = "Compiles recurrent cells: the gate equations of the slide are the source code.",
    subcommands = {
      CheckCommand.class,
      CompileCommand.class,
      ExplainCommand.class,
      GradcheckCommand.class,
      PrintCommand.class,
      RunCommand.class,
      SameCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    footer = {
      "  demo       Compile, check, train and time the cells of the lectures",
      "  zoo        The cells of the literature",
      "  test       Run Sluice's own tests",
      "",
      "Exit codes: 0 fine, 1 the cell is wrong or a check failed, 2 the command is wrong,",
      "3 Sluice is.",
      "",
      "  sluice check lstm.cell",
      "  sluice compile lstm.cell -d generated --package cells --size x=65,h=256",
      "  sluice gradcheck lstm.cell"
    })
final class Sluice {}
