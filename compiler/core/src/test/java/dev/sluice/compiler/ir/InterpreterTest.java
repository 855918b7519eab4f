package dev.sluice.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterpreterTest {
  /// `h` over time, for one input `x`, all scalars, one sequence.
  private static double[] scalars(String declarations, String h, double... x) {
    Cell cell =
        IrParser.cell("input x: scalar\n%s\noutput h\nh: scalar = %s".formatted(declarations, h));
    Interpreter interpreter = Interpreter.of(cell, Map.of());
    double[][][] input =
        Arrays.stream(x).mapToObj(v -> new double[][] {{v}}).toArray(double[][][]::new);
    Run run = interpreter.run(Values.of(x.length, 1, Map.of(), Map.of("x", input)));
    return Arrays.stream(run.output()).mapToDouble(rows -> rows[0][0]).toArray();
  }

  private static double value(String expression) {
    return scalars("", expression, 3)[0];
  }

  @Test
  void aStateStartsFromItsInitialValue() {
    assertThat(scalars("state h: scalar = 10.0", "h[t-1] + x", 1, 2, 3))
        .containsExactly(11, 13, 16);
  }

  @Test
  void beforeTheFirstStepAStateIsInitialAtAnyDelayAndAnInputIsZero() {
    assertThat(scalars("state h: scalar = 5.0", "h[t-3] + x", 1, 1, 1, 1, 1))
        .containsExactly(6, 6, 6, 7, 7);
    assertThat(scalars("state h: scalar = 5.0", "x[t-2] + x", 1, 10, 100, 1000))
        .containsExactly(1, 10, 101, 1010);
  }

  @Test
  void theStepNumberCountsFromOne() {
    assertThat(scalars("state h: scalar", "step_number() * x", 1, 1, 2)).containsExactly(1, 2, 6);
  }

  @Test
  void functionsOfOneElement() {
    assertThat(value("step(0.0)")).isZero();
    assertThat(value("sign(0.0)")).isZero();
    assertThat(value("sign(-2.0)")).isEqualTo(-1);
    assertThat(value("relu(-2.0)")).isZero();
    assertThat(value("abs(-2.0)")).isEqualTo(2);
    assertThat(value("negate(x)")).isEqualTo(-3);
    assertThat(value("exp(1.0)")).isEqualTo(Math.E);
    assertThat(value("log(exp(x))")).isCloseTo(3, within(1e-15));
    assertThat(value("sqrt(x * x)")).isEqualTo(3);
  }

  @Test
  void sigmoidAndSoftplusAreStableFarOut() {
    assertThat(value("sigmoid(800.0)")).isEqualTo(1);
    assertThat(value("sigmoid(-700.0)")).isCloseTo(Math.exp(-700), within(1e-310));
    assertThat(value("sigmoid(-800.0)")).isZero();
    assertThat(value("softplus(800.0)")).isEqualTo(800);
    assertThat(value("softplus(-40.0)")).isCloseTo(Math.exp(-40), within(1e-32));
    assertThat(value("softplus(0.0)")).isCloseTo(Math.log(2), within(1e-16));
  }

  @Test
  void functionsOfTwoElements() {
    assertThat(value("greater(x, 3.0)")).isZero();
    assertThat(value("greater(x, 2.9)")).isEqualTo(1);
    assertThat(value("max(x, 4.0) - min(x, 4.0)")).isEqualTo(1);
    assertThat(value("power(x, 3.0)")).isEqualTo(27);
    assertThat(value("x / 2.0")).isEqualTo(1.5);
    assertThat(value("add(x, const(alpha, 0.5))")).isEqualTo(3.5);
    assertThat(value("select(greater(x, 1.0), 7.0, 8.0)")).isEqualTo(7);
    assertThat(value("select(0.0, 7.0, 8.0)")).isEqualTo(8);
  }

  /// Every line of the cell is a value to look at.
  @Test
  void vectorsAndMatrices() {
    Cell cell =
        IrParser.cell(
            """
            dim n = x
            input x: [n]
            param A: [n, 2n]
            param B: [2n, n]
            output y
            neg: [n] = negate(x)
            both: [2n] = [x, neg]
            y: [n] = A @ both
            square: [n, n] = A @ B
            turned: [2n, n] = A.T
            product: [n, n] = outer(x, y)
            part: [n] = both[n:2n]
            columns: [n, n] = A[:, n:2n]
            rows: [n, n] = B[n:2n]
            total: scalar = reduce_sum(A)
            spread: [n] = 1.0 + x + total
            """);
    Map<String, Array> parameters =
        Map.of(
            "A",
            Array.matrix(2, 4, 1, 2, 3, 4, 5, 6, 7, 8),
            "B",
            Array.matrix(4, 2, 1, 0, 0, 1, 1, 0, 0, 1));
    Run run =
        Interpreter.of(cell, Map.of("x", 2))
            .run(Values.of(1, 1, parameters, Map.of("x", new double[][][] {{{1, 10}}})));
    assertThat(run.value("both", 0, 0)).isEqualTo(Array.vector(1, 10, -1, -10));
    assertThat(run.value("y", 0, 0)).isEqualTo(Array.vector(-22, -22));
    assertThat(run.value("square", 0, 0)).isEqualTo(Array.matrix(2, 2, 4, 6, 12, 14));
    assertThat(run.value("turned", 0, 0)).isEqualTo(Array.matrix(4, 2, 1, 5, 2, 6, 3, 7, 4, 8));
    assertThat(run.value("product", 0, 0)).isEqualTo(Array.matrix(2, 2, -22, -22, -220, -220));
    assertThat(run.value("part", 0, 0)).isEqualTo(Array.vector(-1, -10));
    assertThat(run.value("columns", 0, 0)).isEqualTo(Array.matrix(2, 2, 3, 4, 7, 8));
    assertThat(run.value("rows", 0, 0)).isEqualTo(Array.matrix(2, 2, 1, 0, 0, 1));
    assertThat(run.value("total", 0, 0)).isEqualTo(Array.scalar(36));
    assertThat(run.value("spread", 0, 0)).isEqualTo(Array.vector(38, 47));
  }

  @Test
  void aMatrixState() {
    Cell cell =
        IrParser.cell(
            """
            dim n = k, y
            input k: [n]
            state C: [n, n]
            output y
            C: [n, n] = 0.5 * C[t-1] + outer(k, k)
            y: [n] = C @ k
            """);
    double[][][] k = {{{1, 0}}, {{1, 2}}};
    Run run = Interpreter.of(cell, Map.of("n", 2)).run(Values.of(2, 1, Map.of(), Map.of("k", k)));
    assertThat(run.value("C", 1, 0)).isEqualTo(Array.matrix(2, 2, 1.5, 2, 2, 4));
    assertThat(run.output()[1][0]).containsExactly(5.5, 10);
    assertThat(run.finals().get("C")).isDeepEqualTo(new double[][] {{1.5, 2, 2, 4}});
  }

  @Test
  void sequencesOfDifferentLengthEndAtTheirOwnStep() {
    Cell cell = IrParser.cell("input x: scalar\nstate h: scalar\noutput h\nh: scalar = h[t-1] + x");
    double[][][] x = {{{1}, {10}, {100}}, {{2}, {20}, {200}}};
    Values values =
        Values.of(2, 3, Map.of(), Map.of("x", x))
            .withLengths(List.of(2, 1, 0))
            .withInitial(Map.of("h", new double[][] {{0.5}, {0}, {7}}));
    Run run = Interpreter.of(cell, Map.of()).run(values);
    assertThat(run.output())
        .isDeepEqualTo(new double[][][] {{{1.5}, {10}, {0}}, {{3.5}, {0}, {0}}});
    assertThat(run.finals().get("h")).isDeepEqualTo(new double[][] {{3.5}, {10}, {7}});
  }

  @Test
  void whatIsMissingOrMisshapenIsNamed() {
    Cell rnn = IrParser.cell(TestCells.RNN);
    Interpreter interpreter = Interpreter.of(rnn, Map.of("x", 3, "h", 2));
    Values good = RandomValues.of(interpreter, 4, List.of(4, 3), 1);
    assertThatThrownBy(() -> interpreter.run(good.withParameters(Map.of())))
        .hasMessage("parameter V of cell rnn: expected [n, m] [2, 3], found nothing; given are []");
    assertThatThrownBy(() -> interpreter.run(good.withInputs(Map.of("x", new double[4][2][2]))))
        .hasMessage("input x: expected 3 numbers per step, found 2");
    assertThatThrownBy(() -> interpreter.run(good.withInputs(Map.of())))
        .hasMessage("input x: expected 4 steps, found 0");
    assertThatThrownBy(() -> interpreter.run(good.withInitial(Map.of("h", new double[3][2]))))
        .hasMessage("initial state h: expected 2 sequences, found 3");
    assertThatThrownBy(() -> Interpreter.of(rnn, Map.of("x", 3)))
        .hasMessageContaining("no size for n");
  }
}
