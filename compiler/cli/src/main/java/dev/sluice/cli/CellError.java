package dev.sluice.cli;

/// The cell has mistakes. The message is the whole report, lines and carets, ended by a line break.
final class CellError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CellError(String report) {
    super(report);
  }
}
