package dev.sluice.compiler.ir;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random parameters, inputs, initial states and gradients of moderate size, the same for the same
/// seed.
public final class RandomValues {
  private RandomValues() {}

  /// Normal numbers: matrices with deviation 1/√columns, other parameters and initial states ½,
  /// inputs 1. A state or a parameter that starts from another number than 0 is that number times e
  /// to the power of such a one: it keeps its sign, which may mean something (the normaliser of an
  /// sLSTM, a time constant). Masks are those of training.
  ///
  /// @param lengths steps of each sequence
  public static Values of(Interpreter interpreter, int steps, List<Integer> lengths, long seed) {
    Random random = new Random(seed);
    Cell cell = interpreter.cell();
    Map<String, Integer> sizes = interpreter.sizes();
    int batch = lengths.size();
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      int columns = Array.filled(p.shape(), sizes, 0).columns();
      double deviation = p.shape() instanceof Shape.Matrix ? 1 / Math.sqrt(columns) : 0.5;
      double start = p.initialiser() instanceof Initialiser.Constant(double value) ? value : 0;
      double[] values = near(start, normal(random, Array.size(p.shape(), sizes), deviation));
      parameters.put(p.symbol().plain(), Array.of(p.shape(), sizes, values));
    }
    Map<String, double[][][]> inputs = new LinkedHashMap<>();
    cell.inputs()
        .forEach(
            i ->
                inputs.put(
                    i.symbol().plain(),
                    sequence(random, steps, batch, Array.size(i.shape(), sizes), 1)));
    Map<String, double[][]> initial = new LinkedHashMap<>();
    cell.states()
        .forEach(
            s ->
                initial.put(
                    s.symbol().plain(),
                    near(s.initial(), rows(random, batch, Array.size(s.shape(), sizes), 0.5))));
    return Values.of(steps, batch, parameters, inputs)
        .withInitial(initial)
        .withLengths(lengths)
        .withMaskSeed(seed);
  }

  private static double[][] near(double start, double[][] noise) {
    for (double[] row : noise) {
      near(start, row);
    }
    return noise;
  }

  private static double[] near(double start, double[] noise) {
    for (int i = 0; i < noise.length && start != 0; i++) {
      noise[i] = start * Math.exp(noise[i]);
    }
    return noise;
  }

  /// ∂L/∂y_t: [T][B][length].
  public static double[][][] outputGradients(Interpreter interpreter, Values values, long seed) {
    int length = Array.size(interpreter.cell().outputShape(), interpreter.sizes());
    return sequence(new Random(seed), values.steps(), values.batch(), length, 1);
  }

  /// ∂L/∂final state of every state: [B][length].
  public static Map<String, double[][]> finalGradients(
      Interpreter interpreter, Values values, long seed) {
    Random random = new Random(seed);
    Map<String, double[][]> gradients = new LinkedHashMap<>();
    for (Cell.State s : interpreter.cell().states()) {
      int length = Array.size(s.shape(), interpreter.sizes());
      gradients.put(s.symbol().plain(), rows(random, values.batch(), length, 1));
    }
    return gradients;
  }

  private static double[][][] sequence(
      Random random, int steps, int batch, int length, double deviation) {
    double[][][] all = new double[steps][][];
    for (int t = 0; t < steps; t++) {
      all[t] = rows(random, batch, length, deviation);
    }
    return all;
  }

  private static double[][] rows(Random random, int batch, int length, double deviation) {
    double[][] rows = new double[batch][];
    for (int b = 0; b < batch; b++) {
      rows[b] = normal(random, length, deviation);
    }
    return rows;
  }

  private static double[] normal(Random random, int count, double deviation) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = deviation * random.nextGaussian();
    }
    return values;
  }
}
