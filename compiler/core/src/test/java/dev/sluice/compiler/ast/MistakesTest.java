package dev.sluice.compiler.ast;

import static dev.sluice.compiler.ast.Trees.messages;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Wrong cells beside what their author reads: `bad/NAME.cell` and `bad/NAME.txt`.
class MistakesTest {
  @ParameterizedTest
  @ValueSource(strings = {"brackets", "operators", "keywords", "latex", "names", "repetitions"})
  void areAllReportedWhereTheyAre(String name) throws IOException {
    Source source = new Source(name + ".cell", resource(name + ".cell"));
    Outcome<?> outcome = Parse.file(source);
    assertThat(Report.render(source, outcome.problems())).isEqualTo(resource(name + ".txt"));
    assertThat(outcome.isOk()).isFalse();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = MistakesTest.class.getResourceAsStream("bad/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void anEmptyCell() {
    for (String text :
        new String[] {"", "\n\n", "% only a comment", "\\begin{align}\\end{align}"}) {
      assertThat(messages(text)).startsWith("error: an empty cell\n  test.cell:1:1\n");
    }
  }

  @Test
  void aMistakeHidesNoOther() {
    String text = "a_t = b +\nc_t = tanh(d_t\ne_t = )\ng_t = x_t\n";
    assertThat(messages(text).lines().filter(l -> l.startsWith("  test.cell")))
        .containsExactly("  test.cell:1:10", "  test.cell:2:11", "  test.cell:3:7");
  }
}
