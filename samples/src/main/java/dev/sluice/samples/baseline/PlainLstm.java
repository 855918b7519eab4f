package dev.sluice.samples.baseline;

import java.util.Arrays;
import java.util.List;

/// The LSTM in plain loops.
///
///     i, f, o = σ(…)   g = tanh(…)   of V x_t + W h_{t-1} + b
///     c_t = f ∘ c_{t-1} + i ∘ g      h_t = o ∘ tanh(c_t)
public final class PlainLstm implements HandwrittenLayer {
  private static final int GATES = 4;

  private final Extent extent;
  private final int n;
  private final float[] bias;
  private float[][] inputColumns = {};
  private float[][] recurrentColumns = {};
  private float[][] inputRows = {};
  private float[][] recurrentRows = {};
  private final float[][] x;
  private final float[][] gates;
  private final float[][] h;
  private final float[][] c;
  private final float[][] tanhC;
  private final float[][] dz;
  private final float[][] dx;
  private final float[][] dh;
  private final float[][] dc;
  private final float[][] dInput;
  private final float[][] dRecurrent;
  private final float[] output;
  private final List<float[]> finals;
  private final Gradients gradients;

  public PlainLstm(Extent extent, Weights weights) {
    this.extent = extent;
    n = extent.hidden();
    int pairs = extent.pairs();
    int batch = extent.batch();
    bias = new float[GATES * n];
    x = new float[pairs][extent.inputs()];
    gates = new float[pairs][GATES * n];
    h = new float[batch + pairs][n];
    c = new float[batch + pairs][n];
    tanhC = new float[pairs][n];
    dz = new float[pairs][GATES * n];
    dx = new float[pairs][extent.inputs()];
    dh = new float[batch][n];
    dc = new float[batch][n];
    dInput = new float[GATES * n][extent.inputs()];
    dRecurrent = new float[GATES * n][n];
    output = new float[pairs * n];
    finals = List.of(new float[batch * n], new float[batch * n]);
    gradients =
        new Gradients(
            Weights.zero(GATES, extent.inputs(), n),
            new float[pairs * extent.inputs()],
            List.of(new float[batch * n], new float[batch * n]));
    load(weights);
  }

  @Override
  public void load(Weights weights) {
    int rows = GATES * n;
    inputColumns = Rows.transposed(weights.input(), extent.inputs(), 0, rows);
    recurrentColumns = Rows.transposed(weights.recurrent(), n, 0, rows);
    inputRows = Rows.of(weights.input(), extent.inputs(), 0, rows);
    recurrentRows = Rows.of(weights.recurrent(), n, 0, rows);
    System.arraycopy(weights.bias(), 0, bias, 0, rows);
  }

  @Override
  public float[] forward(float[] inputs, List<float[]> initial) {
    int batch = extent.batch();
    Rows.copy(inputs, x);
    for (int b = 0; b < batch; b++) {
      System.arraycopy(initial.get(0), b * n, h[b], 0, n);
      System.arraycopy(initial.get(1), b * n, c[b], 0, n);
    }
    for (float[] z : gates) {
      System.arraycopy(bias, 0, z, 0, z.length);
    }
    Rows.multiply(x, 0, inputColumns, gates, 0, extent.pairs());
    for (int first = 0; first < extent.pairs(); first += batch) {
      Rows.multiply(h, first, recurrentColumns, gates, first, batch);
      for (int p = first; p < first + batch; p++) {
        step(gates[p], c[p], c[p + batch], tanhC[p], h[p + batch]);
      }
    }
    Rows.copy(h, batch, extent.pairs(), output);
    Rows.copy(h, extent.pairs(), batch, finals.get(0));
    Rows.copy(c, extent.pairs(), batch, finals.get(1));
    return output;
  }

  private void step(float[] z, float[] cPrevious, float[] cNext, float[] tanhCNext, float[] hNext) {
    for (int u = 0; u < n; u++) {
      float i = Rows.sigmoid(z[u]);
      float f = Rows.sigmoid(z[n + u]);
      float g = Rows.tanh(z[2 * n + u]);
      float o = Rows.sigmoid(z[3 * n + u]);
      float cell = f * cPrevious[u] + i * g;
      float squashed = Rows.tanh(cell);
      z[u] = i;
      z[n + u] = f;
      z[2 * n + u] = g;
      z[3 * n + u] = o;
      cNext[u] = cell;
      tanhCNext[u] = squashed;
      hNext[u] = o * squashed;
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
    Rows.copy(finalGradients.get(1), dc);
    for (int first = extent.pairs() - batch; first >= 0; first -= batch) {
      for (int b = 0; b < batch; b++) {
        int p = first + b;
        stepBack(outputGradient, p * n, gates[p], c[p], tanhC[p], dh[b], dc[b], dz[p]);
        Arrays.fill(dh[b], 0f);
      }
      Rows.multiply(dz, first, recurrentRows, dh, 0, batch);
    }
    Rows.clear(dx);
    Rows.multiply(dz, 0, inputRows, dx, 0, extent.pairs());
    Rows.copy(dx, 0, extent.pairs(), gradients.x());
    Rows.copy(dh, 0, batch, gradients.initial().get(0));
    Rows.copy(dc, 0, batch, gradients.initial().get(1));
    weightGradients();
    return gradients;
  }

  private void stepBack(
      float[] dy,
      int at,
      float[] z,
      float[] cPrevious,
      float[] tanhCNext,
      float[] dhNext,
      float[] dcNext,
      float[] d) {
    for (int u = 0; u < n; u++) {
      float i = z[u];
      float f = z[n + u];
      float g = z[2 * n + u];
      float o = z[3 * n + u];
      float dhere = dhNext[u] + dy[at + u];
      float dcell = dcNext[u] + dhere * o * (1 - tanhCNext[u] * tanhCNext[u]);
      d[u] = dcell * g * i * (1 - i);
      d[n + u] = dcell * cPrevious[u] * f * (1 - f);
      d[2 * n + u] = dcell * i * (1 - g * g);
      d[3 * n + u] = dhere * tanhCNext[u] * o * (1 - o);
      dcNext[u] = dcell * f;
    }
  }

  private void weightGradients() {
    Rows.clear(dInput);
    Rows.clear(dRecurrent);
    Rows.outer(dz, 0, x, 0, extent.pairs(), dInput);
    Rows.outer(dz, 0, h, 0, extent.pairs(), dRecurrent);
    Weights total = gradients.weights();
    Rows.copy(dInput, 0, dInput.length, total.input());
    Rows.copy(dRecurrent, 0, dRecurrent.length, total.recurrent());
    Arrays.fill(total.bias(), 0f);
    for (float[] row : dz) {
      for (int i = 0; i < row.length; i++) {
        total.bias()[i] += row[i];
      }
    }
  }
}
