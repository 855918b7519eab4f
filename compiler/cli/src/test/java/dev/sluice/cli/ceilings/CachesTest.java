package dev.sluice.cli.ceilings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the system says of caches.
class CachesTest {
  @TempDir private Path folder;

  @Test
  void readsDataCachesByLevel() throws IOException {
    cache(0, "1", "Data", "48K");
    cache(1, "1", "Instruction", "32K");
    cache(2, "2", "Unified", "1024K");
    cache(3, "3", "Unified", "32M");
    assertThat(Caches.read(folder)).isEqualTo(new Caches(48 << 10, 1 << 20, 32 << 20));
  }

  @Test
  void aLevelThatIsMissingIsNoLargerThanTheOneBelow() throws IOException {
    cache(0, "1", "Data", "32768");
    cache(1, "2", "Unified", "256K");
    assertThat(Caches.read(folder)).isEqualTo(new Caches(32 << 10, 256 << 10, 256 << 10));
  }

  @Test
  void whatCannotBeReadIsUsual() throws IOException {
    assertThat(Caches.read(folder.resolve("none"))).isEqualTo(Caches.USUAL);
    cache(0, "1", "Data", "much");
    assertThat(Caches.read(folder)).isEqualTo(Caches.USUAL);
  }

  private void cache(int index, String level, String type, String size) throws IOException {
    Path cache = Files.createDirectory(folder.resolve("index" + index));
    Files.writeString(cache.resolve("level"), level + "\n");
    Files.writeString(cache.resolve("type"), type + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
  }
}
