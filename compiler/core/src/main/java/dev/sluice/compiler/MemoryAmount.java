package dev.sluice.compiler;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Memory as people write it: `500000`, `500k`, `64m`, `2g`.
public final class MemoryAmount {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([kmg]?)");

  private MemoryAmount() {}

  /// @return bytes; `Long.MAX_VALUE` for more than that
  /// @throws IllegalArgumentException when the text is no amount of at least one byte
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    long number = form.matches() ? Long.parseLong(form.group(1)) : 0;
    if (number < 1) {
      throw new IllegalArgumentException(
          "'%s' is no amount of memory: expected bytes as 500000, or 500k, 64m, 2g"
              .formatted(text));
    }
    int shift =
        switch (form.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
  }
}
