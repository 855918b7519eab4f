package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.WeightFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Outputs of a session against those of the interpreter, which computes in double precision with
/// the weights as they were given.
final class Accuracy {
  private final Sequential network;
  private final Batch data;
  private final double[][][] exact;

  /// @param network of this one cell
  /// @param lengths of its dimensions
  Accuracy(Compiled compiled, Sequential network, Map<String, Integer> lengths, Batch data) {
    this.network = network;
    this.data = data;
    Cell cell = compiled.cell();
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Cell.Parameter parameter : cell.parameters()) {
      String name = parameter.symbol().plain();
      Tensor values = network.weights().get(Name.of(0, name));
      parameters.put(name, Array.of(parameter.shape(), lengths, doubles(values)));
    }
    Map<String, double[][][]> inputs = new LinkedHashMap<>();
    for (Cell.Input input : cell.inputs()) {
      String name = input.symbol().plain();
      inputs.put(name, steps(data.inputs().getOrDefault(name, data.x())));
    }
    Values values = Values.of(data.x().size(0), data.x().size(1), parameters, inputs);
    this.exact = Interpreter.of(cell, lengths).run(values).output();
  }

  private static double[] doubles(Tensor tensor) {
    float[] floats = tensor.toArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /// [T][B][length] of a tensor [T, B, length].
  private static double[][][] steps(Tensor tensor) {
    double[][][] steps = new double[tensor.size(0)][tensor.size(1)][tensor.size(2)];
    float[] floats = tensor.toArray();
    int next = 0;
    for (double[][] sequences : steps) {
      for (double[] row : sequences) {
        for (int i = 0; i < row.length; i++) {
          row[i] = floats[next++];
        }
      }
    }
    return steps;
  }

  /// Errors of all outputs at all steps.
  ///
  /// @param most largest absolute error
  /// @param rms root of the mean square error
  record Errors(WeightFormat format, double most, double rms) {}

  /// Of each format.
  List<Errors> measure(int threads) {
    List<Errors> errors = new ArrayList<>();
    for (WeightFormat format : WeightFormat.values()) {
      try (Session session = network.session(threads, format)) {
        errors.add(errors(format, steps(session.run(data))));
      }
    }
    return errors;
  }

  private Errors errors(WeightFormat format, double[][][] found) {
    double most = 0;
    double squares = 0;
    long count = 0;
    for (int t = 0; t < exact.length; t++) {
      for (int b = 0; b < exact[t].length; b++) {
        for (int i = 0; i < exact[t][b].length; i++) {
          double error = Math.abs(found[t][b][i] - exact[t][b][i]);
          // NaN stays NaN: it is no small error.
          most = Math.max(most, error);
          squares += error * error;
          count++;
        }
      }
    }
    return new Errors(format, most, Math.sqrt(squares / count));
  }

  /// Root of the mean square of the exact outputs, beside which errors are large or small.
  double size() {
    double squares = 0;
    long count = 0;
    for (double[][] sequences : exact) {
      for (double[] row : sequences) {
        for (double value : row) {
          squares += value * value;
          count++;
        }
      }
    }
    return Math.sqrt(squares / count);
  }
}
