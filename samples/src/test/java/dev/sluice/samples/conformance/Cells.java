package dev.sluice.samples.conformance;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.runtime.spi.CellProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The cells of `samples/cells`, compiled once.
final class Cells {
  private static final Map<String, Compiled> COMPILED = new ConcurrentHashMap<>();

  private Cells() {}

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

  static CellProgram program(String name) {
    return compiled(name).load();
  }
}
