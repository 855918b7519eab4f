package dev.sluice.compiler.same;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.RandomValues;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What gates do at their ends: as the lectures have it, and with numbers for all sample cells.
class RegimesTest {
  private static final Path CELLS = Path.of("../../samples/cells");

  @Test
  void ofTheLstm() throws IOException {
    assertThat(lines("lstm"))
        .containsExactlyInAnyOrder(
            "o=1 RELEASES h_t = tanh(c_t)",
            "o=0 WITHHOLDS h_t = 0",
            "f=1, i=1 ADDS c_t = c_{t-1} + c̃_t",
            "f=1, i=0 KEEPS c_t = c_{t-1}",
            "f=0, i=1 WRITES c_t = c̃_t",
            "f=0, i=0 ERASES c_t = 0");
  }

  @Test
  void theGruIsTheSimpleRnnWithAnOpenResetAndNothingKept() throws IOException {
    assertThat(lines("gru"))
        .containsExactlyInAnyOrder(
            "u=1 KEEPS h_t = h_{t-1}", "u=0 WRITES h_t = g_t", "r=1, u=0 SIMPLE_RNN h_t = g_t");
    assertThat(lines("gru_write"))
        .containsExactlyInAnyOrder(
            "u=0 KEEPS h_t = h_{t-1}", "u=1 WRITES h_t = h̃_t", "u=1, r=1 SIMPLE_RNN h_t = h̃_t");
  }

  @Test
  void aCoupledGateActsAlone() throws IOException {
    assertThat(lines("lstm_cifg")).contains("i=1 WRITES c_t = g_t", "i=0 KEEPS c_t = c_{t-1}");
  }

  @Test
  void aGateThatReadsTheNewMemoryIsStillAGate() throws IOException {
    assertThat(lines("peephole_lstm"))
        .containsExactlyInAnyOrder(
            "o=1 RELEASES h_t = tanh(c_t)",
            "o=0 WITHHOLDS h_t = 0",
            "i=1, f=1 ADDS c_t = z_t + c_{t-1}",
            "i=0, f=1 KEEPS c_t = c_{t-1}",
            "i=1, f=0 WRITES c_t = z_t",
            "i=0, f=0 ERASES c_t = 0");
  }

