package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sgd;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.WeightFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Networks whose cells have weights that are computed from parameters, once per update.
class ComputedWeightsTest {
  private static final int INPUTS = 3;
  private static final int HIDDEN = 21;
  private static final int STEPS = 7;
  private static final Sizes SIZES = Sizes.of("x", INPUTS).and("h", HIDDEN);

  /// A matrix, a vector and a number.
  private static final Compiled CELL =
      SluiceCompiler.compile(
          """
          const γ = 0.1
          a = softplus(p)
          s_t = (W - W^T - γ I) h_{t-1} + V x_t
          h_t = tanh(s_t + a ∘ h_{t-1} + exp(ζ) b)
          """);

  private static Sequential network(Compiled cell) {
    return Sequential.of(Recurrent.of(cell.load(), SIZES)).initialise(4);
  }

  private static Tensor random(int seed, int... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor zeros = Tensor.zeros(shape);
    float[] values = new float[Math.toIntExact(zeros.floats())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Tensor.of(values, shape);
  }

  private static void randomWeights(Sequential network) {
    int seed = 0;
    for (Name name : network.weights().names()) {
      network.weights().set(name, random(++seed, network.weights().shape(name)));
    }
  }

  private static double[][][] cube(Tensor t) {
    double[][][] all = new double[t.size(0)][t.size(1)][t.size(2)];
    float[] floats = t.toArray();
    for (int i = 0; i < floats.length; i++) {
      all[i / (t.size(1) * t.size(2))][i / t.size(2) % t.size(1)][i % t.size(2)] = floats[i];
    }
    return all;
  }

  /// The cell as the author wrote it.
  private static Values values(Sequential network, Tensor x) {
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Name name : network.weights().names()) {
      Tensor w = network.weights().get(name);
      float[] floats = w.toArray();
      double[] doubles = new double[floats.length];
      for (int i = 0; i < doubles.length; i++) {
        doubles[i] = floats[i];
      }
      parameters.put(
          name.symbol(),
          switch (w.rank()) {
            case 0 -> Array.scalar(doubles[0]);
            case 1 -> Array.vector(doubles);
            default -> Array.matrix(w.size(0), w.size(1), doubles);
          });
    }
    return Values.of(x.size(0), x.size(1), parameters, Map.of("x", cube(x)));
  }

  private static void expectOutput(Session session, Sequential network, Tensor x) {
    Run run = Interpreter.of(CELL.cell(), Map.of("x", INPUTS, "h", HIDDEN)).run(values(network, x));
    double[][][] expected = run.output();
    double[][][] found = cube(session.run(x));
    for (int t = 0; t < STEPS; t++) {
      for (int b = 0; b < x.size(1); b++) {
        assertThat(found[t][b]).containsExactly(expected[t][b], Offset.offset(1e-5));
      }
    }
  }

  @Test
  void parametersAreThoseOfTheAuthor() {
    try (Sequential network = network(CELL)) {
      assertThat(network.weights().toMap()).containsOnlyKeys("p", "W", "V", "zeta", "b");
    }
  }

  @Test
  void everyChangeIsSeenByTheNextPass() {
    Tensor x = random(9, STEPS, 2, INPUTS);
    try (Sequential network = network(CELL);
        Session session = network.session();
        Training training = network.training()) {
      expectOutput(session, network, x);
      randomWeights(network);
      expectOutput(session, network, x);
      Tensor y = training.forward(x);
      training.backward(random(10, y.shape()));
      new Sgd(0.5).step(training.gradients());
      expectOutput(session, network, x);
    }
  }

