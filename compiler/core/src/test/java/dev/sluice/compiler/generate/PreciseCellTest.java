package dev.sluice.compiler.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.report.Source;
import dev.sluice.runtime.spi.Mode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `--precise` changes.
class PreciseCellTest {
  private static final String LSTM =
      """
      f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
      i_t = σ(W_i h_{t-1} + U_i x_t + b_i)
      o_t = σ(W_o h_{t-1} + U_o x_t + b_o)
      g_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
      c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
      h_t = o_t ∘ tanh(c_t)
      """;

  private static final String GRU =
      """
      r_t = σ(W_r h_{t-1} + U_r x_t + b_r)
      u_t = σ(W_u h_{t-1} + U_u x_t + b_u)
      g_t = tanh(W_g (r_t ∘ h_{t-1}) + U_g x_t + b_g)
      h_t = u_t ∘ h_{t-1} + (1 - u_t) ∘ g_t
      """;

  @Test
  void aPreciseCellCallsPreciseFunctions() {
    Options options = Options.named("lstm");
    assertThat(compile(LSTM, options).javaSource())
        .contains("Functions.SIGMOID", "Functions.TANH")
        .doesNotContain("Precise");
    assertThat(compile(LSTM, options.withPrecise(true)).javaSource())
        .contains("Precise.SIGMOID", "Precise.TANH")
        .doesNotContain("Functions.SIGMOID", "Functions.TANH", "ScalarFunctions.");
  }

  @ParameterizedTest
  @ValueSource(strings = {LSTM, GRU})
  void aPreciseCellIsWithinAMillionthOfTheInterpreter(String text) {
    double fast = largestError(compile(text, Options.named("cell")));
    double precise = largestError(compile(text, Options.named("cell").withPrecise(true)));
    assertThat(precise).isLessThan(1e-6).isLessThan(fast);
  }

  private static Compiled compile(String text, Options options) {
    return CellCompiler.compile(Source.of(text), options).value().orElseThrow();
  }

  /// Over 300 steps of weights that keep a state for long.
  private static double largestError(Compiled compiled) {
    Cell cell = compiled.cell();
    Map<String, Integer> sizes = cell.sizes(Map.of("x", 5, "h", 33));
    Random random = new Random(3);
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      double[] values = new double[Array.filled(p.shape(), sizes, 0).toArray().length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() / 8);
      }
      parameters.put(p.symbol().plain(), Array.of(p.shape(), sizes, values));
    }
    double[][][] x = new double[300][2][5];
    for (double[][] rows : x) {
      for (double[] row : rows) {
        java.util.Arrays.setAll(row, _ -> (float) random.nextGaussian());
      }
    }
    Values given = Values.of(x.length, 2, parameters, Map.of("x", x));
    double[][][] expected = Interpreter.of(cell, sizes).run(given).output();
    double largest = 0;
    try (GeneratedRun run = new GeneratedRun(compiled.load(), sizes, given, Mode.INFERENCE)) {
      run.forward();
      double[][][] found = run.output();
      for (int t = 0; t < expected.length; t++) {
        for (int b = 0; b < expected[t].length; b++) {
          for (int i = 0; i < expected[t][b].length; i++) {
            largest = Math.max(largest, Math.abs(found[t][b][i] - expected[t][b][i]));
          }
        }
      }
    }
    return largest;
  }

  @Test
  void theDefaultIsFast() {
    assertThat(SluiceCompiler.compile(LSTM).options().precise()).isFalse();
  }
}
