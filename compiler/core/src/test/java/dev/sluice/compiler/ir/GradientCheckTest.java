package dev.sluice.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.GradientCheck.Kind;
import dev.sluice.compiler.ir.GradientCheck.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientCheckTest {
  private static final Map<String, Integer> SIZES = Map.of("x", 3, "h", 4);

  private static Adjoint adjoint(String cell, String adjoint) {
    return IrParser.adjoint(IrParser.cell(cell), adjoint);
  }

  @Test
  void gradientsOfATinyCellByHand() {
    String cell =
        "input x: scalar\nstate h: scalar\nparam w: scalar\noutput h\nk: scalar = w * h[t-1]\nh: scalar = k + x";
    String backward =
        """
        carry d_h_prev of h
        input_gradient d_h of x
        d_h: scalar = d_output + d_h_prev[t+1]
        d_w: scalar = d_h * h[t-1]
        d_h_prev: scalar = w * d_h
        accumulate w += d_w
        """;
    Adjoint adjoint = adjoint(cell, backward);
    Interpreter interpreter = Interpreter.of(adjoint.cell(), Map.of());
    double[][][] x = {{{1}}, {{2}}};
    Values values =
        Values.of(2, 1, Map.of("w", Array.scalar(3)), Map.of("x", x))
            .withInitial(Map.of("h", new double[][] {{5}}));
    Run run = interpreter.run(values);
    // h_1 = 3·5 + 1 = 16, h_2 = 3·16 + 2 = 50; L = 10 h_1 + 100 h_2 + 1000 h_2
    double[][][] outputGradients = {{{10}}, {{100}}};
    Gradients gradients =
        interpreter.backward(adjoint, run, outputGradients, Map.of("h", new double[][] {{1000}}));
    assertThat(run.output()).isDeepEqualTo(new double[][][] {{{16}}, {{50}}});
    assertThat(gradients.inputs().get("x")).isDeepEqualTo(new double[][][] {{{3310}}, {{1100}}});
    assertThat(gradients.initial().get("h")).isDeepEqualTo(new double[][] {{9930}});
    assertThat(gradients.parameters()).containsEntry("w", Array.scalar(1100 * 16 + 3310 * 5));
  }

  @Test
  void anEmptySequenceGivesItsFinalGradientBack() {
    Adjoint adjoint = adjoint(TestCells.RNN, TestCells.RNN_ADJOINT);
    Interpreter interpreter = Interpreter.of(adjoint.cell(), SIZES);
    Values values = RandomValues.of(interpreter, 3, List.of(3, 0), 1);
    Map<String, double[][]> finals = RandomValues.finalGradients(interpreter, values, 2);
    double[][][] outputs = RandomValues.outputGradients(interpreter, values, 3);
    Gradients gradients = interpreter.backward(adjoint, interpreter.run(values), outputs, finals);
    assertThat(rows(gradients.initial(), "h")[1]).isEqualTo(rows(finals, "h")[1]);
    assertThat(rows(gradients.initial(), "h")[0]).isNotEqualTo(rows(finals, "h")[0]);
  }

  private static double[][] rows(Map<String, double[][]> values, String name) {
    return Named.in(values, name);
  }

  @Test
  void handWrittenBackwardPassesPass() {
    GradientCheck rnn = GradientCheck.of(adjoint(TestCells.RNN, TestCells.RNN_ADJOINT), SIZES, 1);
    assertThat(rnn.pass()).as(rnn.toString()).isTrue();
    assertThat(rnn.lines().stream().map(Line::name)).containsExactly("V", "W", "b", "x", "h");
    assertThat(rnn.lines())
        .allMatch(line -> line.error() < 1e-9, "far below the threshold: " + rnn);
    GradientCheck block =
        GradientCheck.of(adjoint(TestCells.BLOCK, TestCells.BLOCK_ADJOINT), SIZES, 2);
    assertThat(block.pass()).as(block.toString()).isTrue();
  }

  /// A wrong factor, sign, transpose or missing path shows in the tensors behind it.
  @Test
  void eachMistakeIsFound() {
    assertFails("1.0 - (h * h)", "1.0 - h", "V", "W", "b", "x", "h");
    assertFails("d_output + d_h_prev[t+1]", "sum(d_output)", "V", "W", "b", "x", "h");
    assertFails("d_h_prev: [n] = W.T @ d_z", "d_h_prev: [n] = W @ d_z", "V", "W", "b", "x", "h");
    assertFails("d_x: [m] = V.T @ d_z", "d_x: [m] = negate(V.T @ d_z)", "x");
    assertFails("accumulate b += d_z", "accumulate b += d_z * 1.00001", "b");
    assertFails("accumulate b += d_z\n", "", "b");
    assertFails("accumulate W += outer(d_z, h[t-1])", "accumulate W += outer(d_z, h)", "W");
  }

  private static void assertFails(String right, String wrong, String... tensors) {
    Adjoint adjoint = adjoint(TestCells.RNN, TestCells.RNN_ADJOINT.replace(right, wrong));
    GradientCheck check = GradientCheck.of(adjoint, SIZES, 3);
    assertThat(check.lines().stream().filter(line -> !line.pass()).map(Line::name))
        .as(wrong)
        .containsExactly(tensors);
    assertThat(check.pass()).isFalse();
  }

  @Test
  void aDifferenceAcrossAKinkDoesNotCount() {
    Line sparse = foldedLine(1);
    assertThat(sparse.skipped()).isBetween(1, 20);
    assertThat(sparse.checked()).isEqualTo(100 - sparse.skipped());
    assertThat(sparse.pass()).isTrue();
    Line dense = foldedLine(1000);
    assertThat(dense).isEqualTo(new Line(Kind.INPUT, "x", 0, 0, 100));
    assertThat(dense.pass()).as("nothing was compared").isFalse();
  }

  /// `|…||factor·x| − 2| − 1|…|`: a saw with kinks at every 1/32 of `factor·x`.
  private static Line foldedLine(double factor) {
    StringBuilder cell =
        new StringBuilder(
            "dim n = x, h\ninput x: [n]\nstate h: [n]\noutput h\ng0: [n] = %s * abs(x)\n"
                .formatted(factor));
    String slope = factor + " * sign(x)";
    double half = 2 * factor;
    int fold = 0;
    for (; half > 0.02; half /= 2, fold++) {
      cell.append("e%d: [n] = g%d - %s\n".formatted(fold, fold, half));
      cell.append("g%d: [n] = abs(e%d)\n".formatted(fold + 1, fold));
      slope = "(%s) * sign(e%d)".formatted(slope, fold);
    }
    cell.append("h: [n] = g%d - (0.0 * h[t-1])\n".formatted(fold));
    String backward =
        """
        carry d_h_prev of h
        input_gradient d_x of x
        d_h: [n] = d_output + d_h_prev[t+1]
        d_h_prev: [n] = -0.0 * d_h
        d_x: [n] = d_h * (%s)
        """;
    Adjoint adjoint = adjoint(cell.toString(), backward.formatted(slope));
    return GradientCheck.of(adjoint, Map.of("n", 20), List.of(5), 5).lines().getFirst();
  }

  @Test
  void whatIsNotFiniteFails() {
    String cell =
        "input x: scalar\nstate h: scalar\noutput h\nl: scalar = log(-1.0)\nh: scalar = l * x";
    String backward =
        "carry d_h_prev of h\ninput_gradient d_x of x\nd_h_prev: scalar = 0.0 * x\nd_x: scalar = 0.0 * x\n";
    GradientCheck check = GradientCheck.of(adjoint(cell, backward), Map.of(), 5);
    assertThat(check.pass()).isFalse();
    assertThat(check.lines().getFirst().error()).isInfinite();
  }

  @Test
  void theReportHasALinePerTensor() {
    GradientCheck check =
        new GradientCheck(
            List.of(
                new Line(Kind.PARAMETER, "W_f", 1.23e-10, 25, 0),
                new Line(Kind.INITIAL_STATE, "h", 2e-3, 5, 2),
                new Line(Kind.INPUT, "x", 0, 0, 7)));
    assertThat(check)
        .hasToString(
            """
            PASS  parameter      W_f           1.2e-10
            FAIL  initial state  h             2.0e-03  (2 across a kink skipped)
            FAIL  input          x             0.0e+00  (7 across a kink skipped)
            """);
  }
}
