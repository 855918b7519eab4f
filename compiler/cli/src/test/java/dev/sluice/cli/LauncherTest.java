package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher `sluice`, in a project with a `java` and a `mvn` that only say what they were told.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("../../sluice");

  @TempDir private Path folder;
  private Path project;
  private Path tools;
  private Path jdk;

  @BeforeEach
  void makeProject() throws IOException {
    folder = folder.toRealPath();
    project = folder.resolve("a project");
    tools = folder.resolve("tools");
    jdk = folder.resolve("jdk");
    write(project.resolve("pom.xml"), "<project/>");
    write(project.resolve("samples/pom.xml"), "<project/>");
    write(project.resolve("samples/benchmarks/pom.xml"), "<project/>");
    for (String module : List.of("grammar", "runtime", "compiler/cli")) {
      write(project.resolve(module).resolve("src/main/java/A.java"), "class A {}");
    }
    Files.createDirectories(project.resolve(".mvn"));
    script(project.resolve("sluice"), Files.readString(LAUNCHER));
    fakeJdk(jdk, "25.0.1");
    script(
        tools.resolve("mvn"),
        """
        #!/bin/sh
        echo "mvn $*" >>"%s/builds"
        echo "a line of the log"
        sleep "${BUILD_SECONDS:-0}"
        mkdir -p compiler/cli/target samples/target
        echo jar >compiler/cli/target/cli.jar
        echo jar >samples/target/samples.jar
        exit "${BUILD_CODE:-0}"
        """
            .formatted(folder));
  }

  private void fakeJdk(Path home, String version) throws IOException {
    write(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "#!/bin/sh\n");
    script(
        home.resolve("bin/java"),
        """
        #!/bin/sh
        echo 'Picked up something' >&2
        echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
        echo 'first line' >&2
        printf 'no line break' >&2
        echo "java" "$@"
        case "$*" in *" read"*) cat ;; esac
        exit "${JAVA_CODE:-0}"
        """);
  }

  @Test
  void buildsOnceAndRunsWithTheArguments() throws Exception {
    Result first = run("check", "two words", "*");
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("--add-modules jdk.incubator.vector")
        .contains("cli.jar dev.sluice.cli.Main check two words *");
    assertThat(first.err()).startsWith("sluice: building (compiler/cli, JDK 25) … ");

    assertThat(run("check").err()).doesNotContain("building");
    assertThat(builds()).hasSize(1);
  }

  @Test
  void theIncubatorWarningAloneIsDropped() throws Exception {
    run("check");
    assertThat(run("check").err()).isEqualTo("Picked up something\nfirst line\nno line break");
  }

  @Test
  void passesTheExitCodeOn() throws Exception {
    assertThat(run(Map.of("JAVA_CODE", "7"), "", "check").code()).isEqualTo(7);
  }

  @Test
  void passesStandardInputOn() throws Exception {
    assertThat(run(Map.of(), "a line\nand a half", "read").out()).endsWith("a line\nand a half");
  }

  @Test
  void aChangedSourceIsBuiltAgainAndATestIsNot() throws Exception {
    run("check");
    write(project.resolve("compiler/cli/src/test/java/T.java"), "class T {}");
    run("check");
    assertThat(builds()).hasSize(1);

    write(project.resolve("runtime/src/main/java/A.java"), "class A { }");
    run("check");
    assertThat(builds()).hasSize(2);

    Files.delete(project.resolve("runtime/src/main/java/A.java"));
    run("check");
    assertThat(builds()).hasSize(3);
  }

  @Test
  void aFailedBuildShowsItsLogAndIsTriedAgain() throws Exception {
    Result failed = run(Map.of("BUILD_CODE", "1"), "", "check");
    assertThat(failed.code()).isEqualTo(3);
    assertThat(failed.err()).contains("failed:\na line of the log\n", "the build failed");
    assertThat(failed.out()).isEmpty();
    assertThat(run("check").code()).isZero();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void launchesAtTheSameTimeShareOneBuild() throws Exception {
    List<CompletableFuture<Result>> launches =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> quietly(Map.of("BUILD_SECONDS", "1"))))
            .limit(3)
            .toList();
    for (var launch : launches) {
      assertThat(launch.get(60, TimeUnit.SECONDS).code()).isZero();
    }
    assertThat(builds()).hasSize(1);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aLockOfADeadProcessIsTaken() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    write(project.resolve("target/launcher/lock/pid"), dead.pid() + "\n");
    assertThat(run("check").code()).isZero();
  }

  @Test
  void worksThroughALinkFromAnotherFolder() throws Exception {
    Path link = Files.createDirectories(folder.resolve("bin")).resolve("sl");
    Files.createSymbolicLink(link, Path.of("../a project/sluice"));
    ProcessBuilder builder = new ProcessBuilder(link.toString(), "check");
    assertThat(run(builder, Map.of(), "").code()).isZero();
  }

  @Test
  void demoIsAMainOfTheSamples() throws Exception {
    assertThat(run("demo", "--quick").out())
        .contains("samples.jar dev.sluice.samples.demo.Demo --quick");
    assertThat(builds().getFirst()).contains("-pl samples -am package");
  }

  @Test
  void testRunsTheWholeSuiteAndGivesItsExitCode() throws Exception {
    Result result = run(Map.of("BUILD_CODE", "5"), "", "test", "-Dtest=X");
    assertThat(result.code()).isEqualTo(5);
    assertThat(builds()).singleElement().asString().endsWith("verify -Dtest=X");
  }

  @Test
  void anOldJdkOnThePathDoesntHideANewOne() throws Exception {
    Path old = folder.resolve("old");
    fakeJdk(old, "17.0.15");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            old.toString(),
            "PATH",
            jdk.resolve("bin") + ":" + tools + ":/usr/bin:/bin");
    assertThat(run(environment, "", "check").out()).contains("dev.sluice.cli.Main check");
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    Path launcher = project.resolve("sluice");
    script(launcher, Files.readString(launcher).replace("needed_jdk=25", "needed_jdk=99"));
    Result result = run("check");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("needs a JDK 99 or newer")
        .contains(jdk + " is JDK 25")
        .contains("apt install openjdk-99-jdk", "brew install", "JAVA_HOME");
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    Path launcher = project.resolve("sluice");
    script(launcher, Files.readString(launcher).replace("mvn", "no-such-mvn"));
    Result result = run("check");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("needs Maven", "apt install maven", "brew install maven");
  }

  private Result quietly(Map<String, String> environment) {
    try {
      return run(environment, "", "check");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), "", arguments);
  }

  private Result run(Map<String, String> environment, String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(project.resolve("sluice").toString()));
    command.addAll(List.of(arguments));
    return run(new ProcessBuilder(command), environment, input);
  }

  private Result run(ProcessBuilder builder, Map<String, String> environment, String input)
      throws IOException, InterruptedException {
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String out = text(process.getInputStream());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err.join());
  }

  private record Result(int code, String out, String err) {}

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(folder.resolve("builds"));
  }

  /// Working folders and locks that a build should have taken away.
  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(project.resolve("target/launcher"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> !name.equals("build.log") && !name.endsWith(".build"))
          .toList();
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