  @Test
  void gradientsAreThoseOfTheParameters() {
    Tensor x = random(9, STEPS, 2, INPUTS);
    try (Sequential network = network(CELL);
        Training training = network.training(2)) {
      randomWeights(network);
      Tensor y = training.forward(x);
      Tensor dy = random(10, y.shape());
      training.backward(dy);
      Interpreter interpreter = Interpreter.of(CELL.canonical(), Map.of("x", INPUTS, "h", HIDDEN));
      Run run = interpreter.run(values(network, x));
      Gradients expected = interpreter.backward(CELL.adjoint(), run, cube(dy), Map.of());
      double squares = 0;
      for (Name name : network.weights().names()) {
        float[] found = training.gradients().get(name).toArray();
        double[] gradient = expected.parameters().get(name.symbol()).toArray();
        for (int i = 0; i < found.length; i++) {
          assertThat((double) found[i]).as("%s", name).isCloseTo(gradient[i], Offset.offset(2e-5));
          squares += (double) found[i] * found[i];
        }
      }
      assertThat(training.gradients().norm()).isCloseTo(Math.sqrt(squares), Offset.offset(1e-6));
      // A second pass adds the same once more.
      float[] once = training.gradients().get(Name.of(0, "W")).toArray();
      training.forward(x);
      training.backward(dy);
      float[] twice = training.gradients().get(Name.of(0, "W")).toArray();
      for (int i = 0; i < once.length; i++) {
        assertThat(twice[i]).isCloseTo(2 * once[i], Offset.offset(1e-6f));
      }
    }
  }

  /// What is rounded are the weights that the kernels multiply with.
  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void narrowFormatsRoundWhatWasComputed(WeightFormat format) {
    Compiled plain = SluiceCompiler.compile("h_t = tanh(A h_{t-1} + V x_t)");
    Compiled structured = SluiceCompiler.compile("h_t = tanh((W - W^T) h_{t-1} + V x_t)");
    Tensor x = random(9, STEPS, 5, INPUTS);
    try (Sequential computed = network(structured);
        Sequential given = network(plain);
        Session a = computed.session(1, format);
        Session b = given.session(1, format)) {
      Tensor w = computed.weights().get(Name.of(0, "W"));
      Tensor difference = Tensor.zeros(HIDDEN, HIDDEN);
      for (int i = 0; i < HIDDEN; i++) {
        for (int j = 0; j < HIDDEN; j++) {
          difference.set(w.get(i, j) - w.get(j, i), i, j);
        }
      }
      given.weights().set(Name.of(0, "A"), difference);
      given.weights().set(Name.of(0, "V"), computed.weights().get(Name.of(0, "V")));
      assertThat(a.run(x).toArray()).isEqualTo(b.run(x).toArray());
    }
  }

  @Test
  void int8RefusesAComputedWeightThatIsNotFinite() {
    Compiled cell = SluiceCompiler.compile("h_t = tanh(exp(W) h_{t-1} + V x_t)");
    try (Sequential network = network(cell);
        Session session = network.session(1, WeightFormat.INT8)) {
      Tensor w = network.weights().get(Name.of(0, "W"));
      w.set(200, 2, 1);
      network.weights().set(Name.of(0, "W"), w);
      assertThatThrownBy(() -> session.run(random(9, STEPS, 1, INPUTS)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "exp_W[2, 1], computed from parameters, is Infinity: weights as INT8 are finite;"
                  + " correct what it is computed from, or keep weights as BFLOAT16 or FLOAT32");
    }
  }

  @Test
  void memoryIsWhatWasPredicted() {
    try (Sequential network = network(CELL);
        Training training = network.training();
        Session session = network.session()) {
      Tensor x = random(9, STEPS, 2, INPUTS);
      session.run(x);
      assertThat(session.memoryUsed()).isEqualTo(session.plan(STEPS, 2).bytes());
      training.backward(training.forward(x));
      assertThat(training.memoryUsed()).isEqualTo(training.plan(STEPS, 2).bytes());
    }
  }

  @Test
  void aFrozenParameterMakesAFrozenWeight() {
    Compiled cell =
        SluiceCompiler.compile(
            "R : frozen\nA = R - R^T\nr_t = tanh(A r_{t-1} + V x_t)\nh_t = r_t ∘ exp(p)");
    assertThat(cell.adjoint().accumulations())
        .extracting(a -> a.target().toString())
        .noneMatch(target -> target.contains("symbol=A") || target.contains("R_minus_R_T"))
        .anyMatch(target -> target.contains("exp_p"));
    assertThat(cell.adjoint().weights().orElseThrow().accumulations())
        .extracting(a -> a.target().toString())
        .hasSize(1)
        .allMatch(target -> target.contains("symbol=p"));
  }
}
