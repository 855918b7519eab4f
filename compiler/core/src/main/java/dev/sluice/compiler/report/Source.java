package dev.sluice.compiler.report;

import java.util.Objects;

/// A cell file as the user wrote it.
///
/// @param name what messages call it: a file name, or `<text>` for text given in memory
/// @param text the whole text
public record Source(String name, String text) {
  public Source {
    Objects.requireNonNull(name);
    Objects.requireNonNull(text);
  }

  public static Source of(String text) {
    return new Source("<text>", text);
  }

  /// Line of an offset, counted from 1.
  public int line(int offset) {
    int line = 1;
    for (int i = 0; i < Math.min(offset, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  /// Where a line starts, counted from 1; the start of the text for a line that isn't there.
  public int offset(int line) {
    int offset = 0;
    for (int n = 1; n < line; n++) {
      offset = text.indexOf('\n', offset) + 1;
      if (offset == 0) {
        return 0;
      }
    }
    return offset;
  }

  /// Column of an offset in code points, counted from 1.
  public int column(int offset) {
    int end = Math.min(offset, text.length());
    int start = text.lastIndexOf('\n', end - 1) + 1;
    return text.codePointCount(start, end) + 1;
  }

  /// The text of the line that holds an offset, without its line break.
  public String lineText(int offset) {
    int end = Math.min(offset, text.length());
    int start = text.lastIndexOf('\n', end - 1) + 1;
    int stop = text.indexOf('\n', end);
    return text.substring(start, stop < 0 ? text.length() : stop).stripTrailing();
  }
}
