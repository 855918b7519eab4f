package dev.sluice.compiler.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Mode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Generated code equals the double-precision interpreter: random cells, odd sizes, sequences of
/// different length, forward and backward.
class GeneratedAgainstInterpreterTest {
  /// How many cells; `-Dsluice.cells=1000` runs more.
  static LongStream seeds() {
    long first = Long.getLong("sluice.seed", 1);
    return LongStream.range(first, first + Long.getLong("sluice.cells", 80));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRandomCell(long seed) {
    Cell cell = RandomCells.cell(seed);
    Compiled compiled = CellCompiler.generate(cell, Options.named("cell"));
    CellProgram program = compiled.load();
    Random random = new Random(seed);
    for (int trial = 0; trial < 2; trial++) {
      Map<String, Integer> sizes = RandomData.sizes(cell, random);
      Values given = RandomData.values(cell, sizes, random);
      try {
        compare(compiled, program, sizes, given, random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed "
                + seed
                + ", sizes "
                + sizes
                + ", lengths "
                + given.lengths()
                + "\n"
                + IrPrinter.print(cell)
                + "\n"
                + IrPrinter.print(compiled.adjoint())
                + "\n"
                + compiled.javaSource(),
            e);
      }
    }
  }

  /// Cells that were once compiled wrongly, and shapes that random cells don't have.
  static Stream<String> hardCells() {
    return Stream.of(
        // A hoisted sum that two sums continue in turned order, or whose buffer holds two of its
        // terms.
        "p_t = U x_t; q_t = V x_t; a_t = tanh(W_a h_{t-1} + p_t + q_t); b_t = tanh(W_b h_{t-1} + q_t + p_t); h_t = a_t * b_t",
        "p_t = U x_t + d; q_t = V x_t; a_t = σ(W_a h_{t-1} + p_t + q_t); h_t = tanh(W_b h_{t-1} + q_t) + a_t",
        // The same term twice.
        "dim x = dim h; h_t = tanh(W h_{t-1} + x_t + x_t)",
        "a_t = tanh(W_a h_{t-1} + h_{t-1} + U x_t); h_t = tanh(a_t + h_{t-1} + W_b a_t + a_t)",
        // A scalar that is added to a product.
        "input x, s; s_t ∈ R; h_t = tanh(W h_{t-1} + U x_t + s_t)",
        "input s; s ∈ R; h_t = tanh(W h_{t-1} + s_t + b)",
        "k_t = σ(v^T h_{t-1}); h_t = tanh(W (k_t h_{t-1}) + k_t + U x_t)",
        // Gradients that come from the next step only, or don't depend on it.
        "h_t = tanh(V x_t + W x_{t-1} + b)",
        "h_t = U x_t + W x_{t-1}",
        "h_t = tanh(U x_t + W x_{t-2})",
        "h_t = U x_t + b; y_t = V h_t + W h_{t-1}",
        "dim x = dim h; h_t = x_t; y_t = W h_{t-1}",
        "p_t = U x_t; h_t = tanh(p_{t-1} + W h_{t-1})",
        "p_t = U x_t; h_t = tanh(V p_{t-1})",
        // Lags of inputs, of what is made of inputs, of several of them in a row; states that wait
        // for the loop, and a recurrence that waits for states without one.
        "z_t = tanh(Q x_{t-2} + V x_{t-1} + W x_t); f_t = σ(P x_{t-2} + R x_t + b); h_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ z_t",
        "z_t = V_z x_{t-1} + W_z x_t; f_t = σ(V_f x_{t-1} + W_f x_t + b_f); o_t = tanh(V_o x_{t-1} + W_o x_t + b_o); h_t = f_t ∘ h_{t-1} + z_t ∘ o_t",
        "r_t = R (μ ∘ x_t + (1 - μ) ∘ x_{t-1}); k_t = K (ν ∘ x_t + (1 - ν) ∘ x_{t-1}); h_t = σ(r_t) ∘ h_{t-1} + k_t",
        "p_t = tanh(U x_t + P x_{t-3}); q_t = σ(V p_{t-1} + p_t); h_t = q_t ∘ h_{t-1} + W q_{t-1}",
        "p_t = layernorm(U x_t); h_t = tanh(V p_{t-1} + W h_{t-1}) + norm(p_{t-2}) h_{t-1}",
        "p_t = tanh(U x_t + V x_{t-1}); g_t = σ(R h_{t-1} + P p_{t-1} + b); h_t = g_t ∘ h_{t-1} + p_{t-1}",
        "h_t = tanh(W h_{t-1} + U x_t); p_t = P h_t; q_t = tanh(Q p_{t-1}); y_t = V q_{t-1} + R p_t",
        "k_t = tanh(K x_{t-1}); S_t = 0.9 S_{t-1} + (V x_t) k_{t-1}^T; y_t = S_t (Q x_{t-1})",
        // An output that the recurrence continues, a gradient that an accumulation reads.
        "y_t = U x_t + b; h_t = tanh(W h_{t-1} + y_t)",
        "r_t = tanh(R h_{t-1} + U x_t); p_t = r_t + b; y_t = V p_t; h_t = tanh(W r_t + h_{t-1})",
        // Whole vectors: block form with layer norms, of what is hoisted and what is not; softmax;
        // numbers that follow from totals; totals of inputs, of delayed states, of parameters.
        "LN(z;γ) = γ ∘ layernorm(z); z_t = LN(V x_t;γ_x) + LN(W h_{t-1};γ_h) + b; (g_t;i_t;o_t;f_t) = (tanh;σ;σ;σ)(z_t); c_t = f_t ∘ c_{t-1} + i_t ∘ g_t; h_t = o_t ∘ tanh(LN(c_t;γ_c) + b_c)",
        "h_t = tanh(layernorm(W h_{t-1} + V x_t, γ, β))",
        "h_t = tanh(layernorm(V x_t) + W h_{t-1})",
        "a_t = softmax(W h_{t-1} + V x_t); h_t = a_t ∘ tanh(U x_t) + h_{t-1} / (1 + norm(h_{t-1}))",
        "m_t = cumax(W h_{t-1} + V x_t); h_t = m_t ∘ h_{t-1} + (1 - m_t) ∘ tanh(U x_t)",
        "s_t = max(V x_t) + mean(h_{t-1}) - min(h_{t-1}); h_t = tanh(s_t W h_{t-1} + V x_t)",
        "k_t = σ(sum(p ∘ h_{t-1}) + mean(x_t)); r_t = k_t k_t; h_t = k_t tanh(V x_t) + r_t h_{t-1}",
        "h_t = tanh(W h_{t-1} norm(x_t) + b / norm(b))",
        "c_t = |layernorm(erf(W h_{t-1} + V x_t))|; h_t = σ(p) ∘ h_{t-1} + c_t",
        "y_t = softmax(V h_t); h_t = tanh(0.3 layernorm(W h_{t-1} + b) + layernorm(U x_t))",
        "(u_t;v_t) = softmax(W h_{t-1} + V x_t); h_t = tanh(u_t ∘ h_{t-1} - v_t)",
        // Formulas, conditions, the step number.
        "h_t = silu(V x_t) + hard_sigmoid(W h_{t-1}) ∘ clip(h_{t-1}, -1, 1) + softsign(h_{t-1} b)",
        "h_t = 0.5 gelu(V x_t + W h_{t-1}) + 0.1 elu(U h_{t-1}) + 0.1 leaky_relu(U h_{t-1})",
        "h_t = 0.1 mish(V x_t) + sin(W h_{t-1}) - cos(h_{t-1}) / 2",
        "h_t = where(t mod 3 = 0, tanh(V x_t + W h_{t-1}), h_{t-1})",
        "k_t = (t mod 4 ≥ 2); h_t = k_t tanh(V x_t + W h_{t-1}) + (1 - k_t) h_{t-1}",
        // Matrix states: outer products, products with a state and its transpose, rows and columns
        // scaled, a state read as it was and as it is, totals of rows and of columns in one stage.
        "const γ = 0.9; S_t = γ S_{t-1} + (K x_t) (V x_t)^T; y_t = S_t^T (Q x_t)",
        "k_t = tanh(K x_t); β_t = σ(w^T x_t); S_t = S_{t-1} + β_t (V x_t - S_{t-1} k_t) k_t^T; y_t = S_t Q x_t",
        "k_t = tanh(K x_t); β_t = σ(w^T x_t); α_t = σ(a^T x_t); S_t = α_t S_{t-1} (I - β_t k_t k_t^T) + β_t (V x_t) k_t^T; y_t = S_t (Q x_t)",
        "f_t = σ(F x_t); g_t = σ(G x_t); S_t = diag(f_t) S_{t-1} diag(g_t) + (1 - f_t) (V x_t)^T; y_t = S_t^T (O x_t)",
        "dim x = dim a; a_t = softplus(W x_t + b); A ∈ R^{m × N}; S_t = exp(diag(a_t) A) ∘ S_{t-1} + (a_t ∘ x_t) (B x_t)^T; y_t = S_t (C x_t) + d ∘ x_t",
        "A_t = 0.9 A_{t-1} + 0.1 h_{t-1} h_{t-1}^T; s_t = W h_{t-1} + C x_t; h_t = tanh(s_t + A_t tanh(s_t))",
        "S_t = tanh(0.5 S_{t-1} + p q^T + (K x_t) k^T); y_t = S_t q + S_t^T p; p ∈ R^n; q ∈ R^n; k ∈ R^n; K ∈ R^{n×m}; output z; z_t = V y_t",
        "C_t = σ(x_t^T a) C_{t-1} + (V x_t) (K x_t)^T; n_t = 0.5 n_{t-1} + K x_t; q_t = Q x_t; h_t = (C_t q_t) / max(|n_t^T q_t|, 1)",
        "M ∈ R^{n × k}; S_t = M ∘ S_{t-1} + where(M > 0, 0.1, M) ∘ (V x_t u^T); y_t = S_t u - S_{t-1} u; u ∈ R^k",
        // A number that is trained and scales a matrix state.
        "β ∈ R; S_t = β S_{t-1} + (K x_t) (V x_t)^T; y_t = S_t^T (Q x_t)",
        "M ∈ R^{k × n}; u_t = K x_t; S_t = M^T ∘ S_{t-1} + (V x_t) u_t^T; y_t = S_t u_t",
        // Weights that are computed from parameters: matrices with their transposes, scaled,
        // shared,
        // of functions, of rows and columns scaled; vectors and numbers; of each other, of frozen
        // ones, of slices.
        "const γ = 0.1; h_t = tanh((W - W^T - γ I) h_{t-1} + V x_t + b)",
        "const β = 0.7; A = (1-β)(M + M^T) + β (M - M^T) - 0.1 I; h_t = h_{t-1} + 0.1 (A h_{t-1} + tanh(V x_t + A^T h_{t-1}))",
        "z_t = σ((W + P) h_{t-1} + V x_t); h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ tanh((W + P) h_{t-1} - 0.5 (U - α U^T) h_{t-1} + V x_t)",
        "A = tanh(W)^T - α exp(W) / 3; h_t = tanh(A h_{t-1} + V x_t + exp(-softplus(V)) x_t)",
        "o : frozen; g ∈ R^n; o ∈ R^m; h_t = tanh(diag(g / (1 + |(V ∘ V) o|)) V x_t + 0.5 W h_{t-1})",
        "p ∈ R^n; h_t = tanh((diag(exp(p)) W + W diag(σ(p)) - W^T) h_{t-1} + |V| x_t)",
        "r_t = σ(W x_t); a_t = exp(-3 softplus(Λ) ∘ r_t); h_t = a_t ∘ h_{t-1} + sqrt(1 - a_t^2) ∘ (V x_t); Λ ∈ R^n",
        "w = -exp(u); s = sum(w); q = σ(s) w + U w; h_t = tanh(W h_{t-1} + V x_t + q) / (1 + norm(u)) + s; u ∈ R^n",
        "R, u : frozen; A = R - R^T; w = exp(u); h_t = 0.5 tanh((A + W) h_{t-1} + A (w ∘ h_{t-1}) + V x_t) + tanh(u) ∘ p; u ∈ R^n",
        "(g_t;i_t) = (tanh;σ)((W - 2 P) h_{t-1} + V x_t + exp(b)); h_t = g_t ∘ i_t",
        "h_t = 0.5 h_{t-1} + 0.3 tanh(U_1 U_2^T h_{t-1} + (A - A^T) h_{t-1} + V x_t)",
        "a_t = softplus(W x_t); A ∈ R^{m × k}; S_t = exp(diag(a_t) (-exp(A))) ∘ S_{t-1} + (a_t ∘ x_t) (B x_t)^T; y_t = S_t (C x_t); dim x = dim a",
        // Whole rows of parameters: running sums, concatenations, what is computed of both.
        "h_t = tanh(W h_{t-1} + V x_t + cumsum(p)); y_t = [h_t, exp(p), q]",
        "c_t = [p, h_{t-1}]; a = cumax([p, q]); h_t = tanh(V x_t + U c_t + W layernorm([q, p]) + R a); y_t = softmax(c_t)",
        // Hyperparameters, repetitions, implicit equations, exponential gates kept in range.
        "const α = 0.3; h_t = (1 - α) h_{t-1} + α tanh(W x_t + U h_{t-1} + V y_{t-1}); y_t = P [h_t, x_t]",
        "s_0 = h_{t-1}; g_l = tanh(I_{l=1} W x_t + R_l s_{l-1}) for l in 1..3; s_l = s_{l-1} / 2 + g_l for l in 1..3; h_t = s_3",
        "x_{0,t} = x_t; h_{0,t} = h_{t-1}; x_{i,t} = 2σ(Q_i h_{0,t}) ∘ x_{i-1,t} for i in 1..2; h_t = tanh(W x_{2,t} + U h_{0,t})",
        "h_t = tanh(W x_t + \\sum_{k=1}^{3} U_k h_{t-k}) + 0.1 x_{t-2} V",
        "const ε = 0.9; z_t = z_{t-1} + 0.1 σ(W h_{t-1} + V x_t) - 0.1 ε z_t - σ(p) ∘ z_t; h_t = h_{t-1} + 0.1 z_t",
        "i_t = W_i x_t + R_i h_{t-1}; f_t = W_f x_t + b_f; m_t = max(f_t + m_{t-1}, i_t); j_t = exp(i_t - m_t); g_t = exp(f_t + m_{t-1} - m_t); c_t = g_t c_{t-1} + j_t tanh(V x_t); n_t = g_t |n_{t-1}| + j_t; h_t = c_t / (1 + n_t)",
        // Block-diagonal weights, also of different heights and lengths, transposed, and in a sum
        // of
        // weights; weights without a gradient.
        "R : block-diagonal(3); h_t = tanh(R h_{t-1} + V x_t + b)",
        "R, Q : blocks(2); z_t = σ(R h_{t-1} + V x_t); h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ tanh(Q^T (z_t ∘ h_{t-1}) + U x_t)",
        "P, Q : block_diagonal(4); a_t = tanh(P x_t); h_t = 0.5 h_{t-1} + Q a_t",
        "R : block-diagonal(2); h_t = tanh((R - R^T - 0.1 I + W) h_{t-1} + V x_t)",
        "R, p : frozen; h_t = 0.7 h_{t-1} + 0.3 tanh(R h_{t-1} + R^T (p ∘ h_{t-1}) + V x_t); y_t = W h_t",
        // Random masks: of inputs, of states, over whole sequences, of gates; of stacks, which are
        // cut; of scalars; read twice, hoisted, after the loop.
        "h_t = tanh(W dropout(x_t, 0.3) + U h_{t-1} + b); y_t = V dropout(h_t, 0.5)",
        "h_t = tanh(W variational_dropout(x_t, 0.3) + U variational_dropout(h_{t-1}, 0.2) + b)",
        "const p = 0.4; (g_t;i_t;o_t;f_t) = (tanh;σ;σ;σ)(V x_t + W h_{t-1} + b); c_t = f_t ∘ c_{t-1} + i_t ∘ dropout(g_t, p); h_t = o_t ∘ tanh(c_t)",
        "u_t = σ(W_u x_t + U_u h_{t-1}); g_t = tanh(W_g x_t + U_g h_{t-1}); h_t = zoneout(h_{t-1}, u_t ∘ g_t + (1 - u_t) ∘ h_{t-1}, 0.3)",
        "(g_t;i_t) = (tanh;σ)(dropout(V x_t + W h_{t-1}, 0.25)); h_t = g_t ∘ i_t",
        "drop(z) = dropout(z, 0.5); k_t = σ(w^T x_t); h_t = drop(k_t) tanh(W x_t) + drop(h_{t-1}) / 2 + drop(b)",
        // Random masks of matrices: of a state, over whole sequences, of what is written, of what
        // is read, transposed.
        "k_t = tanh(K x_t); S_t = dropout(S_{t-1}, 0.25) + (V x_t) k_t^T; y_t = S_t (Q x_t)",
        "k_t = K x_t; S_t = zoneout(S_{t-1}, 0.5 S_{t-1} + (V x_t) k_t^T, 0.3); y_t = S_t^T (Q x_t)",
        "f_t = σ(F x_t); S_t = diag(f_t) variational_dropout(S_{t-1}, 0.2) + (V x_t) (K x_t)^T; y_t = dropout(S_t, 0.5)^T (O x_t)",
        "S_t = 0.5 S_{t-1} + dropout((V x_t) (K x_t)^T, 0.4); y_t = S_t dropout(Q x_t, 0.2)",
        "S_t = 0.5 S_{t-1} + (V x_t) (K x_t)^T; y_t = variational_dropout(tanh(S_t), 0.3) (Q x_t) + dropout(W h_{t-1}, 0.5); h_t = tanh(y_t)",
        // Norms of matrices: of a weight, of a state that starts from 0, of what is written.
        "h_t = tanh((W / norm(W)) h_{t-1} + V x_t)",
        "S_t = S_{t-1} / (1 + norm(S_{t-1})) + (V x_t) (K x_t)^T; y_t = S_t (Q x_t)",
        "S_t = 0.9 S_{t-1} + (V x_t) (K x_t)^T; y_t = S_t^T (Q x_t) / norm(S_t)",
        "g_t = norm((V x_t) (K x_t)^T - 0.5 S_{t-1}) + norm(S_{t-1}^T); S_t = S_{t-1} + (V x_t) (K x_t)^T / (1 + g_t); y_t = S_t (Q x_t)",
        // No recurrence at all, no input, the step number, a stack of functions, concatenation.
        "y_t = tanh(V x_t)",
        "h_t = tanh(W h_{t-1} + b)",
        "h_t = tanh(W h_{t-1} + U x_t + 0.1 t)",
        "(g_t;i_t) = (tanh;σ)(W [h_{t-1}, x_t] + b); h_t = g_t * i_t",
        "h_t = tanh(W h_{t-1} + U h_{t-2} + V x_t)",
        "f_t = exp(-softplus(W h_{t-1} + U x_t)); c_t = f_t c_{t-1} + log(1 + (V x_t) * (V x_t)); h_t = f_t * c_t");
  }

  @ParameterizedTest
  @MethodSource("hardCells")
  void aHardCell(String text) {
    Compiled compiled = SluiceCompiler.compile(text.replace("; ", "\n"));
    CellProgram program = compiled.load();
    Random random = new Random(11);
    for (int trial = 0; trial < 6; trial++) {
      Map<String, Integer> sizes = RandomData.sizes(compiled.cell(), random);
      compare(compiled, program, sizes, RandomData.values(compiled.cell(), sizes, random), random);
    }
  }

  private static void compare(
      Compiled compiled,
      CellProgram program,
      Map<String, Integer> sizes,
      Values given,
      Random random) {
    Interpreter original = Interpreter.of(compiled.cell(), sizes);
    Run expected = original.run(given);
    try (GeneratedRun run = new GeneratedRun(program, sizes, given, Mode.INFERENCE)) {
      run.forward();
      close("output", run.output(), expected.output());
      Map<String, double[][]> states = run.finals();
      expected
          .finals()
          .forEach((name, rows) -> close("final " + name, one(states.get(name)), one(rows)));
    }
    Values masked = given.withMaskSeed(31L * given.steps() + given.batch());
    Interpreter canonical = Interpreter.of(compiled.canonical(), sizes);
    Run lowered = canonical.run(masked);
    double[][][] inTraining = original.run(masked).output();
    double[][][] g = RandomData.noise(expected.output(), random);
    Map<String, double[][]> finals = new LinkedHashMap<>();
    lowered
        .finals()
        .forEach(
            (name, rows) -> finals.put(name, RandomData.noise(new double[][][] {rows}, random)[0]));
    Gradients gradients = canonical.backward(compiled.adjoint(), lowered, g, finals);
    try (GeneratedRun run = new GeneratedRun(program, sizes, masked, Mode.TRAINING)) {
      run.forward();
      close("output in training", run.output(), inTraining);
      Map<String, double[][]> states = run.finals();
      lowered
          .finals()
          .forEach(
              (name, rows) ->
                  close(
                      "final " + name,
                      new double[][][] {states.get(name)},
                      new double[][][] {rows}));
      run.backward(g, finals);
      Map<String, Array> parameters = run.parameterGradients();
      gradients
          .parameters()
          .forEach(
              (name, expectedGradient) ->
                  close(
                      "∂L/∂" + name,
                      new double[][][] {{parameters.get(name).toArray()}},
                      new double[][][] {{expectedGradient.toArray()}}));
      Map<String, double[][][]> inputs = run.inputGradients();
      gradients
          .inputs()
          .forEach(
              (name, rows) -> close("∂L/∂" + name, inputs.getOrDefault(name, zeros(rows)), rows));
      run.initialGradients()
          .forEach(
              (name, found) ->
                  close(
                      "∂L/∂initial " + name,
                      new double[][][] {found},
                      new double[][][] {gradients.initial().get(name)}));
    }
  }

  private static double[][][] one(double[][] rows) {
    return new double[][][] {rows};
  }

  private static double[][][] zeros(double[][][] like) {
    double[][][] zeros = new double[like.length][][];
    for (int t = 0; t < like.length; t++) {
      zeros[t] = new double[like[t].length][like[t].length == 0 ? 0 : like[t][0].length];
    }
    return zeros;
  }

  /// Float against double: within 1e-4 of the largest value, which a wrong term exceeds by far.
  private static void close(String what, double[][][] found, double[][][] expected) {
    double largest = 1;
    for (double[][] rows : expected) {
      for (double[] row : rows) {
        for (double value : row) {
          assertThat(value).as(what).isFinite();
          largest = Math.max(largest, Math.abs(value));
        }
      }
    }
    for (int t = 0; t < expected.length; t++) {
      for (int b = 0; b < expected[t].length; b++) {
        for (int i = 0; i < expected[t][b].length; i++) {
          double error = Math.abs(found[t][b][i] - expected[t][b][i]);
          assertThat(error <= 1e-4 * largest)
              .as(
                  "%s[%d][%d][%d]: found %s, expected %s",
                  what, t, b, i, found[t][b][i], expected[t][b][i])
              .isTrue();
        }
      }
    }
  }
}
