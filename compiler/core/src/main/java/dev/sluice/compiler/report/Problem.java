package dev.sluice.compiler.report;

import java.util.Objects;

/// One thing to tell the author of a cell.
///
/// @param severity an error stops the compilation, a note does not
/// @param title one line, lower case, no full stop: `shapes do not agree`
/// @param span the exact piece that is meant
/// @param detail what was expected and what was found, whole sentences, possibly several lines
/// @param help what to do, or empty: `Did you mean h_{t-1}?`
public record Problem(Severity severity, String title, Span span, String detail, String help) {
  public enum Severity {
    ERROR,
    NOTE
  }

  public Problem {
    Objects.requireNonNull(severity);
    Objects.requireNonNull(title);
    Objects.requireNonNull(span);
    Objects.requireNonNull(detail);
    Objects.requireNonNull(help);
  }

  public static Problem error(String title, Span span, String detail, String help) {
    return new Problem(Severity.ERROR, title, span, detail, help);
  }

  public static Problem error(String title, Span span, String detail) {
    return error(title, span, detail, "");
  }

  public static Problem note(String title, Span span, String detail) {
    return new Problem(Severity.NOTE, title, span, detail, "");
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
