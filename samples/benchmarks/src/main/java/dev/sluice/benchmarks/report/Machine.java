package dev.sluice.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The machine and the JVM that this program runs on, in words.
final class Machine {
  private Machine() {}

  static String describe() {
    Path description = Path.of("/proc/cpuinfo");
    return "%s, %d cores, %s %s; %s %s"
        .formatted(
            processor(description),
            cores(description),
            property("os.name"),
            property("os.arch"),
            property("java.vm.name"),
            property("java.vm.version"));
  }

  /// The name in Linux's description of the processors, or the kind of processor.
  static String processor(Path description) {
    try {
      return Files.readAllLines(description).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(property("os.arch"));
    } catch (IOException _) {
      return property("os.arch");
    }
  }

  /// Those of the machine: the JVM counts those only that it was given.
  static int cores(Path description) {
    int known = Runtime.getRuntime().availableProcessors();
    try {
      long lines =
          Files.readAllLines(description).stream()
              .filter(line -> line.startsWith("processor"))
              .count();
      return Math.max(known, Math.toIntExact(lines));
    } catch (IOException _) {
      return known;
    }
  }

  private static String property(String name) {
    return Objects.requireNonNullElse(System.getProperty(name), name);
  }
}
