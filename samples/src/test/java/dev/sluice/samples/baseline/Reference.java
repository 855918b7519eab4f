package dev.sluice.samples.baseline;

import java.util.List;

/// The two cells in double precision, as short as can be: unit by unit, with no thought of speed.
/// Gradients come from central differences of [#loss].
record Reference(
    Extent extent,
    boolean lstm,
    double[] input,
    double[] recurrent,
    double[] bias,
    double[] x,
    List<double[]> initial,
    double[] dy,
    List<double[]> dFinal) {

  double loss() {
    double loss = 0;
    for (int b = 0; b < extent.batch(); b++) {
      double[][] state = new double[initial.size()][];
      for (int s = 0; s < state.length; s++) {
        state[s] = row(initial.get(s), b, extent.hidden());
      }
      for (int t = 0; t < extent.steps(); t++) {
        int pair = t * extent.batch() + b;
        state =
            lstm
                ? lstm(row(x, pair, extent.inputs()), state)
                : gru(row(x, pair, extent.inputs()), state);
        loss += dot(state[0], row(dy, pair, extent.hidden()));
      }
      for (int s = 0; s < state.length; s++) {
        loss += dot(state[s], row(dFinal.get(s), b, extent.hidden()));
      }
    }
    return loss;
  }

  double difference(double[] of, int at) {
    double before = of[at];
    double step = 1e-5;
    of[at] = before + step;
    double above = loss();
    of[at] = before - step;
    double below = loss();
    of[at] = before;
    return (above - below) / (2 * step);
  }

  private double[][] lstm(double[] x, double[][] state) {
    int n = extent.hidden();
    double[] h = new double[n];
    double[] c = new double[n];
    for (int u = 0; u < n; u++) {
      double i = sigmoid(gate(0, u, x, state[0]));
      double f = sigmoid(gate(1, u, x, state[0]));
      double g = Math.tanh(gate(2, u, x, state[0]));
      double o = sigmoid(gate(3, u, x, state[0]));
      c[u] = f * state[1][u] + i * g;
      h[u] = o * Math.tanh(c[u]);
    }
    return new double[][] {h, c};
  }

  private double[][] gru(double[] x, double[][] state) {
    int n = extent.hidden();
    double[] reset = new double[n];
    for (int i = 0; i < n; i++) {
      reset[i] = sigmoid(gate(0, i, x, state[0])) * state[0][i];
    }
    double[] h = new double[n];
    for (int i = 0; i < n; i++) {
      double u = sigmoid(gate(1, i, x, state[0]));
      h[i] = (1 - u) * Math.tanh(gate(2, i, x, reset)) + u * state[0][i];
    }
    return new double[][] {h};
  }

  private double gate(int gate, int unit, double[] x, double[] h) {
    int row = gate * extent.hidden() + unit;
    return bias[row] + dot(x, row(input, row, x.length)) + dot(h, row(recurrent, row, h.length));
  }

  static double[] row(double[] of, int row, int length) {
    return java.util.Arrays.copyOfRange(of, row * length, (row + 1) * length);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
