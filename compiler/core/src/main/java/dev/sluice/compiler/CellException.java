package dev.sluice.compiler;

/// A cell has mistakes; the message is the report, with lines and carets.
public final class CellException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  CellException(String report) {
    super(report);
  }
}
