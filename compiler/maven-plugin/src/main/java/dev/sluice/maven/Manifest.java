package dev.sluice.maven;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What the last run generated: a file `.sluice` beside the sources, a class a line. Only files
/// named in it are ever removed.
///
/// @param entries by path below the root of the sources
record Manifest(SequencedMap<String, Entry> entries) {
  private static final String NAME = ".sluice";

  Manifest {
    entries = new LinkedHashMap<>(entries);
  }

  /// @param key of all that the class depends on; empty when that isn't known
  /// @param content hash of the class
  record Entry(String key, String content) {}

  static Manifest read(Path output) throws IOException {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    Path file = output.resolve(NAME);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split(" ", 3); // the key may be empty
        Path target = output.resolve(parts.length == 3 ? parts[2] : "..").normalize();
        if (target.startsWith(output.normalize()) && line.endsWith(".java")) {
          entries.put(parts[2], new Entry(parts[0], parts[1]));
        }
      }
    }
    return new Manifest(entries);
  }

  void write(Path output) throws IOException {
    StringBuilder text = new StringBuilder();
    entries.forEach(
        (target, entry) ->
            text.append(entry.key() + " " + entry.content() + " " + target).append('\n'));
    Files.createDirectories(output);
    Files.writeString(output.resolve(NAME), text);
  }

  /// The entry of a class that need not be generated again.
  Optional<Entry> upToDate(String target, String key, Path output) throws IOException {
    Entry entry = entries.get(target);
    Path file = output.resolve(target);
    boolean same =
        entry != null
            && !key.isEmpty()
            && entry.key().equals(key)
            && Files.exists(file)
            && hash(Files.readAllBytes(file)).equals(entry.content());
    return same ? Optional.ofNullable(entry) : Optional.empty();
  }

  /// Removes classes that are no longer made.
  ///
  /// @return how many
  int removeAllBut(Set<String> targets, Path output) throws IOException {
    int removed = 0;
    for (String target : entries.keySet()) {
      if (!targets.contains(target) && Files.deleteIfExists(output.resolve(target))) {
        removed++;
      }
    }
    return removed;
  }

  /// Length and time of the jar that a class comes from; empty for a folder of classes.
  static String identityOf(Class<?> type) throws IOException {
    var source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "";
    }
    Path jar = Path.of(URI.create(source.getLocation().toString()));
    return Files.isRegularFile(jar)
        ? jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar) + "\n"
        : "";
  }

  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
