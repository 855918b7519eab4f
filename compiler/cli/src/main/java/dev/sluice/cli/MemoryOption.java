package dev.sluice.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// A limit of memory: `--memory 64m`.
final class MemoryOption {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([kmg]?)");

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      converter = Bytes.class,
      description = {
        "Limit of memory off the heap for the weights and a session or training: 64m, 2g, 500k.",
        "Cells that don't fit run in chunks of steps, and forward again on the way back."
      })
  private long limit = Long.MAX_VALUE;

  long limit() {
    return limit;
  }

  static final class Bytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
      long number = form.matches() ? Long.parseLong(form.group(1)) : 0;
      if (number < 1) {
        throw new TypeConversionException(
            "'%s' is no amount of memory: expected bytes as 500000, or 500k, 64m, 2g"
                .formatted(text));
      }
      return Math.multiplyExact(
          number,
          switch (form.group(2)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            default -> 1L;
          });
    }
  }
}
