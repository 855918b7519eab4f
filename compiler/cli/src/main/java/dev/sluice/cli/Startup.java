package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.runtime.spi.CellProgram;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// Starts programs with a cell that was compiled ahead, with the flags of this JVM.
final class Startup implements AutoCloseable {
  /// Flags of this JVM that would make programs share its archive of classes, or chat.
  private static final List<String> OWN =
      List.of("-XX:SharedArchiveFile", "-XX:+AutoCreateSharedArchive", "-Xlog", "-agentlib");

  private final Path folder;
  private final BenchSetting setting;

  /// Milliseconds of a program.
  ///
  /// @param first from the start of its process to the first result
  /// @param steady from the start of its process to full speed
  /// @param pass what a pass takes then
  record Run(double first, double steady, double pass) {
    /// Each number's median.
    static Run median(List<Run> runs) {
      return new Run(
          median(runs.stream().mapToDouble(Run::first).toArray()),
          median(runs.stream().mapToDouble(Run::steady).toArray()),
          median(runs.stream().mapToDouble(Run::pass).toArray()));
    }

    private static double median(double[] values) {
      Arrays.sort(values);
      return values[values.length / 2];
    }
  }

  /// Compiles the cell into a jar, as a build would.
  Startup(Compiled compiled, BenchSetting setting) {
    this.setting = setting;
    try {
      folder = Files.createTempDirectory("sluice-startup");
      Path classes = Files.createDirectory(folder.resolve("classes"));
      compile(compiled, classes);
      Path services = Files.createDirectories(classes.resolve("META-INF/services"));
      Files.writeString(services.resolve(CellProgram.class.getName()), compiled.qualifiedName());
      pack(classes, jar());
    } catch (IOException e) {
      throw UserError.of(Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  private Path jar() {
    return folder.resolve("cell.jar");
  }

  private void compile(Compiled compiled, Path classes) throws IOException {
    Path source = Files.writeString(folder.resolve(sourceName(compiled)), compiled.javaSource());
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new UserError("--startup compiles the cell's class, for which it needs a JDK");
    }
    int code =
        javac.run(
            null,
            OutputStream.nullOutputStream(),
            null,
            "-proc:none",
            "-nowarn",
            "--add-modules",
            "jdk.incubator.vector",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    if (code != 0) {
      throw new IllegalStateException("the generated class doesn't compile; see above");
    }
  }

  private static String sourceName(Compiled compiled) {
    String name = compiled.qualifiedName();
    return name.substring(name.lastIndexOf('.') + 1) + ".java";
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new JarEntry(name));
        Files.copy(file, out);
      }
    }
  }

  /// Starts the program some times, one after the other.
  ///
  /// @param archive whether classes come from an archive that a run before has made
  Run measure(int runs, double seconds, boolean archive) {
    List<Run> measured = new ArrayList<>();
    if (archive) {
      run(0, true);
    }
    for (int i = 0; i < runs; i++) {
      measured.add(run(seconds, archive));
    }
    return Run.median(measured);
  }

  private Run run(double seconds, boolean archive) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> OWN.stream().noneMatch(flag::startsWith))
        .forEach(command::add);
    if (archive) {
      command.add("-XX:+AutoCreateSharedArchive");
      command.add("-XX:SharedArchiveFile=" + folder.resolve("classes.jsa"));
      command.add("-Xlog:cds=off");
      command.add("-Xlog:aot=off");
    }
    command.add("-classpath");
    command.add(jar() + File.pathSeparator + System.getProperty("java.class.path"));
    command.add(StartupProbe.class.getName());
    List<String> arguments =
        List.of(setting.mode().name(), "" + setting.batch(), "" + setting.steps(), "" + seconds);
    return result(command, arguments);
  }

  private Run result(List<String> command, List<String> arguments) {
    Path errors = folder.resolve("errors.txt");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.command().add(Instant.now().toString());
      builder.command().addAll(arguments);
      setting.sizes().forEach((name, size) -> builder.command().add(name + "=" + size));
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      return output
          .lines()
          .filter(line -> line.startsWith(StartupProbe.MARK))
          .findFirst()
          .map(line -> parse(line.substring(StartupProbe.MARK.length())))
          .orElseThrow(() -> new IllegalStateException(failure(code, errors)));
    } catch (IOException e) {
      throw UserError.of(Path.of(command.getFirst()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String failure(int code, Path errors) {
    try {
      return "the started program ended with code " + code + ":\n" + Files.readString(errors);
    } catch (IOException e) {
      return "the started program ended with code " + code + " and no messages: " + e;
    }
  }

  private static Run parse(String line) {
    String[] numbers = line.split(" ", 3);
    return new Run(
        Double.parseDouble(numbers[0]),
        Double.parseDouble(numbers[1]),
        Double.parseDouble(numbers[2]));
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw UserError.of(folder, e);
    }
  }
}
