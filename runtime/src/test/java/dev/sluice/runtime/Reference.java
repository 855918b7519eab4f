package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// A network in double precision, one sequence after the other, no sorting, no buffers: what the
/// runtime must equal.
final class Reference {
  final Map<Name, double[]> parameters = new LinkedHashMap<>();
  final Map<Name, double[][]> initial = new LinkedHashMap<>();
  final Map<String, double[][][]> inputs = new LinkedHashMap<>();
  final Map<Name, double[][]> finals = new LinkedHashMap<>();
  final double[][][] x;
  private final List<Recurrent> layers;
  private final int[] lengths;

  /// @param layers each of depth 1 as far as this class is concerned: one entry a layer
  Reference(List<Recurrent> layers, Weights weights, Batch batch) {
    this.layers = layers;
    weights.names().forEach(name -> parameters.put(name, doubles(weights.get(name).toArray())));
    batch.initial().forEach((name, tensor) -> initial.put(name, matrix(tensor)));
    batch.inputs().forEach((name, tensor) -> inputs.put(name, cube(tensor)));
    x = cube(batch.x());
    lengths = batch.lengths().length == 0 ? filled(x[0].length, x.length) : batch.lengths();
  }

  private static int[] filled(int count, int value) {
    int[] array = new int[count];
    java.util.Arrays.fill(array, value);
    return array;
  }

  static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }

  static double[][] matrix(Tensor tensor) {
    double[][] copy = new double[tensor.size(0)][tensor.size(1)];
    for (int b = 0; b < copy.length; b++) {
      for (int i = 0; i < copy[b].length; i++) {
        copy[b][i] = tensor.get(b, i);
      }
    }
    return copy;
  }

  static double[][][] cube(Tensor tensor) {
    double[][][] copy = new double[tensor.size(0)][tensor.size(1)][tensor.size(2)];
    for (int t = 0; t < copy.length; t++) {
      for (int b = 0; b < copy[t].length; b++) {
        for (int i = 0; i < copy[t][b].length; i++) {
          copy[t][b][i] = tensor.get(t, b, i);
        }
      }
    }
    return copy;
  }

  /// The output of sequence b, step by step; also fills [#finals].
  List<double[]> sequence(int b) {
    List<double[]> below = new ArrayList<>();
    for (int t = 0; t < lengths[b]; t++) {
      below.add(x[t][b]);
    }
    int width = x[0][b].length;
    for (int layer = 0; layer < layers.size(); layer++) {
      Recurrent recurrent = layers.get(layer);
      CellCode code = recurrent.bindTo(width);
      List<List<double[]>> directions = new ArrayList<>();
      for (Direction direction : recurrent.directions()) {
        directions.add(run(recurrent, code, layer, direction, below, b));
      }
      below = merge(directions, recurrent.merge());
      boolean wider = directions.size() == 2 && recurrent.merge() == Merge.CONCAT;
      width = (wider ? 2 : 1) * code.output().length();
    }
    return below;
  }

  private List<double[]> run(
      Recurrent recurrent,
      CellCode code,
      int layer,
      Direction direction,
      List<double[]> below,
      int b) {
    Map<String, double[]> own = new LinkedHashMap<>();
    parameters.forEach(
        (name, value) -> {
          if (name.layer() == layer && name.direction() == direction) {
            own.put(name.symbol(), value);
          }
        });
    var slots = code.states();
    double[][] states = new double[slots.size()][];
    for (int s = 0; s < states.length; s++) {
      Name name = new Name(layer, direction, slots.get(s).name());
      double[] start = new double[slots.get(s).length()];
      java.util.Arrays.fill(start, slots.get(s).initial());
      states[s] =
          initial.containsKey(name) ? initial.getOrDefault(name, new double[0][])[b] : start;
    }
    var inputSlots = code.inputs();
    double[][] outputs = new double[below.size()][];
    for (int k = 0; k < below.size(); k++) {
      int t = direction == Direction.FORWARD ? k : below.size() - 1 - k;
      double[][] in = new double[inputSlots.size()][];
      in[0] = below.get(t);
      for (int i = 1; i < in.length; i++) {
        in[i] = inputs.getOrDefault(inputSlots.get(i).name(), new double[0][][])[t][b];
      }
      outputs[t] = step(recurrent.program(), own, in, states);
    }
    for (int s = 0; s < states.length; s++) {
      finals
              .computeIfAbsent(
                  new Name(layer, direction, slots.get(s).name()),
                  name -> new double[lengths.length][])[b] =
          states[s];
    }
    if (!recurrent.last()) {
      return List.of(outputs);
    }
    if (below.isEmpty()) {
      return List.of(new double[code.output().length()]);
    }
    return List.of(
        new double[][] {outputs[direction == Direction.FORWARD ? outputs.length - 1 : 0]});
  }

  private static double[] step(
      CellProgram program, Map<String, double[]> own, double[][] inputs, double[][] states) {
    if (program instanceof TestCell cell) {
      return cell.step(own, inputs, states);
    }
    // Linear: y = W x + b
    double[] y = own.getOrDefault("b", new double[0]).clone();
    TestCell.Code.add(y, own.getOrDefault("W", new double[0]), inputs[0]);
    return y;
  }

  private static List<double[]> merge(List<List<double[]>> directions, Merge merge) {
    if (directions.size() == 1) {
      return directions.getFirst();
    }
    List<double[]> merged = new ArrayList<>();
    for (int t = 0; t < directions.getFirst().size(); t++) {
      double[] forward = directions.get(0).get(t);
      double[] reverse = directions.get(1).get(t);
      int n = forward.length;
      double[] both = new double[merge == Merge.CONCAT ? 2 * n : n];
      for (int i = 0; i < n; i++) {
        switch (merge) {
          case CONCAT -> {
            both[i] = forward[i];
            both[n + i] = reverse[i];
          }
          case SUM -> both[i] = forward[i] + reverse[i];
          case MEAN -> both[i] = (forward[i] + reverse[i]) / 2;
        }
      }
      merged.add(both);
    }
    return merged;
  }

  /// Σ output · outputGradient + Σ final · finalGradients.
  double loss(Tensor outputGradient, Map<Name, Tensor> finalGradients) {
    double loss = 0;
    for (int b = 0; b < lengths.length; b++) {
      List<double[]> output = sequence(b);
      for (int t = 0; t < output.size(); t++) {
        for (int i = 0; i < output.get(t).length; i++) {
          loss += output.get(t)[i] * outputGradient.get(t, b, i);
        }
      }
    }
    for (var entry : finalGradients.entrySet()) {
      double[][] values = finals.getOrDefault(entry.getKey(), new double[0][]);
      for (int b = 0; b < values.length; b++) {
        for (int i = 0; i < values[b].length; i++) {
          loss += values[b][i] * entry.getValue().get(b, i);
        }
      }
    }
    return loss;
  }

  /// ∂loss/∂values by central differences.
  static double[] gradient(double[] values, DoubleSupplier loss) {
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double before = values[i];
      values[i] = before + 1e-5;
      double above = loss.getAsDouble();
      values[i] = before - 1e-5;
      gradient[i] = (above - loss.getAsDouble()) / 2e-5;
      values[i] = before;
    }
    return gradient;
  }
}
