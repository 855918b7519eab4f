package dev.sluice.samples.conformance;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.samples.cells.GruResetAfter;
import dev.sluice.samples.cells.Lstm;
import dev.sluice.samples.cells.Rnn;
import dev.sluice.samples.cells.RnnRelu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The cells of `samples/cells`.
final class Cells {
  private static final Map<String, Compiled> COMPILED = new ConcurrentHashMap<>();

  private Cells() {}

  /// As a program compiles it at run time.
  static Compiled compiled(String name) {
    return COMPILED.computeIfAbsent(
        name,
        file -> {
          try {
            return SluiceCompiler.compile(Path.of("cells", file + ".cell"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// As the Maven plugin has generated it.
  static CellProgram program(String name) {
    return switch (name) {
      case "rnn" -> new Rnn();
      case "rnn_relu" -> new RnnRelu();
      case "lstm" -> new Lstm();
      case "gru_reset_after" -> new GruResetAfter();
      default -> throw new IllegalArgumentException("no cell " + name);
    };
  }
}
