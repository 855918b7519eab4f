package dev.sluice.compiler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a transcript does not show: settings, origins, the order of messages.
class BindDetailsTest {
  private static final String SCALED =
      """
      const α = 0.9
      const β
      h_t = tanh(α W x_t + β U h_{t-1})
      """;

  @Test
  void aSettingOverridesTheFile() {
    Cell cell = Transcript.bind(SCALED, Map.of("alpha", 0.25, "beta", 2.0)).value().orElseThrow();
    List<Expr.Constant> constants = new ArrayList<>();
    collect(cell.equations().getFirst().value(), constants);
    assertThat(constants)
        .containsExactly(
            new Expr.Constant(Symbol.of("alpha"), 0.25), new Expr.Constant(Symbol.of("beta"), 2.0));
  }

  @Test
  void aMissingSettingIsNamed() {
    Problem problem = Transcript.bind(SCALED).problems().getFirst();
    assertThat(problem.help()).isEqualTo("Give one with --set beta=…, or write `const β = …`.");
  }

  @Test
  void anUnknownSettingGetsTheNearestName() {
    Problem problem =
        Transcript.bind(SCALED, Map.of("beta", 1.0, "alhpa", 1.0)).problems().getFirst();
    assertThat(problem.detail()).isEqualTo("--set alhpa: the file has no `const alhpa`.");
    assertThat(problem.help()).isEqualTo("Did you mean alpha?");
  }

  @Test
  void aSettingMustBeFinite() {
    Outcome<Cell> outcome = Transcript.bind(SCALED, Map.of("alpha", Double.NaN, "beta", 1.0));
    assertThat(outcome.problems()).extracting(Problem::title).containsExactly("not a number");
  }

  @Test
  void aSettingSaysHowOftenSomethingIsRepeated() {
    String text =
        """
        const L
        s_0 = h_{t-1}
        for l in 1..L:
          s_l = tanh(V x_t + R_l s_{l-1})
        h_t = s_L
        """;
    for (int layers : new int[] {1, 3}) {
      Cell cell = Transcript.bind(text, Map.of("L", (double) layers)).value().orElseThrow();
      assertThat(cell.equations()).hasSize(layers + 2);
      assertThat(cell.parameters()).hasSize(layers + 1);
    }
  }

  @Test
  void aHyperparameterWithALabelSaysHowOftenSomethingIsRepeated() {
    String text =
        """
        const %s
        for j in 1..n_h: z_{j,t} = σ(W_j x_t)
        for k in 2..n_{h}+1: y_{k,t} = z_{k-1,t}
        h_t = sum_{j=1}^{n_h} y_{j+1,t} + 0 n_h
        """;
    Cell given = Transcript.bind(text.formatted("n_h = 2")).value().orElseThrow();
    assertThat(given.parameters()).hasSize(2);
    for (String open : List.of("n_h", "n_{h} = 2")) {
      Cell cell = Transcript.bind(text.formatted(open), Map.of("n_h", 3.0)).value().orElseThrow();
      assertThat(cell.parameters()).hasSize(3);
    }
  }

  @Test
  void everyEquationKnowsTheLineItStemsFrom() {
    Cell cell =
        Transcript.bind(
                """
                # a comment
                (g_t; i_t) = \\begin{pmatrix} \\tilde{f} \\\\ \\sigma \\end{pmatrix} (Vx_t + Wh^{(t-1)})

                h_{t} = g_t \\cdot \\mathbf{i}_t / 2
                """)
            .value()
            .orElseThrow();
    Origin block = new Origin("a.cell", 2, "(g_t; i_t) = (f̃; σ)(V x_t + W h_{t-1})");
    Origin product = new Origin("a.cell", 4, "h_t = g_t · i_t / 2");
    assertThat(cell.equations())
        .extracting(e -> e.origin())
        .containsExactly(block, block, block, product);
  }

  @Test
  void messagesAreInTheOrderOfTheTextAndEachOnce() {
    Outcome<Cell> outcome =
        Transcript.bind(
            """
            h_t = foo(W x_t) + bar(U h_{t-1}) + U x_t
            c_t = foo(h_t)
            """);
    assertThat(outcome.problems())
        .isSortedAccordingTo((a, b) -> a.span().start() - b.span().start());
    assertThat(outcome.problems()).doesNotHaveDuplicates();
    assertThat(outcome.problems()).filteredOn(Problem::isError).hasSize(3);
  }

  @Test
  void aNoteStopsNothing() {
    Outcome<Cell> outcome = Transcript.bind("h_t = f_h(V x_t + W h_{t-1})");
    assertThat(outcome.isOk()).isTrue();
    assertThat(outcome.problems()).extracting(Problem::title).containsExactly("f_h means tanh");
  }

  private static void collect(Expr e, List<Expr.Constant> found) {
    switch (e) {
      case Expr.Constant c -> found.add(c);
      case Expr.Unary u -> collect(u.x(), found);
      case Expr.Binary b -> {
        collect(b.a(), found);
        collect(b.b(), found);
      }
      case Expr.Sum s -> s.terms().forEach(t -> collect(t, found));
      case Expr.Literal _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Parameter _,
          Expr.Value _,
          Expr.Select _,
          Expr.MatMul _,
          Expr.Transpose _,
          Expr.Outer _,
          Expr.Concat _,
          Expr.Slice _,
          Expr.Reduce _,
          Expr.Running _,
          Expr.Spread _,
          Expr.Total _ -> {}
    }
  }
}
