package dev.sluice.maven;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Source;
import dev.sluice.grammar.SluiceParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/// One cell to one class.
///
/// @param file the cell
/// @param output root of the sources
record CellJob(Path file, Options options, Path output) {
  /// Path of the class below the root of the sources, with `/`.
  String target() {
    return options.packageName().replace('.', '/') + "/" + options.className() + ".java";
  }

  /// Changes with all that the class depends on; empty when that isn't known.
  String key() throws IOException {
    String compiler = Manifest.identityOf(CellCompiler.class);
    String grammar = Manifest.identityOf(SluiceParser.class);
    return compiler.isEmpty() || grammar.isEmpty()
        ? ""
        : Manifest.hash(
            (compiler
                    + grammar
                    + options.name()
                    + new TreeMap<>(options.settings())
                    + new TreeMap<>(options.sizes())
                    + options.precise()
                    + options.memory()
                    + text())
                .getBytes(StandardCharsets.UTF_8));
  }

  private String text() throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /// Compiles the cell and writes the class, if the file doesn't have these bytes already.
  ///
  /// @param key of what is compiled
  /// @return nothing when the cell has mistakes, which `messages` then has
  Optional<Manifest.Entry> generate(String key, Messages messages) throws IOException {
    Source source = new Source(file.getFileName().toString(), text());
    Outcome<Compiled> outcome;
    try {
      outcome = CellCompiler.compile(source, options);
    } catch (IllegalArgumentException e) {
      messages.error(file, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    outcome.problems().forEach(problem -> messages.add(file, source, problem));
    if (!outcome.isOk()) {
      return Optional.empty();
    }
    byte[] java = outcome.value().orElseThrow().javaSource().getBytes(StandardCharsets.UTF_8);
    Path target = output.resolve(target());
    if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), java)) {
      Files.createDirectories(target.resolveSibling("."));
      Files.write(target, java);
    }
    return Optional.of(new Manifest.Entry(key, Manifest.hash(java)));
  }
}
