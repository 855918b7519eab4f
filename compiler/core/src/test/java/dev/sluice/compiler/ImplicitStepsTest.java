package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Equations that need one another within a step: what is computed solves them.
class ImplicitStepsTest {
  private static final int STEPS = 4;

  /// Random linear systems of two to five scalars, `s_t = c s_{t-1} + Σ a_j s_{j,t} + x_t`.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void systemsAreSolved(long seed) {
    Random random = new Random(seed);
    int count = 2 + random.nextInt(4);
    double[][] factors = new double[count][count];
    StringBuilder text = new StringBuilder("input x ∈ ℝ\n");
    for (int i = 0; i < count; i++) {
      text.append("s_{%d,t} = 0.5 s_{%d,t-1} + %d x_t".formatted(i, i, i + 1));
      for (int j = 0; j < count; j++) {
        if (j == (i + 1) % count || random.nextInt(3) == 0) {
          factors[i][j] = random.nextInt(-7, 8) / 16.0 - 1.0 / 64;
          text.append(" + (%s) s_{%d,t}".formatted(factors[i][j], j));
        }
      }
      text.append('\n');
    }
    text.append("y_t = W [");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add("s_{%d,t} v".formatted(i));
    }
    text.append(String.join("; ", all)).append("]\n");
    Compiled compiled = SluiceCompiler.compile(text.toString());
    double[][] s = run(compiled, count);
    for (int t = 1; t <= STEPS; t++) {
      for (int i = 0; i < count; i++) {
        double right = 0.5 * s[t - 1][i] + (i + 1) * t;
        for (int j = 0; j < count; j++) {
          right += factors[i][j] * s[t][j];
        }
        assertThat(s[t][i]).as(text.toString()).isCloseTo(right, within(1e-9));
      }
    }
  }

  /// States from step 0 on; the input at step t is t.
  private static double[][] run(Compiled compiled, int count) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    compiled.cell().dimensions().keySet().forEach(d -> sizes.put(d, 2));
    Interpreter interpreter = Interpreter.of(compiled.cell(), sizes);
    Map<String, Array> parameters = new LinkedHashMap<>();
    compiled
        .cell()
        .parameters()
        .forEach(p -> parameters.put(p.symbol().plain(), Array.filled(p.shape(), sizes, 1)));
    double[][][] x = new double[STEPS][1][1];
    for (int t = 0; t < STEPS; t++) {
      x[t][0][0] = t + 1;
    }
    Run run = interpreter.run(Values.of(STEPS, 1, parameters, Map.of("x", x)));
    double[][] s = new double[STEPS + 1][count];
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < count; i++) {
        s[t + 1][i] = run.value("s_" + i, t, 0).at(0);
      }
    }
    return s;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a matrix before an unknown     | v_t = v_{t-1} - A u_t; u_t = u_{t-1} + b ∘ v_t
          a function of an unknown       | v_t = v_{t-1} - a ∘ u_t; u_t = u_{t-1} + tanh(v_t)
          a product of two unknowns      | v_t = v_{t-1} - a ∘ u_t ∘ v_t; u_t = u_{t-1} + v_t
          no solution, or any            | v_t = v_{t-1} + u_t; u_t = u_{t-1} + v_t
          more likely a slip             | h_t = (1 - z_t) h_{t-1} + z_t g_t; z_t = σ(W x_t); g_t = r ∘ h_t
          """)
  void otherCyclesAreShown(String what, String text) {
    Source source = new Source("a.cell", text.replace("; ", "\n") + "\ny_t = W x_t");
    List<Problem> problems = CellCompiler.compile(source, Options.named("a")).problems();
    assertThat(problems).as(what).extracting(Problem::title).contains("a cycle within one step");
    assertThat(problems.getFirst().detail()).contains("→");
  }
}
