package dev.sluice.cli.ceilings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Bytes of the data caches that one core sees.
public record Caches(long first, long second, long third) {
  /// Where Linux says so.
  private static final Path FOLDER = Path.of("/sys/devices/system/cpu/cpu0/cache");

  /// What is assumed where the system doesn't say.
  static final Caches USUAL = new Caches(32 << 10, 512 << 10, 8 << 20);

  /// The caches of this machine as its system describes them, or usual ones.
  static Caches ofThisMachine() {
    return read(FOLDER);
  }

  /// @param folder with a folder per cache, `index0` …, each with files `level`, `type` and `size`
  static Caches read(Path folder) {
    Map<Integer, Long> sizes = new TreeMap<>();
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(folder, "index*")) {
      for (Path cache : caches) {
        if (!text(cache, "type").equals("Instruction")) {
          sizes.put(Integer.parseInt(text(cache, "level")), bytes(text(cache, "size")));
        }
      }
    } catch (IOException | NumberFormatException _) {
      return USUAL;
    }
    long first = sizes.getOrDefault(1, USUAL.first);
    long second = Math.max(sizes.getOrDefault(2, USUAL.second), first);
    long third = Math.max(sizes.getOrDefault(3, second), second);
    return new Caches(first, second, third);
  }

  private static String text(Path cache, String file) throws IOException {
    return Files.readString(cache.resolve(file)).strip();
  }

  /// `512K` and the like.
  private static long bytes(String size) {
    int last = size.length() - 1;
    return switch (size.charAt(last)) {
      case 'K' -> Long.parseLong(size.substring(0, last)) << 10;
      case 'M' -> Long.parseLong(size.substring(0, last)) << 20;
      default -> Long.parseLong(size);
    };
  }
}
