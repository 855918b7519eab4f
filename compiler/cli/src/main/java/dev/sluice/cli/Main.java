package dev.sluice.cli;

import picocli.CommandLine;

/// Starts the command line.
public final class Main {
  private Main() {}

  /// Exit codes: 0 fine, 1 the cell is wrong or a check failed, 2 the command was, 3 a bug of
  /// Sluice.
  public static void main(String[] args) {
    System.exit(new CommandLine(new Sluice()).execute(args));
  }
}
