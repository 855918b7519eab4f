package dev.sluice.samples.baseline;

import static dev.sluice.samples.baseline.Panels.L;
import static dev.sluice.samples.baseline.Panels.SPECIES;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The LSTM with the Vector API: gates interleaved in panels, the input product hoisted out of the
/// recurrence, gates and state in one pass, weight gradients as one product after it. Rows are
/// padded to whole vectors.
public final class VectorLstm implements HandwrittenLayer {
  private static final int GATES = 4;

  private final Extent extent;
  private final int n;
  private final int row;
  private final int width;
  private final GatePanels input;
  private final GatePanels recurrent;
  private final GradientGemm dInput;
  private final GradientGemm dRecurrent;
  private float[] bias = {};
  private final float[] gates;
  private final float[] h;
  private final float[] c;
  private final float[] tanhC;
  private final float[] dz;
  private final float[] dx;
  private final float[] dy;
  private final float[] dh;
  private final float[] dc;
  private final float[] output;
  private float[] inputs = {};
  private final List<float[]> finals;
  private final Gradients gradients;

  public VectorLstm(Extent extent, Weights weights) {
    this.extent = extent;
    n = extent.hidden();
    row = Panels.pad(n);
    width = GATES * row;
    int pairs = extent.pairs();
    int batch = extent.batch();
    input = new GatePanels(GATES, n, extent.inputs());
    recurrent = new GatePanels(GATES, n, n);
    dInput = new GradientGemm(width, extent.inputs());
    dRecurrent = new GradientGemm(width, n);
    gates = new float[pairs * width];
    h = new float[(batch + pairs) * row];
    c = new float[(batch + pairs) * row];
    tanhC = new float[pairs * row];
    dz = new float[pairs * width];
    dx = new float[pairs * Panels.pad(extent.inputs())];
    dy = new float[pairs * row];
    dh = new float[batch * row];
    dc = new float[batch * row];
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
    input.load(weights.input(), n, 0);
    recurrent.load(weights.recurrent(), n, 0);
    bias = GatePanels.bias(weights.bias(), GATES, n, 0);
  }

  @Override
  public float[] forward(float[] x, List<float[]> initial) {
    int batch = extent.batch();
    int pairs = extent.pairs();
    inputs = x;
    GatePanels.copy(initial.get(0), 0, n, h, 0, row, n, batch);
    GatePanels.copy(initial.get(1), 0, n, c, 0, row, n, batch);
    for (int p = 0; p < pairs; p++) {
      System.arraycopy(bias, 0, gates, p * width, width);
    }
    int m = extent.inputs();
    input.forward().multiply(x, 0, m, 1, m, gates, 0, width, pairs);
    for (int first = 0; first < pairs; first += batch) {
      recurrent.forward().multiply(h, first * row, row, 1, n, gates, first * width, width, batch);
      for (int p = first; p < first + batch; p++) {
        step(p);
      }
    }
    GatePanels.copy(h, batch * row, row, output, 0, n, n, pairs);
    GatePanels.copy(h, pairs * row, row, finals.get(0), 0, n, n, batch);
    GatePanels.copy(c, pairs * row, row, finals.get(1), 0, n, n, batch);
    return output;
  }

  private static FloatVector at(float[] array, int i) {
    return FloatVector.fromArray(SPECIES, array, i);
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    return one.div(x.neg().lanewise(VectorOperators.EXP).add(one));
  }

  private void step(int p) {
    int next = (p + extent.batch()) * row;
    for (int u = 0; u < row; u += L) {
      int z = p * width + u * GATES;
      FloatVector i = sigmoid(at(gates, z));
      FloatVector f = sigmoid(at(gates, z + L));
      FloatVector g = at(gates, z + 2 * L).lanewise(VectorOperators.TANH);
      FloatVector o = sigmoid(at(gates, z + 3 * L));
      FloatVector cell = f.fma(at(c, p * row + u), i.mul(g));
      FloatVector squashed = cell.lanewise(VectorOperators.TANH);
      i.intoArray(gates, z);
      f.intoArray(gates, z + L);
      g.intoArray(gates, z + 2 * L);
      o.intoArray(gates, z + 3 * L);
      cell.intoArray(c, next + u);
      squashed.intoArray(tanhC, p * row + u);
      o.mul(squashed).intoArray(h, next + u);
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
    GatePanels.copy(outputGradient, 0, n, dy, 0, row, n, pairs);
    GatePanels.copy(finalGradients.get(0), 0, n, dh, 0, row, n, batch);
    GatePanels.copy(finalGradients.get(1), 0, n, dc, 0, row, n, batch);
    for (int first = pairs - batch; first >= 0; first -= batch) {
      for (int b = 0; b < batch; b++) {
        stepBack(first + b, b * row);
      }
      Arrays.fill(dh, 0f);
      recurrent.backward().multiply(dz, first * width, width, 1, width, dh, 0, row, batch);
    }
    int m = extent.inputs();
    int mRow = Panels.pad(m);
    Arrays.fill(dx, 0f);
    input.backward().multiply(dz, 0, width, 1, width, dx, 0, mRow, pairs);
    GatePanels.copy(dx, 0, mRow, gradients.x(), 0, m, m, pairs);
    GatePanels.copy(dh, 0, row, gradients.initial().get(0), 0, n, n, batch);
    GatePanels.copy(dc, 0, row, gradients.initial().get(1), 0, n, n, batch);
    weightGradients();
    return gradients;
  }

  private void stepBack(int p, int b) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    for (int u = 0; u < row; u += L) {
      int z = p * width + u * GATES;
      FloatVector i = at(gates, z);
      FloatVector f = at(gates, z + L);
      FloatVector g = at(gates, z + 2 * L);
      FloatVector o = at(gates, z + 3 * L);
      FloatVector squashed = at(tanhC, p * row + u);
      FloatVector dhere = at(dh, b + u).add(at(dy, p * row + u));
      FloatVector dcell = dhere.mul(o).mul(one.sub(squashed.mul(squashed))).add(at(dc, b + u));
      dcell.mul(g).mul(i).mul(one.sub(i)).intoArray(dz, z);
      dcell.mul(at(c, p * row + u)).mul(f).mul(one.sub(f)).intoArray(dz, z + L);
      dcell.mul(i).mul(one.sub(g.mul(g))).intoArray(dz, z + 2 * L);
      dhere.mul(squashed).mul(o).mul(one.sub(o)).intoArray(dz, z + 3 * L);
      dcell.mul(f).intoArray(dc, b + u);
    }
  }

  private void weightGradients() {
    Weights total = gradients.weights();
    dInput.run(dz, width, inputs, extent.inputs(), extent.pairs());
    dInput.unpack(GATES, n, 0, total.input());
    dRecurrent.run(dz, width, h, row, extent.pairs());
    dRecurrent.unpack(GATES, n, 0, total.recurrent());
    Arrays.fill(total.bias(), 0f);
    GatePanels.biasGradient(dz, GATES, n, 0, total.bias());
  }
}
