package dev.sluice.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static Span piece(String text, String piece) {
    int start = text.indexOf(piece);
    return new Span(start, start + piece.length());
  }

  private static String render(
      String text, String piece, String title, String detail, String help) {
    Problem problem = Problem.error(title, piece(text, piece), detail, help);
    return Report.render(new Source("gru.cell", text), List.of(problem));
  }

  @Test
  void showsTheLineAndCaretsUnderThePiece() {
    String text =
        """
        u_t = σ(V_u x_t + W_u h_{t-1} + b_u)
        g_t = tanh(V_g x_t + W_g (r_t ∘ x_t) + b_g)
        """;
    assertThat(
            render(
                text,
                "(r_t ∘ x_t)",
                "shapes do not agree",
                "r_t has length n (it gates h), x_t has length m (the input).\n∘ needs equal lengths.",
                "Did you mean h_{t-1}?"))
        .isEqualTo(
            """
            error: shapes do not agree
              gru.cell:2:26
               2 │ g_t = tanh(V_g x_t + W_g (r_t ∘ x_t) + b_g)
                 │                          ^^^^^^^^^^^
              r_t has length n (it gates h), x_t has length m (the input).
              ∘ needs equal lengths. Did you mean h_{t-1}?
            """);
  }

  @Test
  void alignsUnderCombiningMarksWideAndAstralCharacters() {
    // c + combining tilde is one cell, 語 two, the mathematical italic W one (two UTF-16 units).
    assertThat(render("c̃_t = 語 + 𝑊 + oops", "oops", "unknown name", "", ""))
        .isEqualTo(
            """
            error: unknown name
              gru.cell:1:16
               1 │ c̃_t = 語 + 𝑊 + oops
                 │                ^^^^
            """);
  }

  @Test
  void cutsALongLineAroundThePiece() {
    String rendered =
        render("a + ".repeat(50_000) + "oops" + " + b".repeat(50_000), "oops", "t", "d", "");
    assertThat(rendered.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(115));
    assertThat(rendered.lines().toList().get(3).indexOf('^'))
        .isEqualTo(rendered.lines().toList().get(2).indexOf("oops"));
  }

  @Test
  void neverPrintsWhatATerminalWouldActOn() {
    assertThat(
            render("a\u001b[2J\u0000\u202e\ud800 = oops", "oops", "t\u001b", "d\u001b", "h\u001b"))
        .doesNotContain("\u001b", "\u0000", "\u202e", "\ud800")
        .contains("a\ufffd[2J\ufffd\ufffd\ufffd = oops");
  }

  @Test
  void pointsPastTheEndOfTheText() {
    Problem problem = Problem.error("the equation ends too early", new Span(5, 5), "d");
    assertThat(Report.render(new Source("a.cell", "h_t ="), List.of(problem)))
        .isEqualTo(
            """
            error: the equation ends too early
              a.cell:1:6
               1 │ h_t =
                 │      ^
              d
            """);
  }

  @Test
  void ordersByPositionAndSeparatesByABlankLine() {
    List<Problem> problems =
        List.of(
            Problem.error("second", new Span(2, 3), ""), Problem.note("first", new Span(0, 1), ""));
    assertThat(Report.render(new Source("a.cell", "a\nb"), problems))
        .isEqualTo(
            """
            note: first
              a.cell:1:1
               1 │ a
                 │ ^

            error: second
              a.cell:2:1
               2 │ b
                 │ ^
            """);
  }
}
