package dev.sluice.compiler.same;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.RandomValues;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SameTest {
  private static final Path CELLS = Path.of("../../samples/cells");
  private static final Set<UpTo> USUAL = EnumSet.of(UpTo.PERMUTATION, UpTo.SIGN, UpTo.BIAS);
  private static final String RNN = "h_t = tanh(V x_t + W h_{t-1} + b)";

  /// Documentation and code of published cells: different, with numbers that show it.
  @ParameterizedTest
  @EnumSource(DriftedCells.class)
  void documentationAndCodeDiffer(DriftedCells cells) {
    Cell documented = cell(cells.documented);
    Cell coded = cell(cells.coded);
    Verdict verdict = Same.compare(documented, coded, EnumSet.allOf(UpTo.class), 100, 1);
    assertThat(verdict).isInstanceOf(Verdict.Different.class);
    Witness witness = ((Verdict.Different) verdict).witness();
    double[] first = rerun(documented, witness.first())[witness.step()];
    double[] second = rerun(coded, witness.second())[witness.step()];
    assertThat(first).isEqualTo(witness.first().output());
    assertThat(second).isEqualTo(witness.second().output());
    assertThat(distance(first, second)).isGreaterThan(0.005);
    assertThat(witness.first().sizes().values()).allMatch(n -> n == 1);
  }

  @ParameterizedTest
  @EnumSource(DriftedCells.class)
  void aCellIsItself(DriftedCells cells) {
    assertThat(compare(cells.documented, cells.documented)).isInstanceOf(Verdict.Equal.class);
    assertThat(compare(cells.coded, cells.coded)).isInstanceOf(Verdict.Equal.class);
  }

  @ParameterizedTest
  @CsvSource({
    "gru, gru_write", // u keeps, u writes; one is in block form
    "lstm, lstm_block",
    "lstm_no_forget, lstm_no_forget",
    "gru_reset_after, gru_reset_after"
  })
  void samplesThatAreTheSame(String first, String second) throws IOException {
    Cell a = sample(first);
    Cell b = sample(second);
    Verdict verdict = Same.compare(a, b, USUAL, 100, 1);
    assertThat(verdict).isInstanceOf(Verdict.Equal.class);
    assertConverts(a, b, ((Verdict.Equal) verdict).conversion());
    assertThat(Same.compare(b, a, USUAL, 100, 1)).isInstanceOf(Verdict.Equal.class);
  }

  @Test
  void theGruConventionsAreOneOnlyIfSignsMayTurn() throws IOException {
    Verdict verdict =
        Same.compare(sample("gru"), sample("gru_write"), Set.of(UpTo.PERMUTATION), 100, 1);
    assertThat(verdict).isInstanceOf(Verdict.Different.class);
  }

  @Test
  void theResetConventionsAreDifferentFunctionsUnlessOneAsksOtherwise() throws IOException {
    Cell before = sample("gru");
    Cell after = sample("gru_reset_after");
    Verdict verdict = Same.compare(before, after, USUAL, 100, 1);
    assertThat(verdict).isInstanceOf(Verdict.Different.class);
    assertThat(Same.compare(before, after, EnumSet.allOf(UpTo.class), 100, 1))
        .isInstanceOfSatisfying(
            Verdict.Equal.class, e -> assertThat(e.upTo()).contains(UpTo.RESET));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h_t = tanh(U x_t + A h_{t-1} + c)",
        "y_t = tanh(A y_{t-1} + c + U s_t)",
        "h_t = tanh(b_1 + V x_t + W h_{t-1} + b_2)",
        "h_t = tanh(V x_t - W h_{t-1} - b)",
        "h_t = -tanh(-(V x_t + W h_{t-1} + b))",
        "z_t = V x_t + b;; k_t = z_t + W h_{t-1};; h_t = tanh(k_t)",
        "h_t = tanh(W [h_{t-1}, x_t] + b)",
        "h_t = tanh(2 V x_t / 2 + W h_{t-1} + b)",
        "(z_t; q_t) = V x_t + W h_{t-1} + b;; h_t = tanh(z_t)",
        "h_t = tanh(V x_t + W g_{t-1} + b);; g_t = tanh(V x_t + W h_{t-1} + b)",
      })
  void spellingsOfTheSimpleRnn(String text) {
    Cell a = cell(RNN);
    Cell b = cell(text);
    Verdict verdict = Same.compare(a, b, USUAL, 100, 1);
    assertThat(verdict).isInstanceOf(Verdict.Equal.class);
    assertConverts(a, b, ((Verdict.Equal) verdict).conversion());
    verdict = Same.compare(b, a, USUAL, 100, 1);
    assertThat(verdict).isInstanceOf(Verdict.Equal.class);
    assertConverts(b, a, ((Verdict.Equal) verdict).conversion());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h_t = tanh(V x_t + W h_{t-2} + b)",
        "h_t = tanh(V x_t + W h_{t-1})",
        "h_t = tanh(V x_t + w ∘ h_{t-1} + b)",
        "h_t = tanh(V x_t + W h_{t-1} + W b)",
        "h_t = tanh(V x_{t-1} + W h_{t-1} + b)",
        "h_t = tanh(V x_t + (W + W^T) h_{t-1} + b)",
        "state h = 1;; h_t = tanh(V x_t + W h_{t-1} + b)",
        "h_t = tanh(V x_t + W h_{t-1} + b) + 0.001",
        "h_t = tanh(V x_t + W h_{t-1} + b);; y_t = h_{t-1}",
        "h_t = tanh(V x_t + W h_{t-1} + b + u s_t);; u : R^n;; s_t : R",
      })
  void cellsThatAreNotTheSimpleRnn(String text) {
    assertThat(compare(RNN, text)).isInstanceOf(Verdict.Different.class);
    assertThat(compare(text, RNN)).isInstanceOf(Verdict.Different.class);
  }

  @Test
  void whatTheNormalFormDoesNotKnowIsUndecided() {
    Verdict verdict =
        compare(
            "h_t = tanh(V x_t + W h_{t-1})",
            "z_t = V x_t + W h_{t-1};; e_t = exp(2 z_t);; h_t = (e_t - 1) / (e_t + 1)");
    assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void namesCountIfTheyMayNotChange() {
    Cell a = cell(RNN);
    Cell b = cell("h_t = tanh(W x_t + V h_{t-1} + b)");
    assertThat(Same.compare(a, b, Set.of(), 100, 1)).isInstanceOf(Verdict.Different.class);
    assertThat(Same.compare(a, b, USUAL, 100, 1)).isInstanceOf(Verdict.Equal.class);
    assertThat(Same.compare(a, a, Set.of(), 100, 1)).isInstanceOf(Verdict.Equal.class);
  }

  @Test
  void whatHasNoCounterpartIsNamed() {
    Verdict.Different verdict =
        (Verdict.Different) compare(DriftedCells.SCRN.documented, DriftedCells.SCRN.coded);
    assertThat(verdict.remarks()).contains("W of cell has no counterpart in cell");
    verdict = (Verdict.Different) compare(DriftedCells.MUT2.documented, DriftedCells.MUT2.coded);
    assertThat(verdict.remarks()).anyMatch(r -> r.contains("needs equal lengths"));
  }

  @Test
  void cellsWithoutNumbersAreNotCalledAlike() {
    assertThat(
            compare("h_t = tanh(V x_t) + log(-exp(V x_t))", "h_t = sin(V x_t) + sqrt(-exp(V x_t))"))
        .isInstanceOf(Verdict.Incomparable.class);
  }

  @Test
  void outputsOfOtherShapesCannotBeCompared() {
    assertThat(compare(RNN, "y_t = [h_t, h_t];; " + RNN)).isInstanceOf(Verdict.Incomparable.class);
  }

  // ---- what the tests need

  /// The second cell with converted weights computes what the first does.
  private static void assertConverts(Cell a, Cell b, Conversion conversion) {
    Map<String, Integer> sizesOfA = sizes(a);
    Map<String, Integer> sizesOfB = conversion.sizesOfSecond(sizesOfA);
    Interpreter first = Interpreter.of(a, sizesOfA);
    Values given = RandomValues.of(first, 5, List.of(5, 3), 7).withInitial(Map.of());
    Map<String, Array> converted = conversion.convert(given.parameters(), sizesOfA);
    Map<String, double[][][]> inputs =
        Map.of(
            b.inputs().getFirst().symbol().plain(),
            given.inputs().get(a.inputs().getFirst().symbol().plain()));
    double[][][] expected = first.run(given).output();
    double[][][] found =
        Interpreter.of(b, sizesOfB)
            .run(Values.of(5, 2, converted, inputs).withLengths(List.of(5, 3)))
            .output();
    for (int t = 0; t < expected.length; t++) {
      for (int s = 0; s < expected[t].length; s++) {
        assertThat(distance(expected[t][s], found[t][s])).isLessThan(1e-12);
      }
    }
  }

  private static Map<String, Integer> sizes(Cell cell) {
    Map<String, Integer> sizes = new HashMap<>();
    sizes.put(cell.inputs().getFirst().symbol().plain(), 2);
    sizes.put(cell.output().plain(), 3);
    return sizes;
  }

  private static double[][] rerun(Cell cell, Witness.Side side) {
    Map<String, double[][][]> inputs = new HashMap<>();
    side.inputs()
        .forEach(
            (name, rows) -> {
              double[][][] batch = new double[rows.length][][];
              for (int t = 0; t < rows.length; t++) {
                batch[t] = new double[][] {rows[t]};
              }
              inputs.put(name, batch);
            });
    int steps = inputs.values().iterator().next().length;
    double[][][] output =
        Interpreter.of(cell, side.sizes())
            .run(Values.of(steps, 1, side.parameters(), inputs))
            .output();
    double[][] rows = new double[steps][];
    for (int t = 0; t < steps; t++) {
      rows[t] = output[t][0];
    }
    return rows;
  }

  private static double distance(double[] a, double[] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static Verdict compare(String a, String b) {
    return Same.compare(cell(a), cell(b), USUAL, 100, 1);
  }

  private static Cell sample(String name) throws IOException {
    return cell(Files.readString(CELLS.resolve(name + ".cell")));
  }

  static Cell cell(String text) {
    Source source = Source.of(text.replace(";; ", "\n"));
    Outcome<Cell> outcome = CellCompiler.canonical(source, Options.named("cell"));
    assertThat(outcome.isOk()).as(Report.render(source, outcome.problems())).isTrue();
    return outcome.value().orElseThrow();
  }
}
