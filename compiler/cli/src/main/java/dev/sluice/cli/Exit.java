package dev.sluice.cli;

/// Exit codes.
final class Exit {
  static final int OK = 0;

  /// The cell is wrong, or a check has failed.
  static final int WRONG = 1;

  /// The command is wrong.
  static final int USAGE = 2;

  /// Sluice is wrong.
  static final int BUG = 3;

  private Exit() {}
}
