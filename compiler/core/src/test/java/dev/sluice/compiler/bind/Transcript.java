package dev.sluice.compiler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// A resource file of cells, each beside what the compiler makes of it:
///
///     ## title
///     the cell
///     -->
///     what is expected
///
/// `-Dsluice.refresh=true` writes what is found; read the difference before it is committed.
final class Transcript {
  private static final Path RESOURCES = Path.of("src/test/resources/dev/sluice/compiler/bind");

  record Entry(String title, String text, String expected) {}

  private Transcript() {}

  static Stream<DynamicTest> tests(String file, Function<String, String> compile) {
    List<Entry> entries = read(file);
    if (Boolean.getBoolean("sluice.refresh")) {
      refresh(file, entries, compile);
    }
    return read(file).stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.title, () -> assertThat(compile.apply(e.text)).isEqualTo(e.expected)));
  }

  static List<Entry> read(String file) {
    List<Entry> entries = new ArrayList<>();
    for (String part : text(file).split("(?m)^## ")) {
      if (!part.isBlank()) {
        int title = part.indexOf('\n');
        int arrow = part.indexOf("-->\n");
        entries.add(
            new Entry(
                part.substring(0, title),
                part.substring(title + 1, arrow),
                part.substring(arrow + 4).stripTrailing() + "\n"));
      }
    }
    return entries;
  }

  private static String text(String file) {
    try (InputStream in = Objects.requireNonNull(Transcript.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refresh(String file, List<Entry> entries, Function<String, String> compile) {
    StringBuilder text = new StringBuilder();
    for (Entry e : entries) {
      text.append("## " + e.title + "\n" + e.text + "-->\n" + compile.apply(e.text) + "\n");
    }
    try {
      Files.writeString(RESOURCES.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Outcome<Cell> bind(String text) {
    return bind(text, Map.of());
  }

  static Outcome<Cell> bind(String text, Map<String, Double> settings) {
    Source source = new Source("a.cell", text);
    Outcome<Ast.File> file = Parse.file(source, settings);
    assertThat(file.problems().stream().filter(Problem::isError))
        .as(Report.render(source, file.problems()))
        .isEmpty();
    return Bind.cell(file.value().orElseThrow(), source, "a", settings);
  }

  static String problems(String text) {
    return Report.render(new Source("a.cell", text), bind(text).problems());
  }
}
