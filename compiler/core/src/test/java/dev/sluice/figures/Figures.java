package dev.sluice.figures;

import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.golden.Gru;
import dev.sluice.golden.GruResetAfter;
import dev.sluice.golden.Lstm;
import dev.sluice.golden.Rnn;
import dev.sluice.runtime.CrossEntropy;
import dev.sluice.runtime.Linear;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sgd;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Lanes;
import java.util.ArrayList;
import java.util.List;

/// What some cells compute, forward and in training: the same in every JVM. Cells whose code was
/// generated at build time, and cells that this JVM compiles.
public final class Figures {
  private static final int INPUTS = 13;
  private static final int UNITS = 19;
  private static final int CLASSES = 7;
  private static final int STEPS = 6;
  private static final int BATCH = 5;

  private static final List<String> EQUATIONS =
      List.of(
          "h_t = tanh(V x_t + W h_{t-1} + b)",
          """
          f_t = exp(-softplus(W h_{t-1} + U x_t))
          c_t = f_t c_{t-1} + log(1 + (V x_t) * (V x_t))
          h_t = f_t * c_t""",
          """
          r_t = relu(R h_{t-1} + U x_t + b)
          s_t = sqrt(1 + abs(r_t)) - min(r_t, 0.5) / max(r_t, 2)
          h_t = tanh(s_t / (1 + r_t)^2) - 0.1 h_{t-1}""",
          """
          C_t = 0.5 C_{t-1} diag(σ(b)) + tanh(V x_t) (K x_t)^T
          q_t = Q x_t
          h_t = tanh(C_t q_t) + 0.1 C_t C_{t-1}^T tanh(V x_t)
          dim q = dim h""");

  private Figures() {}

  /// Prints whether vectors are in use, then a line of figures for each cell.
  public static void main(String[] args) {
    System.out.println(Lanes.VECTORS);
    for (double[] figures : all()) {
      StringBuilder line = new StringBuilder();
      for (double figure : figures) {
        line.append(figure).append(' ');
      }
      System.out.println(line.toString().strip());
    }
  }

  static List<double[]> all() {
    List<CellProgram> programs =
        new ArrayList<>(List.of(new Rnn(), new Lstm(), new Gru(), new GruResetAfter()));
    EQUATIONS.forEach(text -> programs.add(SluiceCompiler.compile(text).load()));
    return programs.stream().map(Figures::of).toList();
  }

  private static double[] of(CellProgram program) {
    List<Double> figures = new ArrayList<>();
    Recurrent layers =
        Recurrent.of(program, Sizes.of("x", INPUTS).and("h", UNITS)).stacked(2).bidirectional();
    try (Sequential network = Sequential.of(layers, Linear.of(2 * UNITS, CLASSES)).initialise(42)) {
      try (Session session = network.session()) {
        add(figures, session.run(input()));
      }
      train(network, figures);
      for (Name name : network.weights().names()) {
        add(figures, network.weights().get(name));
      }
    }
    return figures.stream().mapToDouble(x -> x).toArray();
  }

  private static void train(Sequential network, List<Double> figures) {
    int[] targets = new int[STEPS * BATCH];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = i * i % CLASSES;
    }
    Sgd sgd = new Sgd(0.1);
    try (Training training = network.training()) {
      for (int step = 0; step < 3; step++) {
        Tensor logits = training.forward(input());
        Tensor gradient = Tensor.zeros(logits.shape());
        figures.add(CrossEntropy.loss(logits, targets, gradient));
        training.gradients().zero();
        training.backward(gradient);
        add(figures, training.inputGradient());
        sgd.step(training.gradients());
      }
    }
  }

  private static Tensor input() {
    float[] values = new float[STEPS * BATCH * INPUTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * i);
    }
    return Tensor.of(values, STEPS, BATCH, INPUTS);
  }

  private static void add(List<Double> figures, Tensor tensor) {
    for (float value : tensor.toArray()) {
      figures.add((double) value);
    }
  }
}
