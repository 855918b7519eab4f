package dev.sluice.benchmarks.peers;

import dev.sluice.samples.baseline.Extent;
import dev.sluice.samples.baseline.Weights;
import dev.sluice.samples.bench.Workload;

/// An ONNX model with one node, LSTM or GRU: input `X` [T, B, I], output `Y` [T, 1, B, H]. Numbers
/// of fields are those of onnx.proto.
final class OnnxModel {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 14;
  private static final int FLOAT = 1;
  private static final int INT_ATTRIBUTE = 2;

  private OnnxModel() {}

  static byte[] of(Workload work) {
    Extent extent = work.extent();
    Weights weights = work.weights();
    // Our order of gates is i, f, g, o and r, u, g; theirs i, o, f, c and z, r, h.
    int[] order =
        switch (work.cell()) {
          case LSTM -> new int[] {0, 3, 1, 2};
          case GRU -> new int[] {1, 0, 2};
        };
    int gates = order.length;
    int units = extent.hidden();
    float[] bias = new float[2 * gates * units];
    System.arraycopy(ordered(weights.bias(), order), 0, bias, 0, gates * units);
    Protobuf graph =
        new Protobuf()
            .message(1, node(work.cell().name(), units))
            .text(2, "layer")
            .message(
                5, tensor("W", ordered(weights.input(), order), 1, gates * units, extent.inputs()))
            .message(5, tensor("R", ordered(weights.recurrent(), order), 1, gates * units, units))
            .message(5, tensor("B", bias, 1, bias.length))
            .message(11, value("X", extent.steps(), extent.batch(), extent.inputs()))
            .message(12, value("Y", extent.steps(), 1, extent.batch(), units));
    return new Protobuf()
        .number(1, IR_VERSION)
        .text(2, "sluice")
        .message(7, graph)
        .message(8, new Protobuf().text(1, "").number(2, OPSET))
        .toBytes();
  }

  private static Protobuf node(String operation, int units) {
    return new Protobuf()
        .text(1, "X")
        .text(1, "W")
        .text(1, "R")
        .text(1, "B")
        .text(2, "Y")
        .text(4, operation)
        .message(
            5, new Protobuf().text(1, "hidden_size").number(3, units).number(20, INT_ATTRIBUTE));
  }

  private static Protobuf tensor(String name, float[] values, int... shape) {
    Protobuf tensor = new Protobuf();
    for (int size : shape) {
      tensor.number(1, size);
    }
    return tensor.number(2, FLOAT).text(8, name).floats(9, values);
  }

  private static Protobuf value(String name, int... shape) {
    Protobuf dimensions = new Protobuf();
    for (int size : shape) {
      dimensions.message(1, new Protobuf().number(1, size));
    }
    Protobuf tensor = new Protobuf().number(1, FLOAT).message(2, dimensions);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  /// The rows of stacked gates in another order.
  private static float[] ordered(float[] stacked, int[] order) {
    int gate = stacked.length / order.length;
    float[] result = new float[stacked.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(stacked, order[i] * gate, result, i * gate, gate);
    }
    return result;
  }
}
