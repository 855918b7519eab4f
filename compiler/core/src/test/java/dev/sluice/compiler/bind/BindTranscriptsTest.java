package dev.sluice.compiler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Cells of the lectures and of the literature beside the bound cell; wrong cells beside the
/// messages.
class BindTranscriptsTest {
  @TestFactory
  Stream<DynamicTest> lectures() {
    return Transcript.tests("lectures.txt", BindTranscriptsTest::cell);
  }

  @TestFactory
  Stream<DynamicTest> literature() {
    return Transcript.tests("literature.txt", BindTranscriptsTest::cell);
  }

  @TestFactory
  Stream<DynamicTest> meaning() {
    return Transcript.tests("meaning.txt", BindTranscriptsTest::cell);
  }

  @TestFactory
  Stream<DynamicTest> wrongCells() {
    assertThat(Transcript.read("wrong.txt")).hasSizeGreaterThanOrEqualTo(40);
    return Transcript.tests(
        "wrong.txt",
        text -> {
          assertThat(Transcript.bind(text).isOk()).as("is an error").isFalse();
          return Transcript.problems(text);
        });
  }

  /// Known cells with one slip of the pen each, through the whole compiler; some are remarked only.
  @TestFactory
  Stream<DynamicTest> slips() {
    assertThat(Transcript.read("slips.txt")).hasSizeGreaterThanOrEqualTo(60);
    return Transcript.tests(
        "slips.txt",
        text -> {
          Source source = new Source("a.cell", text);
          Outcome<Compiled> outcome = CellCompiler.compile(source, Options.named("a"));
          assertThat(outcome.problems()).as("says something").isNotEmpty();
          return Report.render(source, outcome.problems());
        });
  }

  /// The cell as a person reads it, its dimensions, how parameters start, and the notes.
  private static String cell(String text) {
    Outcome<Cell> outcome = Transcript.bind(text);
    if (outcome.value().isEmpty()) {
      return Transcript.problems(text);
    }
    Cell cell = outcome.value().get();
    String initialisers =
        cell.parameters().stream()
            .filter(p -> !(p.initialiser() instanceof Initialiser.Default))
            .map(p -> "init " + p.symbol() + ": " + p.initialiser() + "\n")
            .collect(Collectors.joining());
    List<String> notes = outcome.problems().stream().map(Problem::title).toList();
    return Notation.cell(cell)
        + "dimensions "
        + cell.dimensions()
        + "\n"
        + initialisers
        + (notes.isEmpty() ? "" : "notes " + notes + "\n");
  }
}
