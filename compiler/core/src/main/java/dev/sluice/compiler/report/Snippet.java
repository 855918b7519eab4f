package dev.sluice.compiler.report;

/// A line of the source and the carets under a piece of it, aligned as a terminal shows them.
record Snippet(String line, String carets) {

  /// @param text one line
  /// @param start first UTF-16 unit of the piece
  /// @param end end of the piece; one caret is drawn for an empty piece
  /// @param width the most terminal cells; a longer line is cut around the piece, `…` for what is
  ///     left out
  static Snippet of(String text, int start, int end, int width) {
    int from = 0;
    int to = text.length();
    if (to > width) {
      // A third of the width before the piece, the rest from its start on.
      from = boundary(text, Math.max(0, Math.min(start - width / 3, to - width)));
      to = boundary(text, Math.min(to, from + width));
    }
    String before = from > 0 ? "…" : "";
    String after = to < text.length() ? "…" : "";
    int shownStart = Math.clamp(start, from, to);
    int shownEnd = Math.clamp(end, shownStart, to);
    int indent = before.length() + cells(text, from, shownStart);
    int carets = Math.max(1, cells(text, shownStart, shownEnd));
    return new Snippet(
        before + printable(text.substring(from, to)) + after,
        " ".repeat(indent) + "^".repeat(carets));
  }

  /// The text without characters that a terminal would act on: a tab becomes a space, other
  /// controls, direction marks and lone surrogates become `\uFFFD`.
  static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> shown.appendCodePoint(c == '\t' ? ' ' : isPrintable(c) ? c : 0xFFFD));
    return shown.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /// Terminal cells of a piece: none for combining marks, two for wide characters.
  private static int cells(String text, int from, int to) {
    return text.substring(from, to).codePoints().map(Snippet::cells).sum();
  }

  private static int cells(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  /// East Asian wide and emoji blocks (Unicode Standard Annex 11, to the block).
  private static boolean isWide(int c) {
    return c >= 0x1100 && c <= 0x115F
        || c >= 0x2E80 && c <= 0xA4CF && c != 0x303F
        || c >= 0xAC00 && c <= 0xD7A3
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0xFE30 && c <= 0xFE6F
        || c >= 0xFF00 && c <= 0xFF60
        || c >= 0xFFE0 && c <= 0xFFE6
        || c >= 0x1F300 && c <= 0x1F64F
        || c >= 0x1F900 && c <= 0x1F9FF
        || c >= 0x20000 && c <= 0x3FFFD;
  }

  /// Never between the two halves of a character.
  private static int boundary(String text, int offset) {
    boolean inside =
        offset > 0
            && offset < text.length()
            && Character.isLowSurrogate(text.charAt(offset))
            && Character.isHighSurrogate(text.charAt(offset - 1));
    return inside ? offset - 1 : offset;
  }
}
