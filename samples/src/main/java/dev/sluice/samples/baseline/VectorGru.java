package dev.sluice.samples.baseline;

import static dev.sluice.samples.baseline.Panels.L;
import static dev.sluice.samples.baseline.Panels.SPECIES;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The GRU with the Vector API; the reset gate acts before the product, the update gate keeps.
/// Structured as [VectorLstm]: r and u interleaved in one panel, the candidate in another.
public final class VectorGru implements HandwrittenLayer {
  private static final int GATES = 3;

  private final Extent extent;
  private final int n;
  private final int row;
  private final int width;
  private final GatePanels gateInput;
  private final GatePanels gateRecurrent;
  private final GatePanels candidateInput;
  private final GatePanels candidateRecurrent;
  private final GradientGemm dGateInput;
  private final GradientGemm dGateRecurrent;
  private final GradientGemm dCandidateInput;
  private final GradientGemm dCandidateRecurrent;
  private float[] gateBias = {};
  private float[] candidateBias = {};
  private final float[] gates;
  private final float[] candidate;
  private final float[] h;
  private final float[] rh;
  private final float[] dGates;
  private final float[] dCandidate;
  private final float[] dx;
  private final float[] dy;
  private final float[] dh;
  private final float[] drh;
  private final float[] output;
  private float[] inputs = {};
  private final List<float[]> finals;
  private final Gradients gradients;

  public VectorGru(Extent extent, Weights weights) {
    this.extent = extent;
    n = extent.hidden();
    row = Panels.pad(n);
    width = 2 * row;
    int pairs = extent.pairs();
    int batch = extent.batch();
    int m = extent.inputs();
    gateInput = new GatePanels(2, n, m);
    gateRecurrent = new GatePanels(2, n, n);
    candidateInput = new GatePanels(1, n, m);
    candidateRecurrent = new GatePanels(1, n, n);
    dGateInput = new GradientGemm(width, m);
    dGateRecurrent = new GradientGemm(width, n);
    dCandidateInput = new GradientGemm(row, m);
    dCandidateRecurrent = new GradientGemm(row, n);
    gates = new float[pairs * width];
    candidate = new float[pairs * row];
    h = new float[(batch + pairs) * row];
    rh = new float[pairs * row];
    dGates = new float[pairs * width];
    dCandidate = new float[pairs * row];
    dx = new float[pairs * Panels.pad(m)];
    dy = new float[pairs * row];
    dh = new float[batch * row];
    drh = new float[batch * row];
    output = new float[pairs * n];
    finals = List.of(new float[batch * n]);
    gradients =
        new Gradients(
            Weights.zero(GATES, m, n), new float[pairs * m], List.of(new float[batch * n]));
    load(weights);
  }

  @Override
  public void load(Weights weights) {
    gateInput.load(weights.input(), n, 0);
    gateRecurrent.load(weights.recurrent(), n, 0);
    candidateInput.load(weights.input(), n, 2);
    candidateRecurrent.load(weights.recurrent(), n, 2);
    gateBias = GatePanels.bias(weights.bias(), 2, n, 0);
    candidateBias = GatePanels.bias(weights.bias(), 1, n, 2);
  }

  @Override
  public float[] forward(float[] x, List<float[]> initial) {
    int batch = extent.batch();
    int pairs = extent.pairs();
    int m = extent.inputs();
    inputs = x;
    GatePanels.copy(initial.get(0), 0, n, h, 0, row, n, batch);
    for (int p = 0; p < pairs; p++) {
      System.arraycopy(gateBias, 0, gates, p * width, width);
      System.arraycopy(candidateBias, 0, candidate, p * row, row);
    }
    gateInput.forward().multiply(x, 0, m, 1, m, gates, 0, width, pairs);
    candidateInput.forward().multiply(x, 0, m, 1, m, candidate, 0, row, pairs);
    for (int first = 0; first < pairs; first += batch) {
      gateRecurrent
          .forward()
          .multiply(h, first * row, row, 1, n, gates, first * width, width, batch);
      for (int p = first; p < first + batch; p++) {
        gateStep(p);
      }
      candidateRecurrent
          .forward()
          .multiply(rh, first * row, row, 1, n, candidate, first * row, row, batch);
      for (int p = first; p < first + batch; p++) {
        stateStep(p);
      }
    }
    GatePanels.copy(h, batch * row, row, output, 0, n, n, pairs);
    GatePanels.copy(h, pairs * row, row, finals.get(0), 0, n, n, batch);
    return output;
  }

  private static FloatVector at(float[] array, int i) {
    return FloatVector.fromArray(SPECIES, array, i);
  }

