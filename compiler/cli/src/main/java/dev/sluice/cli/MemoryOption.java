package dev.sluice.cli;

import dev.sluice.compiler.MemoryAmount;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// A limit of memory: `--memory 64m`.
final class MemoryOption {
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
      try {
        return MemoryAmount.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
