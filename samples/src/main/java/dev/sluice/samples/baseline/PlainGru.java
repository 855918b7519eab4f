package dev.sluice.samples.baseline;

import java.util.Arrays;
import java.util.List;

/// The GRU in plain loops; the reset gate acts before the product, the update gate keeps.
///
///     r, u = σ(V x_t + W h_{t-1} + b)    g = tanh(V_g x_t + W_g (h_{t-1} ∘ r) + b_g)
///     h_t = (1 - u) ∘ g + u ∘ h_{t-1}
public final class PlainGru implements HandwrittenLayer {
  private static final int GATES = 3;

  private final Extent extent;
  private final int n;
  private final float[] bias;
  private float[][] inputColumns = {};
  private float[][] gateColumns = {};
  private float[][] candidateColumns = {};
  private float[][] inputRows = {};
  private float[][] gateRows = {};
  private float[][] candidateRows = {};
  private final float[][] x;
  private final float[][] z;
  private final float[][] gates;
  private final float[][] g;
  private final float[][] h;
  private final float[][] rh;
  private final float[][] dz;
  private final float[][] dGates;
  private final float[][] dCandidate;
  private final float[][] dx;
  private final float[][] dh;
  private final float[][] dhPrevious;
  private final float[][] drh;
  private final float[][] dInput;
  private final float[][] dGateWeights;
  private final float[][] dCandidateWeights;
  private final float[] output;
  private final List<float[]> finals;
  private final Gradients gradients;

  public PlainGru(Extent extent, Weights weights) {
    this.extent = extent;
    n = extent.hidden();
    int pairs = extent.pairs();
    int batch = extent.batch();
    bias = new float[GATES * n];
    x = new float[pairs][extent.inputs()];
    z = new float[pairs][GATES * n];
    gates = new float[pairs][2 * n];
    g = new float[pairs][n];
    h = new float[batch + pairs][n];
    rh = new float[pairs][n];
    dz = new float[pairs][GATES * n];
    dGates = new float[pairs][2 * n];
    dCandidate = new float[pairs][n];
    dx = new float[pairs][extent.inputs()];
    dh = new float[batch][n];
    dhPrevious = new float[batch][n];
    drh = new float[batch][n];
    dInput = new float[GATES * n][extent.inputs()];
    dGateWeights = new float[2 * n][n];
    dCandidateWeights = new float[n][n];
    output = new float[pairs * n];
    finals = List.of(new float[batch * n]);
    gradients =
        new Gradients(
            Weights.zero(GATES, extent.inputs(), n),
            new float[pairs * extent.inputs()],
            List.of(new float[batch * n]));
    load(weights);
  }

  @Override
  public void load(Weights weights) {
    inputColumns = Rows.transposed(weights.input(), extent.inputs(), 0, GATES * n);
    gateColumns = Rows.transposed(weights.recurrent(), n, 0, 2 * n);
    candidateColumns = Rows.transposed(weights.recurrent(), n, 2 * n, n);
    inputRows = Rows.of(weights.input(), extent.inputs(), 0, GATES * n);
    gateRows = Rows.of(weights.recurrent(), n, 0, 2 * n);
    candidateRows = Rows.of(weights.recurrent(), n, 2 * n, n);
    System.arraycopy(weights.bias(), 0, bias, 0, GATES * n);
  }

  @Override
  public float[] forward(float[] inputs, List<float[]> initial) {
    int batch = extent.batch();
    Rows.copy(inputs, x);
    for (int b = 0; b < batch; b++) {
      System.arraycopy(initial.get(0), b * n, h[b], 0, n);
    }
    for (float[] row : z) {
      System.arraycopy(bias, 0, row, 0, row.length);
    }
    Rows.multiply(x, 0, inputColumns, z, 0, extent.pairs());
    for (int p = 0; p < extent.pairs(); p++) {
      System.arraycopy(z[p], 0, gates[p], 0, 2 * n);
      System.arraycopy(z[p], 2 * n, g[p], 0, n);
    }
    for (int first = 0; first < extent.pairs(); first += batch) {
      step(first);
    }
    Rows.copy(h, batch, extent.pairs(), output);
    Rows.copy(h, extent.pairs(), batch, finals.get(0));
    return output;
  }

