package dev.sluice.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A JVM that was started without the vector module computes what others do, and says so once.
class WithoutVectorModuleTest {
  @TempDir private static Path folder;

  /// What a JVM with the module computes.
  private static List<String> expected;

  private record Said(List<String> output, List<String> errors) {}

  @BeforeAll
  static void withTheModule() throws Exception {
    List<String> options = new ArrayList<>(onClassPath());
    options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    expected = run(options).output();
    assertThat(expected.getFirst()).isEqualTo("true");
  }

  @Test
  void aProgramOfTheClassPathComputesTheSame() throws Exception {
    check(run(onClassPath()));
  }

  @Test
  void modulesComputeTheSame() throws Exception {
    check(
        run(
            List.of(
                "-p",
                String.join(File.pathSeparator, everything()),
                "--add-modules",
                "dev.sluice.compiler",
                "-cp",
                tests())));
  }

  private static List<String> onClassPath() {
    return List.of(
        "-cp", String.join(File.pathSeparator, everything()) + File.pathSeparator + tests());
  }

  private static Said run(List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(Figures.class.getName());
    Path out = folder.resolve("out");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
    // Java reports options of the environment on standard error.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    int code = builder.start().waitFor();
    Said said = new Said(Files.readAllLines(out), Files.readAllLines(errors));
    assertThat(code).as("%s", said.errors()).isZero();
    return said;
  }

  private static void check(Said said) {
    assertThat(said.errors())
        .singleElement()
        .asString()
        .contains("no vector module", "--add-modules jdk.incubator.vector");
    assertThat(said.output()).hasSameSizeAs(expected).first().isEqualTo("false");
    for (int cell = 1; cell < expected.size(); cell++) {
      double[] with = figures(expected.get(cell));
      double[] without = figures(said.output().get(cell));
      assertThat(without).hasSameSizeAs(with);
      for (int i = 0; i < with.length; i++) {
        assertThat(without[i])
            .as("figure %s of cell %s", i, cell)
            .isCloseTo(with[i], within(1e-5 * Math.max(1, Math.abs(with[i]))));
      }
    }
  }

  private static double[] figures(String line) {
    return Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /// Whatever this JVM has on its class path and module path, but for the tests.
  private static List<String> everything() {
    List<String> places = new ArrayList<>();
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      for (String place : System.getProperty(property, "").split(File.pathSeparator)) {
        if (!place.isEmpty() && !place.equals(tests())) {
          places.add(place);
        }
      }
    }
    return places;
  }

  private static String tests() {
    return Path.of("target", "test-classes").toAbsolutePath().toString();
  }
}
