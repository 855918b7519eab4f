package dev.sluice.compiler;

import dev.sluice.compiler.generate.Target;
import dev.sluice.compiler.ir.Cell;
import java.util.Locale;
import java.util.Map;
import javax.lang.model.SourceVersion;

/// What a compilation is told beside the cell's text.
///
/// @param name of the cell, as its file: `gru_reset_after`
/// @param packageName of the generated class
/// @param settings values of hyperparameters by plain name, over those in the file
/// @param sizes lengths by vector or dimension name; empty leaves them open until the cell is
///     loaded
/// @param precise whether σ and tanh are within 2 ulp, in about 1.5 times the time, rather than
/// within
///     3e-7; every other function is within 4 ulp anyway
/// @param memory bytes off the heap that a network of the cell keeps within unless it is told
///     otherwise; [Long#MAX_VALUE] for no limit
public record Options(
    String name,
    String packageName,
    Map<String, Double> settings,
    Map<String, Integer> sizes,
    boolean precise,
    long memory) {
  public Options {
    settings = Map.copyOf(settings);
    sizes = Map.copyOf(sizes);
    if (!SourceVersion.isName(packageName, SourceVersion.RELEASE_25)) {
      throw new IllegalArgumentException("not a package name: " + packageName);
    }
    className(name);
    if (memory < 1) {
      throw new IllegalArgumentException(
          "memory of %d bytes: expected 1 or more".formatted(memory));
    }
  }

  /// No settings, open sizes, the package `sluice.cells`.
  public static Options named(String name) {
    return new Options(name, "sluice.cells", Map.of(), Map.of(), false, Long.MAX_VALUE);
  }

  public Options withPackage(String packageName) {
    return new Options(name, packageName, settings, sizes, precise, memory);
  }

  public Options withSettings(Map<String, Double> settings) {
    return new Options(name, packageName, settings, sizes, precise, memory);
  }

  public Options withSizes(Map<String, Integer> sizes) {
    return new Options(name, packageName, settings, sizes, precise, memory);
  }

  public Options withPrecise(boolean precise) {
    return new Options(name, packageName, settings, sizes, precise, memory);
  }

  public Options withMemory(long memory) {
    return new Options(name, packageName, settings, sizes, precise, memory);
  }

  public boolean isSized() {
    return !sizes.isEmpty();
  }

  /// The class to make of a cell.
  Target target(Cell cell) {
    Map<String, Integer> lengths = isSized() ? cell.sizes(sizes) : Map.of();
    return new Target(packageName, className(), lengths, precise, memory, true);
  }

  /// Simple name of the generated class: `GruResetAfter` for `gru_reset_after`.
  public String className() {
    return className(name);
  }

  /// @throws IllegalArgumentException when no class can have a name made from it
  public static String className(String cell) {
    StringBuilder name = new StringBuilder();
    for (String word : cell.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
      }
    }
    if (!SourceVersion.isIdentifier(name) || !Character.isLetter(name.charAt(0))) {
      throw new IllegalArgumentException(
          "no class can be named after the cell '%s': a name has Latin letters, digits and _, and starts with a letter; give it another one"
              .formatted(cell));
    }
    return name.toString();
  }
}