  @Test
  void gatesThatAreDividedByTheirSumAreNeverBothShut() throws IOException {
    assertThat(lines("minlstm_feng2024")).noneMatch(l -> l.startsWith("f=0, i=0"));
  }

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(CELLS)) {
      return files.filter(f -> f.toString().endsWith(".cell")).sorted().toList().stream();
    }
  }

  @Test
  void ofTheMatrixMemoryOfTheXlstm() throws IOException {
    // The larger of the two exponential gates is 1, so they are never both shut.
    assertThat(lines("xlstm_mlstm_matrix"))
        .contains(
            "i_prime=0, f_prime=1 KEEPS C_t = C_{t-1}",
            "i_prime=1, f_prime=1 ADDS C_t = C_{t-1} + v_t k_tᵀ",
            "i_prime=1, f_prime=0 WRITES C_t = v_t k_tᵀ",
            "i_prime=0, f_prime=1 KEEPS n_t = n_{t-1}",
            "o=0 WITHHOLDS h_t = 0")
        .noneMatch(l -> l.contains("ERASES"));
  }

  @Test
  void ofGatesOfRowsAndOfTheDeltaRule() throws IOException {
    assertThat(lines("hgrn2_qin2024"))
        .containsExactly("f=1 KEEPS S_t = S_{t-1}", "f=0 WRITES S_t = 1 v_tᵀ");
    assertThat(lines("deltanet_schlag2021")).containsExactly("beta=0 KEEPS S_t = S_{t-1}");
    assertThat(lines("gated_deltanet_yang2025"))
        .contains("alpha=1, beta=0 KEEPS S_t = S_{t-1}", "alpha=0, beta=0 ERASES S_t = 0");
  }

  @Test
  void aStateThatIsASigmoidIsNoGateOfItself() throws IOException {
    assertThat(lines("rnnlm_mikolov2010")).noneMatch(l -> l.contains("RELEASES"));
  }

  @Test
  void aGateThatAnotherDecidesIsNotSetAgainstIt() throws IOException {
    assertThat(lines("rglru_griffin2024")).noneMatch(l -> l.contains("r=0, a=0"));
    assertThat(lines("rwkv7_peng2025")).noneMatch(l -> l.contains("w=0"));
  }

  /// The same with numbers: the gates' equations replaced, and run.
  @ParameterizedTest
  @MethodSource("samples")
  void whatIsToldOfSamplesIsSo(Path file) throws IOException {
    Source source = SluiceCompiler.read(file);
    Cell bound = CellCompiler.bind(source, Options.named("cell")).value().orElseThrow();
    Cell canonical = CellCompiler.canonical(source, Options.named("cell")).value().orElseThrow();
    Map<String, Integer> sizes = new HashMap<>();
    bound.dimensions().keySet().forEach(d -> sizes.put(d, 2));
    assertSo(bound, canonical, sizes, 11);
  }

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsToldOfRandomCellsIsSo(long seed) {
    Cell bound = RandomCells.cell(seed);
    assertSo(bound, Canon.rewrite(bound), RandomCells.sizes(bound, seed), seed);
  }

  private static final String LEFT = "what_is_left";

  private static void assertSo(Cell bound, Cell canonical, Map<String, Integer> sizes, long seed) {
    for (Regime regime : Regimes.of(bound, canonical)) {
      Interpreter interpreter = Interpreter.of(fixed(bound, regime), sizes);
      Values values = RandomValues.of(interpreter, 3, List.of(3), seed);
      Run run = interpreter.run(values);
      for (int t = 0; t < 3; t++) {
        double[] now = numbers(run, regime, t);
        Array formula = run.value(LEFT, t, 0);
        for (int i = 0; i < now.length; i++) {
          assertThat(formula.rank() == 0 ? formula.at(0) : formula.at(i))
              .as("%s of\n%s", regime, IrPrinter.print(bound))
              .isCloseTo(now[i], offset(1e-9 * (1 + Math.abs(now[i]))));
        }
        switch (regime.kind()) {
          case KEEPS ->
              assertThat(now)
                  .as(regime.toString())
                  .containsExactly(numbers(run, regime, t - 1), offset(1e-12));
          case ERASES, WITHHOLDS ->
              assertThat(now)
                  .as(regime.toString())
                  .containsExactly(new double[now.length], offset(1e-12));
          case ADDS -> assertMoves(interpreter, values, regime, 1);
          case WRITES -> assertMoves(interpreter, values, regime, 0);
          case RELEASES, SIMPLE_RNN -> {}
        }
      }
    }
  }

  private static double[] numbers(Run run, Regime regime, int t) {
    return run.value(regime.target().plain(), t, 0).toArray();
  }

  /// What is added to a matrix or written into it doesn't depend on what it held.
  private static void assertMoves(
      Interpreter interpreter, Values values, Regime regime, double share) {
    String target = regime.target().plain();
    double[][] start = values.initial().get(target);
    if (start == null || !(regime.value().shape() instanceof Shape.Matrix)) {
      return;
    }
    double[] moved = start[0].clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += 0.1 * (i + 1);
    }
    Map<String, double[][]> initial = new HashMap<>(values.initial());
    initial.put(target, new double[][] {moved});
    double[] before = numbers(interpreter.run(values), regime, 0);
    double[] after = numbers(interpreter.run(values.withInitial(initial)), regime, 0);
    for (int i = 0; i < moved.length; i++) {
      assertThat(after[i] - before[i])
          .as(regime.toString())
          .isCloseTo(share * 0.1 * (i + 1), offset(1e-9));
    }
  }

  /// The gates' equations replaced by numbers, and what is told to be left beside the rest.
  private static Cell fixed(Cell cell, Regime regime) {
    List<Equation> equations = new ArrayList<>();
    for (Equation e : cell.equations()) {
      Integer value = regime.gates().get(e.target());
      equations.add(
          value == null
              ? e
              : new Equation(
                  e.target(),
                  new Expr.Select(new Expr.Literal(1), new Expr.Literal(value), e.value()),
                  e.origin()));
    }
    equations.add(new Equation(Symbol.of(LEFT), regime.value(), Origin.NONE));
    return cell.withEquations(equations);
  }

  private static List<String> lines(String name) throws IOException {
    Source source = SluiceCompiler.read(CELLS.resolve(name + ".cell"));
    Cell bound = CellCompiler.bind(source, Options.named("cell")).value().orElseThrow();
    Cell canonical = CellCompiler.canonical(source, Options.named("cell")).value().orElseThrow();
    return Regimes.of(bound, canonical).stream()
        .map(
            r ->
                r.gates().entrySet().stream()
                        .map(g -> g.getKey() + "=" + g.getValue())
                        .collect(Collectors.joining(", "))
                    + " "
                    + r.kind()
                    + " "
                    + r.formula())
        .toList();
  }
}
