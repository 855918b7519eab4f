package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Notation;

/// User text in comments: one line, no comment end, no Unicode escape, nothing invisible.
final class Comments {
  /// Longer equations are cut: a comment is to be read.
  private static final int LONGEST = 160;

  private Comments() {}

  static String safe(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              boolean hidden =
                  Character.isISOControl(c)
                      || Character.getType(c) == Character.FORMAT
                      || Character.getType(c) == Character.SURROGATE
                      || Character.getType(c) == Character.LINE_SEPARATOR
                      || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
              clean.appendCodePoint(hidden ? ' ' : c == '\\' ? '⧵' : c);
            });
    String line = clean.toString().replace("*/", "* /").replace("/*", "/ *").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  /// The user's equation and its place, or the equation itself when it has no place.
  static String source(Equation e) {
    if (e.origin().file().isEmpty()) {
      return safe(Notation.equation(e));
    }
    return safe(e.origin().equation())
        + "   "
        + safe(e.origin().file())
        + (e.origin().line() > 0 ? ":" + e.origin().line() : "");
  }
}
