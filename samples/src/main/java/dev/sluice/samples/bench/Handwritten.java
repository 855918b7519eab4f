package dev.sluice.samples.bench;

import dev.sluice.samples.baseline.HandwrittenLayer;
import dev.sluice.samples.baseline.PlainGru;
import dev.sluice.samples.baseline.PlainLstm;
import dev.sluice.samples.baseline.VectorGru;
import dev.sluice.samples.baseline.VectorLstm;
import java.util.List;

/// A handwritten layer in the race.
public final class Handwritten implements Contestant {
  private final Workload work;
  private final HandwrittenLayer layer;
  private final List<float[]> zeros;
  private float[] inputGradient = {};

  private Handwritten(Workload work, HandwrittenLayer layer) {
    this.work = work;
    this.layer = layer;
    this.zeros = work.zeroStates();
  }

  /// In plain loops.
  public static Handwritten plain(Workload work) {
    return new Handwritten(
        work,
        switch (work.cell()) {
          case LSTM -> new PlainLstm(work.extent(), work.weights());
          case GRU -> new PlainGru(work.extent(), work.weights());
        });
  }

  /// With the Vector API.
  public static Handwritten vector(Workload work) {
    return new Handwritten(
        work,
        switch (work.cell()) {
          case LSTM -> new VectorLstm(work.extent(), work.weights());
          case GRU -> new VectorGru(work.extent(), work.weights());
        });
  }

  @Override
  public float[] infer() {
    return layer.forward(work.x(), zeros);
  }

  @Override
  public void train() {
    layer.forward(work.x(), zeros);
    inputGradient = layer.backward(work.outputGradient(), zeros).x();
  }

  @Override
  public float[] inputGradient() {
    return inputGradient;
  }
}
