package dev.sluice.samples.bench;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.Weights;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.samples.baseline.Extent;
import java.util.Arrays;

/// A generated layer in the race, called as users call it: `lstm.cell` or `gru.cell`.
public final class Generated implements Contestant {
  private final Sequential network;
  private final Session session;
  private final Training training;
  private final Batch batch;
  private final float[] output;
  private final Tensor outputTensor;
  private final Tensor outputGradient;

  public Generated(CellProgram program, Workload work) {
    Extent extent = work.extent();
    network =
        Sequential.of(
            Recurrent.of(program, Sizes.of("x", extent.inputs()).and("h", extent.hidden())));
    switch (work.cell()) {
      case LSTM -> setLstm(network.weights(), work.weights());
      case GRU -> setGru(network.weights(), work.weights());
    }
    session = network.session(1);
    training = network.training(1);
    batch = Batch.of(Tensor.of(work.x(), extent.steps(), extent.batch(), extent.inputs()));
    output = new float[extent.pairs() * extent.hidden()];
    outputTensor = Tensor.of(output, extent.steps(), extent.batch(), extent.hidden());
    outputGradient =
        Tensor.of(work.outputGradient(), extent.steps(), extent.batch(), extent.hidden());
  }

  @Override
  public float[] infer() {
    session.run(batch, outputTensor);
    return output;
  }

  @Override
  public void train() {
    training.forward(batch, outputTensor);
    training.gradients().zero();
    training.backward(outputGradient);
  }

  @Override
  public float[] inputGradient() {
    return training.inputGradient().toArray();
  }

  private static void setLstm(Weights weights, dev.sluice.samples.baseline.Weights from) {
    String gates = "ifco";
    for (int gate = 0; gate < gates.length(); gate++) {
      set(weights, "U_" + gates.charAt(gate), from.input(), gate, gate + 1, from);
      set(weights, "W_" + gates.charAt(gate), from.recurrent(), gate, gate + 1, from);
      set(weights, "b_" + gates.charAt(gate), from.bias(), gate, gate + 1, from);
    }
  }

  private static void setGru(Weights weights, dev.sluice.samples.baseline.Weights from) {
    set(weights, "V", from.input(), 0, 2, from);
    set(weights, "W", from.recurrent(), 0, 2, from);
    set(weights, "b", from.bias(), 0, 2, from);
    set(weights, "V_g", from.input(), 2, 3, from);
    set(weights, "W_g", from.recurrent(), 2, 3, from);
    set(weights, "b_g", from.bias(), 2, 3, from);
  }

  /// Sets a parameter to the rows of some gates of a stacked weight.
  private static void set(
      Weights weights,
      String name,
      float[] stacked,
      int firstGate,
      int endGate,
      dev.sluice.samples.baseline.Weights from) {
    int gate = stacked.length / from.gates();
    weights.set(Name.of(0, name), Arrays.copyOfRange(stacked, firstGate * gate, endGate * gate));
  }

  @Override
  public void close() {
    training.close();
    session.close();
    network.close();
  }
}