  private void gateStep(int p) {
    for (int i = 0; i < row; i += L) {
      int z = p * width + 2 * i;
      FloatVector r = VectorLstm.sigmoid(at(gates, z));
      r.intoArray(gates, z);
      VectorLstm.sigmoid(at(gates, z + L)).intoArray(gates, z + L);
      r.mul(at(h, p * row + i)).intoArray(rh, p * row + i);
    }
  }

  private void stateStep(int p) {
    int next = (p + extent.batch()) * row;
    for (int i = 0; i < row; i += L) {
      FloatVector u = at(gates, p * width + 2 * i + L);
      FloatVector g = at(candidate, p * row + i).lanewise(VectorOperators.TANH);
      g.intoArray(candidate, p * row + i);
      u.fma(at(h, p * row + i).sub(g), g).intoArray(h, next + i);
    }
  }

  @Override
  public List<float[]> finalStates() {
    return finals;
  }

  @Override
  public Gradients backward(float[] outputGradient, List<float[]> finalGradients) {
    int batch = extent.batch();
    int pairs = extent.pairs();
    int m = extent.inputs();
    GatePanels.copy(outputGradient, 0, n, dy, 0, row, n, pairs);
    GatePanels.copy(finalGradients.get(0), 0, n, dh, 0, row, n, batch);
    for (int first = pairs - batch; first >= 0; first -= batch) {
      for (int b = 0; b < batch; b++) {
        stateBack(first + b, b * row);
      }
      Arrays.fill(drh, 0f);
      candidateRecurrent
          .backward()
          .multiply(dCandidate, first * row, row, 1, row, drh, 0, row, batch);
      for (int b = 0; b < batch; b++) {
        resetBack(first + b, b * row);
      }
      gateRecurrent.backward().multiply(dGates, first * width, width, 1, width, dh, 0, row, batch);
    }
    int mRow = Panels.pad(m);
    Arrays.fill(dx, 0f);
    gateInput.backward().multiply(dGates, 0, width, 1, width, dx, 0, mRow, pairs);
    candidateInput.backward().multiply(dCandidate, 0, row, 1, row, dx, 0, mRow, pairs);
    GatePanels.copy(dx, 0, mRow, gradients.x(), 0, m, m, pairs);
    GatePanels.copy(dh, 0, row, gradients.initial().get(0), 0, n, n, batch);
    weightGradients();
    return gradients;
  }

  /// ∂L/∂z of the candidate and of u; `dh` becomes the part of ∂L/∂h_{t-1} that comes through u ∘
  /// h_{t-1}.
  private void stateBack(int p, int b) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int i = 0; i < row; i += L) {
      FloatVector u = at(gates, p * width + 2 * i + L);
      FloatVector g = at(candidate, p * row + i);
      FloatVector dhere = at(dh, b + i).add(at(dy, p * row + i));
      dhere.mul(one.sub(u)).mul(one.sub(g.mul(g))).intoArray(dCandidate, p * row + i);
      dhere
          .mul(at(h, p * row + i).sub(g))
          .mul(u)
          .mul(one.sub(u))
          .intoArray(dGates, p * width + 2 * i + L);
      dhere.mul(u).intoArray(dh, b + i);
    }
  }

  private void resetBack(int p, int b) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int i = 0; i < row; i += L) {
      FloatVector r = at(gates, p * width + 2 * i);
      FloatVector d = at(drh, b + i);
      d.mul(at(h, p * row + i)).mul(r).mul(one.sub(r)).intoArray(dGates, p * width + 2 * i);
      d.fma(r, at(dh, b + i)).intoArray(dh, b + i);
    }
  }

  private void weightGradients() {
    Weights total = gradients.weights();
    int pairs = extent.pairs();
    int m = extent.inputs();
    dGateInput.run(dGates, width, inputs, m, pairs);
    dGateInput.unpack(2, n, 0, total.input());
    dCandidateInput.run(dCandidate, row, inputs, m, pairs);
    dCandidateInput.unpack(1, n, 2, total.input());
    dGateRecurrent.run(dGates, width, h, row, pairs);
    dGateRecurrent.unpack(2, n, 0, total.recurrent());
    dCandidateRecurrent.run(dCandidate, row, rh, row, pairs);
    dCandidateRecurrent.unpack(1, n, 2, total.recurrent());
    Arrays.fill(total.bias(), 0f);
    GatePanels.biasGradient(dGates, 2, n, 0, total.bias());
    GatePanels.biasGradient(dCandidate, 1, n, 2, total.bias());
  }
}
