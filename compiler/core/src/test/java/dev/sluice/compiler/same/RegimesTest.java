package dev.sluice.compiler.same;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.RandomValues;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

  /// The same with numbers: the gates' equations replaced, and run.
  @ParameterizedTest
  @MethodSource("samples")
  void whatIsKeptOrErasedIsSo(Path file) throws IOException {
    Source source = SluiceCompiler.read(file);
    Cell bound = CellCompiler.bind(source, Options.named("cell")).value().orElseThrow();
    Cell canonical = CellCompiler.canonical(source, Options.named("cell")).value().orElseThrow();
    for (Regime regime : Regimes.of(bound, canonical)) {
      Cell fixed = fixed(canonical, regime);
      Map<String, Integer> sizes = new HashMap<>();
      fixed.dimensions().keySet().forEach(d -> sizes.put(d, 2));
      Interpreter interpreter = Interpreter.of(fixed, sizes);
      Run run = interpreter.run(RandomValues.of(interpreter, 3, List.of(3), 11));
      String target = regime.target().plain();
      for (int t = 0; t < 3; t++) {
        double[] now = run.value(target, t, 0).toArray();
        switch (regime.kind()) {
          case KEEPS ->
              assertThat(now)
                  .as(regime.toString())
                  .containsExactly(run.value(target, t - 1, 0).toArray(), offset(1e-12));
          case ERASES, WITHHOLDS ->
              assertThat(now)
                  .as(regime.toString())
                  .containsExactly(new double[now.length], offset(1e-12));
          case WRITES, ADDS, RELEASES, SIMPLE_RNN -> {}
        }
      }
    }
  }

  private static Cell fixed(Cell cell, Regime regime) {
    List<Equation> equations =
        cell.equations().stream()
            .map(
                e -> {
                  Integer value = regime.gates().get(e.target());
                  return value == null
                      ? e
                      : new Equation(
                          e.target(),
                          new Expr.Select(new Expr.Literal(1), new Expr.Literal(value), e.value()),
                          e.origin());
                })
            .toList();
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
