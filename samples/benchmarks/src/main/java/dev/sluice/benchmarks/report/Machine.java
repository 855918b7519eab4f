package dev.sluice.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The machine and the JVM that this program runs on, in words.
final class Machine {
  private Machine() {}

  static String describe() {
    return "%s, %d cores, %s %s; %s %s"
        .formatted(
            processor(Path.of("/proc/cpuinfo")),
            Runtime.getRuntime().availableProcessors(),
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

  private static String property(String name) {
    return Objects.requireNonNullElse(System.getProperty(name), name);
  }
}
