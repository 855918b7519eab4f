package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// C1 can compile every register tile with all its counters. One that it can't stays in the
/// interpreter, or with a full queue of C2 in C1's code without counters, from where it never gets
/// to C2. None of those of many sums is replaced on the stack: C2 would compile it twice.
class TileCompilationTest {
  /// Tiles of many sums.
  private static final String LARGE = ".*\\.(Wide|Broad|RowTile7|RowTile10|Column.*(7|10)).*::.*";

  @Test
  void everyTileIsCompiledAsAWhole() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xbatch",
                "-XX:+PrintCompilation",
                "-Dsluice.vector.bits=" + System.getProperty("sluice.vector.bits", ""),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                Path.of("target", "classes")
                    + File.pathSeparator
                    + Path.of("target", "test-classes"),
                EveryTile.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    List<String> tiles =
        output
            .lines()
            .filter(line -> line.matches(".*Tile[0-9]*::(rows|columns)[0-9]+ .*"))
            .toList();
    List<String> whole = tiles.stream().filter(line -> !line.contains(" %")).toList();
    assertThat(whole).noneMatch(line -> line.contains("COMPILE SKIPPED"));
    if (Lanes.VECTORS) {
      assertThat(whole).anyMatch(line -> line.matches(".* 3 +\\S+::rows" + Tiling.ROWS + " .*"));
      List<String> loops =
          tiles.stream().filter(line -> line.contains(" %") && line.matches(LARGE)).toList();
      assertThat(loops).anyMatch(line -> line.contains("COMPILE SKIPPED: OSR"));
      assertThat(loops.stream().filter(line -> !line.contains("COMPILE SKIPPED")))
          .allMatch(line -> loops.stream().anyMatch(other -> isFailure(other, line)));
    }
  }

  private static boolean isFailure(String line, String begun) {
    return line.contains("COMPILE SKIPPED") && number(line).equals(number(begun));
  }

  /// Of the compilation.
  private static String number(String line) {
    return line.strip().split(" +")[1];
  }
}
