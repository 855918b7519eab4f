package dev.sluice.compiler.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several threads give the bits that one gives: outputs, states, every gradient, whatever they
/// share out.
@Timeout(120)
class GeneratedOnTeamsTest {
  private static final int[] BATCHES = {1, 2, 3, 5, 17, 32};

  /// LSTM, GRU, a cell that normalises its pre-activations, those whose recurrence is elementwise:
  /// of this step's input, of several. Matrices as states; parameters that are used whole and in
  /// parts.
  static Stream<String> cells() {
    return Stream.of(
        """
        f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
        i_t = σ(W_i h_{t-1} + U_i x_t + b_i)
        o_t = σ(W_o h_{t-1} + U_o x_t + b_o)
        g_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
        c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
        h_t = o_t ∘ tanh(c_t)
        """,
        """
        (r_t; u_t) = σ(V x_t + W h_{t-1} + b)
        g_t = tanh(V_g x_t + W_g (h_{t-1} · r_t) + b_g)
        h_t = (1 − u_t) · g_t + u_t · h_{t-1}
        """,
        """
        z_t = W h_{t-1} + U x_t + b
        s_t = 0.1 (z_t^T z_t) + 0.5
        h_t = tanh(z_t / s_t)
        """,
        """
        u_t = σ(V x_t + b)
        g_t = W x_t
        h_t = (1 − u_t) ∘ h_{t-1} + u_t ∘ g_t
        """,
        """
        p_t = tanh(V x_{t-2} + U x_t)
        f_t = σ(P p_{t-1} + R x_{t-1} + b)
        h_t = f_t ∘ h_{t-1} + (1 − f_t) ∘ (Q p_t)
        """,
        """
        k_t = tanh(K x_t)
        f_t = σ(F x_t)
        S_t = S_{t-1} diag(f_t) + (V x_t − S_{t-1} k_t) k_t^T
        y_t = S_t (Q x_t) + S_t (S_t^T (V x_t))
        """,
        """
        (g_t; i_t) = (tanh; σ)(V x_t + W h_{t-1} + b)
        s_t = V tanh(x_t) + b
        h_t = g_t ∘ i_t + U s_t
        """,
        """
        (a_t; k_t) = σ(V x_t + b)
        S_t = 0.5 S_{t-1} + V ∘ S_{t-1} + b x_t^T
        h_t = a_t ∘ k_t + U S_t x_t
        """);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aBatchOfAnySize(String text) {
    Compiled compiled = SluiceCompiler.compile(text);
    CellProgram program = compiled.load();
    Random random = new Random(5);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    compiled.cell().dimensions().keySet().forEach(d -> sizes.put(d, 21 + 49 * sizes.size()));
    for (int batch : BATCHES) {
      for (boolean ragged : new boolean[] {false, true}) {
        List<Integer> lengths = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
          lengths.add(ragged ? 1 + random.nextInt(9) : 6);
        }
        lengths.sort(Comparator.reverseOrder());
        compare(
            program,
            sizes,
            RandomData.values(compiled.cell(), sizes, lengths, random),
            random,
            new int[] {2, 3, 4});
      }
    }
  }

  static LongStream seeds() {
    return LongStream.range(1, 1 + Long.getLong("sluice.cells", 80) / 4);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRandomCell(long seed) {
    Cell cell = RandomCells.cell(seed);
    Compiled compiled = CellCompiler.generate(cell, Options.named("cell"));
    several(compiled, new Random(seed), compiled.javaSource());
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.compiler.generate.GeneratedAgainstInterpreterTest#hardCells")
  void aHardCell(String text) {
    several(SluiceCompiler.compile(text.replace("; ", "\n")), new Random(11), text);
  }

  private static void several(Compiled compiled, Random random, String source) {
    CellProgram program = compiled.load();
    for (int trial = 0; trial < 3; trial++) {
      Map<String, Integer> sizes = RandomData.sizes(compiled.cell(), random);
      Values given = RandomData.values(compiled.cell(), sizes, random);
      try {
        compare(program, sizes, given, random, new int[] {2 + random.nextInt(3)});
      } catch (AssertionError e) {
        throw new AssertionError(
            "sizes %s, lengths %s%n%s".formatted(sizes, given.lengths(), source), e);
      }
    }
  }

  private static void compare(
      CellProgram program, Map<String, Integer> sizes, Values given, Random random, int[] teams) {
    long seed = random.nextLong();
    Map<String, Object> alone = results(program, sizes, given, seed, 1, Split.SEQUENCES);
    for (int members : teams) {
      for (Split split : Split.values()) {
        Map<String, Object> shared = results(program, sizes, given, seed, members, split);
        alone.forEach(
            (name, values) ->
                assertThat(shared.get(name))
                    .as(
                        "%s of %d members that share %s, lengths %s",
                        name, members, split, given.lengths())
                    .isEqualTo(values));
      }
    }
  }

  /// Everything that comes out, forward alone and with the way back.
  private static Map<String, Object> results(
      CellProgram program,
      Map<String, Integer> sizes,
      Values given,
      long seed,
      int members,
      Split split) {
    Map<String, Object> results = new LinkedHashMap<>();
    try (var run = new GeneratedRun(program, sizes, given, Mode.INFERENCE, members, split)) {
      run.forward();
      results.put("output", run.output());
      results.putAll(run.finals());
    }
    try (var run = new GeneratedRun(program, sizes, given, Mode.TRAINING, members, split)) {
      run.forward();
      results.put("output in training", run.output());
      Random random = new Random(seed);
      Map<String, double[][]> finals = new LinkedHashMap<>();
      run.finals()
          .forEach(
              (name, rows) -> {
                results.put(name + " in training", rows);
                finals.put(name, RandomData.noise(new double[][][] {rows}, random)[0]);
              });
      run.backward(RandomData.noise(run.output(), random), finals);
      run.parameterGradients().forEach((name, g) -> results.put("∂L/∂" + name, g.toArray()));
      run.inputGradients().forEach((name, g) -> results.put("∂L/∂" + name, g));
      run.initialGradients().forEach((name, g) -> results.put("∂L/∂initial " + name, g));
    }
    return results;
  }
}
