package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// States that are matrices: gradients of the cells of the literature, and the states of sessions
/// and trainings, which are given and read row by row.
class MatrixStatesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "const γ = 0.9; S_t = γ S_{t-1} + (K x_t) (V x_t)^T; y_t = S_t^T (Q x_t)",
        "k_t = tanh(K x_t); β_t = σ(w^T x_t); S_t = S_{t-1} + β_t (V x_t - S_{t-1} k_t) k_t^T;"
            + " y_t = S_t Q x_t",
        "k_t = tanh(K x_t); β_t = σ(w^T x_t); α_t = σ(a^T x_t); y_t = S_t (Q x_t);"
            + " S_t = α_t S_{t-1} (I - β_t k_t k_t^T) + β_t (V x_t) k_t^T",
        "f_t = σ(F x_t); g_t = σ(G x_t); y_t = S_t^T (O x_t);"
            + " S_t = diag(f_t) S_{t-1} diag(g_t) + (1 - f_t) (V x_t)^T",
        "dim x = dim a; A ∈ R^{m × N}; a_t = softplus(W x_t + b); y_t = S_t (C x_t) + d ∘ x_t;"
            + " S_t = exp(diag(a_t) A) ∘ S_{t-1} + (a_t ∘ x_t) (B x_t)^T",
        "A_t = 0.9 A_{t-1} + 0.1 h_{t-1} h_{t-1}^T; s_t = W h_{t-1} + C x_t;"
            + " h_t = tanh(s_t + A_t tanh(s_t))",
        "C_t = σ(x_t^T a) C_{t-1} + (V x_t) (K x_t)^T; n_t = 0.5 n_{t-1} + K x_t; q_t = Q x_t;"
            + " h_t = (C_t q_t) / max(|n_t^T q_t|, 1)",
        "S_t = zoneout(S_{t-1}, dropout(0.5 S_{t-1} + (V x_t) (K x_t)^T, 0.2), 0.3);"
            + " y_t = variational_dropout(S_t, 0.4)^T (Q x_t)",
        "S_t = S_{t-1} / (1 + norm(S_{t-1})) + (V x_t) (K x_t)^T; y_t = S_t (Q x_t) norm(V)"
      })
  void gradientsAgreeWithCentralDifferences(String text) {
    Compiled compiled = SluiceCompiler.compile(text.replace("; ", "\n"));
    Map<String, Integer> sizes = new LinkedHashMap<>();
    compiled.cell().dimensions().keySet().forEach(d -> sizes.put(d, 2 + sizes.size()));
    GradientCheck check = GradientCheck.of(compiled.adjoint(), sizes, 5);
    assertThat(check.pass()).as(check.toString()).isTrue();
  }

  /// The norm of a state that is still 0 passes no gradient on, and no NaN.
  @Test
  void theNormOfAMatrixOfZerosHasAGradientOfZero() {
    Compiled cell =
        SluiceCompiler.compile(
            "k_t = K x_t\ny_t = (1 + norm(S_{t-1})) V x_t\nS_t = S_{t-1} + (V x_t) k_t^T");
    Sizes sizes = Sizes.of("x", 2).and("y", 2).and("k", 3);
    try (Sequential network = Sequential.of(Recurrent.of(cell.load(), sizes)).initialise(3);
        Training training = network.training()) {
      Tensor y = training.forward(Batch.of(Tensor.of(new float[] {1, 2, 3, 4}, 2, 1, 2)));
      training.backward(Tensor.of(new float[] {1, 1, 1, 1}, y.shape()));
      float[] start = training.initialStateGradients().get(Name.of(0, "S")).toArray();
      for (float g : start) {
        assertThat(Float.isFinite(g)).isTrue();
      }
    }
  }

  private static final int M = 3;
  private static final int K = 5;
  private static final int V = 18;
  private static final int STEPS = 4;
  private static final int BATCH = 2;

  private final Compiled compiled =
      SluiceCompiler.compile(
          """
          k_t = K x_t
          S_t = 0.5 S_{t-1} + k_t (V x_t)^T
          y_t = tanh(S_t^T k_t)
          """);
  private final Random random = new Random(7);
  private final double[] keys = numbers(K * M);
  private final double[] values = numbers(V * M);
  private final double[][][] x = new double[STEPS][BATCH][];
  private final double[][] start = {numbers(K * V), numbers(K * V)};

  private double[] numbers(int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextDouble() - 0.5);
    }
    return numbers;
  }

  private Sequential network() {
    for (double[][] rows : x) {
      for (int b = 0; b < BATCH; b++) {
        rows[b] = numbers(M);
      }
    }
    Sequential network =
        Sequential.of(Recurrent.of(compiled.load(), Sizes.of("x", M).and("k", K).and("y", V)));
    network.weights().set(Name.of(0, "K"), Tensor.of(floats(keys), K, M));
    network.weights().set(Name.of(0, "V"), Tensor.of(floats(values), V, M));
    return network;
  }

  private static float[] floats(double[]... rows) {
    int length = rows[0].length;
    float[] all = new float[rows.length * length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) rows[i / length][i % length];
    }
    return all;
  }

  private Batch batch() {
    float[] all = new float[STEPS * BATCH * M];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) x[i / (BATCH * M)][i / M % BATCH][i % M];
    }
    return Batch.of(Tensor.of(all, STEPS, BATCH, M))
        .initial(Name.of(0, "S"), Tensor.of(floats(start), BATCH, K, V));
  }

  private Run interpreted() {
    Interpreter interpreter = Interpreter.of(compiled.cell(), Map.of("x", M, "k", K, "y", V));
    Map<String, Array> parameters =
        Map.of("K", Array.matrix(K, M, keys), "V", Array.matrix(V, M, values));
    return interpreter.run(
        Values.of(STEPS, BATCH, parameters, Map.of("x", x)).withInitial(Map.of("S", start)));
  }

  @Test
  void aSessionGivesItsMatricesRowByRow() {
    try (Sequential network = network();
        Session session = network.session()) {
      Tensor y = session.run(batch());
      Run expected = interpreted();
      for (int t = 0; t < STEPS; t++) {
        for (int b = 0; b < BATCH; b++) {
          for (int i = 0; i < V; i++) {
            assertThat((double) y.get(t, b, i)).isCloseTo(expected.output()[t][b][i], within(1e-6));
          }
        }
      }
      close(session.finalStates(), expected.finals().get("S"));
    }
  }

  @Test
  void theStateAfterEveryStepIsKeptInTraining() {
    try (Sequential network = network();
        Training training = network.training()) {
      training.forward(batch());
      Run expected = interpreted();
      Tensor states = training.states(Name.of(0, "S"));
      assertThat(states.shape()).containsExactly(STEPS, BATCH, K, V);
      for (int t = 0; t < STEPS; t++) {
        for (int b = 0; b < BATCH; b++) {
          double[] matrix = expected.value("S", t, b).toArray();
          for (int i = 0; i < K * V; i++) {
            assertThat((double) states.get(t, b, i / V, i % V)).isCloseTo(matrix[i], within(1e-6));
          }
        }
      }
    }
  }

  @Test
  void gradientsOfMatricesGoInAndOutRowByRow() {
    try (Sequential network = network();
        Training training = network.training()) {
      Tensor y = training.forward(batch());
      double[] d = numbers(BATCH * K * V);
      training.backward(
          Tensor.zeros(y.shape()), Map.of(Name.of(0, "S"), Tensor.of(floats(d), BATCH, K, V)));
      double[][] expected = new double[BATCH][K * V];
      for (int i = 0; i < d.length; i++) {
        expected[i / (K * V)][i % (K * V)] = d[i] * Math.pow(0.5, STEPS);
      }
      close(training.initialStateGradients(), expected);
    }
  }

  private static void close(Map<Name, Tensor> found, double[][] expected) {
    assertThat(found).containsOnlyKeys(Name.of(0, "S"));
    Tensor matrices = found.values().iterator().next();
    assertThat(matrices.shape()).containsExactly(BATCH, K, V);
    for (int b = 0; b < BATCH; b++) {
      for (int i = 0; i < K * V; i++) {
        assertThat((double) matrices.get(b, i / V, i % V)).isCloseTo(expected[b][i], within(1e-6));
      }
    }
  }

  @Test
  void aFlatMatrixIsRefused() {
    try (Sequential network = network();
        Session session = network.session()) {
      Batch flat = Batch.of(Tensor.zeros(1, 1, M)).initial(Name.of(0, "S"), Tensor.zeros(1, K * V));
      assertThatThrownBy(() -> session.run(flat))
          .hasMessageContaining("expected the shape [1, 5, 18], found [1, 90]");
    }
  }

  @Test
  void aStateThatIsANumberNeedsNoAxis() {
    Compiled cell = SluiceCompiler.compile("s_t = 0.5 s_{t-1} + 1\nh_t = s_t V x_t");
    try (Sequential network =
            Sequential.of(Recurrent.of(cell.load(), Sizes.of("x", 1).and("h", 1)));
        Session session = network.session()) {
      network.weights().set(Name.of(0, "V"), new float[] {1});
      Tensor x = Tensor.of(new float[] {1, 1}, 1, 2, 1);
      Tensor start = Tensor.of(new float[] {2, 4}, 2);
      Tensor y = session.run(Batch.of(x).initial(Name.of(0, "s"), start));
      assertThat(y.toArray()).containsExactly(2, 3);
    }
  }

  @Test
  void aStateThatNoGradientNeedsIsKeptForEveryStepToo() {
    Compiled cell = SluiceCompiler.compile("m_t = m_{t-1} + V x_t\nh_t = tanh(m_t)");
    try (Sequential network =
            Sequential.of(Recurrent.of(cell.load(), Sizes.of("x", 1).and("h", 1)));
        Training training = network.training()) {
      network.weights().set(Name.of(0, "V"), new float[] {1});
      training.forward(Batch.of(Tensor.of(new float[] {1, 2, 3}, 3, 1, 1)));
      assertThat(training.states(Name.of(0, "m")).toArray()).containsExactly(1, 3, 6);
    }
  }

  @Test
  void aMatrixThatIsTooLargeToCountIsRefused() {
    Sizes sizes = Sizes.of("x", 1).and("k", 100_000).and("y", 100_000);
    assertThatThrownBy(() -> Recurrent.of(compiled.load(), sizes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more numbers side by side than an array can hold");
  }
}
