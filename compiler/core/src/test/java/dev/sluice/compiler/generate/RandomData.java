package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Sizes and values for tests of generated code.
final class RandomData {
  private static final int[] SIZES = {1, 3, 5, 16, 17, 33, 100};

  private RandomData() {}

  static Map<String, Integer> sizes(Cell cell, Random random) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    cell.dimensions().keySet().forEach(d -> sizes.put(d, SIZES[random.nextInt(SIZES.length)]));
    return sizes;
  }

  static Values values(Cell cell, Map<String, Integer> sizes, Random random) {
    int batch = 1 + random.nextInt(9);
    int steps = random.nextInt(4) == 0 ? 1 + random.nextInt(50) : 1 + random.nextInt(8);
    List<Integer> lengths = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      lengths.add(b == 0 || random.nextBoolean() ? steps : 1 + random.nextInt(steps));
    }
    lengths.sort(Comparator.reverseOrder());
    return values(cell, sizes, lengths, random);
  }

  /// Values that are floats exactly, weights that keep pre-activations moderate at any size.
  ///
  /// @param lengths of the sequences, longest first
  static Values values(
      Cell cell, Map<String, Integer> sizes, List<Integer> lengths, Random random) {
    int batch = lengths.size();
    int steps = lengths.getFirst();
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      int size = Array.filled(p.shape(), sizes, 0).toArray().length;
      double scale = WeightView.of(p.expr()).columns().value(sizes);
      parameters.put(
          p.symbol().plain(),
          Array.of(p.shape(), sizes, noise(size, 1 / Math.sqrt(scale), random)));
    }
    Map<String, double[][][]> inputs = new LinkedHashMap<>();
    for (Cell.Input input : cell.inputs()) {
      int length = input.shape().side().value(sizes);
      double[][][] all = new double[steps][batch][];
      for (double[][] rows : all) {
        for (int b = 0; b < batch; b++) {
          rows[b] = noise(length, 1, random);
        }
      }
      inputs.put(input.symbol().plain(), all);
    }
    Map<String, double[][]> initial = new LinkedHashMap<>();
    for (Cell.State state : cell.states()) {
      if (random.nextBoolean()) {
        double[][] rows = new double[batch][];
        for (int b = 0; b < batch; b++) {
          rows[b] = noise(Array.filled(state.shape(), sizes, 0).toArray().length, 1, random);
        }
        initial.put(state.symbol().plain(), rows);
      }
    }
    return Values.of(steps, batch, parameters, inputs).withLengths(lengths).withInitial(initial);
  }

  static double[] noise(int length, double scale, Random random) {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) ((random.nextDouble() * 2 - 1) * scale);
    }
    return values;
  }

  static double[][][] noise(double[][][] like, Random random) {
    double[][][] all = new double[like.length][][];
    for (int t = 0; t < like.length; t++) {
      all[t] = new double[like[t].length][];
      for (int b = 0; b < like[t].length; b++) {
        all[t][b] = noise(like[t][b].length, 1, random);
      }
    }
    return all;
  }
}
