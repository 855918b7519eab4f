package dev.sluice.benchmarks.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes a table and a picture of figures that JMH or `versus.py` has measured, on the machine
/// that measured them.
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Write OUT.md and OUT.png from JSON of JMH or of versus.py.")
public final class Report implements Callable<Integer> {
  @Option(
      names = "--title",
      defaultValue = "Sluice against its peers",
      description = "Heading. Default: ${DEFAULT-VALUE}.")
  private String title;

  @Option(
      names = "--note",
      description = "What else a reader should know: versions of the peers, the commit.")
  private List<String> notes = new ArrayList<>();

  @Option(names = "--out", required = true, description = "The two files, without their endings.")
  private Path out;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "JSON, any number of files.")
  private List<Path> files = new ArrayList<>();

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Report())
            .setExecutionExceptionHandler(
                (e, command, _) -> {
                  command.getErr().println("report: " + e.getMessage());
                  return 1;
                })
            .execute(arguments));
  }

  /// What a file says.
  ///
  /// @param isJmh whether JMH has written it
  record Results(boolean isJmh, List<Case> cases) {}

  @Override
  public Integer call() throws IOException {
    List<Case> cases = new ArrayList<>();
    boolean jmh = false;
    TreeSet<LocalDate> dates = new TreeSet<>();
    for (Path file : files) {
      Results results = read(file);
      jmh |= results.isJmh;
      cases.addAll(results.cases);
      Instant measured = Files.getLastModifiedTime(file).toInstant();
      dates.add(LocalDate.ofInstant(measured, ZoneOffset.UTC));
    }
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("no figures of Sluice in " + files);
    }
    Path absolute = out.toAbsolutePath();
    Files.createDirectories(Objects.requireNonNull(absolute.getParent()));
    Path picture = absolute.resolveSibling(absolute.getFileName() + ".png");
    boolean compared = cases.stream().anyMatch(one -> one.ratio().isPresent());
    if (compared) {
      RatioChart.draw(cases, title, picture);
    }
    Path page = absolute.resolveSibling(absolute.getFileName() + ".md");
    Files.writeString(page, page(cases, jmh, dates, compared));
    System.out.println(page);
    return 0;
  }

  /// @throws IllegalArgumentException when a file is neither of the two kinds
  static Results read(Path file) throws IOException {
    try {
      JsonArray rows = JsonParser.parseString(Files.readString(file)).getAsJsonArray();
      boolean jmh = !rows.isEmpty() && rows.get(0).getAsJsonObject().has("benchmark");
      List<JsonElement> all = rows.asList();
      return new Results(jmh, jmh ? JmhResults.read(all) : VersusResults.read(all));
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new IllegalArgumentException(
          file + ": expected a list of results as JMH (-rf json) or versus.py (--json) writes it",
          e);
    }
  }

  private String page(List<Case> cases, boolean jmh, TreeSet<LocalDate> dates, boolean compared)
      throws IOException {
    Table table = new Table(cases);
    List<String> facts = new ArrayList<>();
    facts.add("- measured " + String.join(", ", dates.stream().map(LocalDate::toString).toList()));
    facts.add("- " + Machine.describe());
    facts.add("- " + versions(cases, jmh));
    notes.forEach(note -> facts.add("- " + note));
    String picture = compared ? "![ratios](" + out.getFileName() + ".png)\n\n" : "";
    String times =
        jmh
            ? "Milliseconds of a pass, means; least–most from JMH's error of both times."
            : "Milliseconds of a pass, medians over rounds; least–most over the rounds.";
    return """
        # %s

        %s

        %s A ratio above 1 means that Sluice is faster.

        %s%s
        %s"""
        .formatted(title, String.join("\n", facts), times, picture, table.summary(), table.rows());
  }

  /// Of what took part; other programs' versions are for notes.
  private static String versions(List<Case> cases, boolean jmh) throws IOException {
    Properties known = new Properties();
    try (InputStream in = Report.class.getResourceAsStream("versions.properties")) {
      known.load(Objects.requireNonNull(in, "versions.properties"));
    }
    List<String> versions = new ArrayList<>(List.of("Sluice " + known.getProperty("sluice")));
    if (jmh) {
      versions.add("JMH " + known.getProperty("JMH"));
      cases.stream()
          .flatMap(one -> one.peers().keySet().stream())
          .distinct()
          .forEach(peer -> versions.add(peer + " " + known.getProperty(peer, "")));
    }
    return String.join(", ", versions);
  }
}