  private void step(int first) {
    int batch = extent.batch();
    Rows.multiply(h, first, gateColumns, gates, first, batch);
    for (int p = first; p < first + batch; p++) {
      float[] gate = gates[p];
      for (int i = 0; i < 2 * n; i++) {
        gate[i] = Rows.sigmoid(gate[i]);
      }
      for (int i = 0; i < n; i++) {
        rh[p][i] = gate[i] * h[p][i];
      }
    }
    Rows.multiply(rh, first, candidateColumns, g, first, batch);
    for (int p = first; p < first + batch; p++) {
      for (int i = 0; i < n; i++) {
        float u = gates[p][n + i];
        g[p][i] = Rows.tanh(g[p][i]);
        h[p + batch][i] = (1 - u) * g[p][i] + u * h[p][i];
      }
    }
  }

  @Override
  public List<float[]> finalStates() {
    return finals;
  }

  @Override
  public Gradients backward(float[] outputGradient, List<float[]> finalGradients) {
    int batch = extent.batch();
    Rows.copy(finalGradients.get(0), dh);
    for (int first = extent.pairs() - batch; first >= 0; first -= batch) {
      stepBack(first, outputGradient);
    }
    for (int p = 0; p < extent.pairs(); p++) {
      System.arraycopy(dGates[p], 0, dz[p], 0, 2 * n);
      System.arraycopy(dCandidate[p], 0, dz[p], 2 * n, n);
    }
    Rows.clear(dx);
    Rows.multiply(dz, 0, inputRows, dx, 0, extent.pairs());
    Rows.copy(dx, 0, extent.pairs(), gradients.x());
    Rows.copy(dh, 0, batch, gradients.initial().get(0));
    weightGradients();
    return gradients;
  }

  /// From ∂L/∂h_t in `dh` to ∂L/∂h_{t-1}, also in `dh`.
  private void stepBack(int first, float[] dy) {
    int batch = extent.batch();
    Rows.clear(drh);
    for (int b = 0; b < batch; b++) {
      int p = first + b;
      for (int i = 0; i < n; i++) {
        float u = gates[p][n + i];
        float dhere = dh[b][i] + dy[p * n + i];
        dCandidate[p][i] = dhere * (1 - u) * (1 - g[p][i] * g[p][i]);
        dGates[p][n + i] = dhere * (h[p][i] - g[p][i]) * u * (1 - u);
        dhPrevious[b][i] = dhere * u;
      }
    }
    Rows.multiply(dCandidate, first, candidateRows, drh, 0, batch);
    for (int b = 0; b < batch; b++) {
      int p = first + b;
      for (int i = 0; i < n; i++) {
        float r = gates[p][i];
        dGates[p][i] = drh[b][i] * h[p][i] * r * (1 - r);
        dh[b][i] = dhPrevious[b][i] + drh[b][i] * r;
      }
    }
    Rows.multiply(dGates, first, gateRows, dh, 0, batch);
  }

  private void weightGradients() {
    Rows.clear(dInput);
    Rows.clear(dGateWeights);
    Rows.clear(dCandidateWeights);
    Rows.outer(dz, 0, x, 0, extent.pairs(), dInput);
    Rows.outer(dGates, 0, h, 0, extent.pairs(), dGateWeights);
    Rows.outer(dCandidate, 0, rh, 0, extent.pairs(), dCandidateWeights);
    Weights total = gradients.weights();
    Rows.copy(dInput, 0, dInput.length, total.input());
    Rows.copy(dGateWeights, 0, 2 * n, total.recurrent());
    for (int i = 0; i < n; i++) {
      System.arraycopy(dCandidateWeights[i], 0, total.recurrent(), (2 * n + i) * n, n);
    }
    Arrays.fill(total.bias(), 0f);
    for (float[] row : dz) {
      for (int i = 0; i < row.length; i++) {
        total.bias()[i] += row[i];
      }
    }
  }
}
