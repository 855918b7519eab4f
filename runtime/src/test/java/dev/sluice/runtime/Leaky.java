package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.Buffer.Rows;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Two states of different lengths, a second input that is a scalar, an initial value that isn't 0,
/// an output that is no state:
///
///     c_t = tanh(A x_t + u ∘ c_{t-1})      c_0 = ½
///     e_t = k Σ c_t + s_t e_{t-1}
///     y_t = c_t ∘ c_t + e_t
final class Leaky implements TestCell {
  @Override
  public String name() {
    return "leaky";
  }

  @Override
  public String equations() {
    return "c_t = tanh(A x_t + u ∘ c_{t-1})\ne_t = k Σ c_t + s_t e_{t-1}\ny_t = c_t ∘ c_t + e_t";
  }

  @Override
  public SequencedMap<String, List<String>> dimensions() {
    SequencedMap<String, List<String>> dimensions = new LinkedHashMap<>();
    dimensions.put("m", List.of("x"));
    dimensions.put("n", List.of("c", "y"));
    return dimensions;
  }

  @Override
  public CellCode bind(Sizes sizes) {
    Map<String, Integer> lengths = sizes.resolve(name(), dimensions());
    return new LeakyCode(lengths.getOrDefault("m", 0), lengths.getOrDefault("n", 0));
  }

  @Override
  public double[] step(Map<String, double[]> p, double[][] inputs, double[][] states) {
    double[] u = p.getOrDefault("u", new double[0]);
    double[] c = new double[u.length];
    Code.add(c, p.getOrDefault("A", new double[0]), inputs[0]);
    double e = inputs[1][0] * states[1][0];
    for (int i = 0; i < c.length; i++) {
      c[i] = Math.tanh(c[i] + u[i] * states[0][i]);
      e += p.getOrDefault("k", new double[1])[0] * c[i];
    }
    double[] y = new double[c.length];
    for (int i = 0; i < c.length; i++) {
      y[i] = c[i] * c[i] + e;
    }
    states[0] = c;
    states[1] = new double[] {e};
    return y;
  }

  private static final class LeakyCode extends Code {
    private static final int X = 0;
    private static final int S = 1;
    private static final int C = 2;
    private static final int E = 3;
    private static final int Y = 4;
    private static final int D_X = 5;
    private static final int D_S = 6;
    private static final int D_C = 7;
    private static final int D_E = 8;
    private static final int D_Y = 9;
    private final int m;
    private final int n;
    private final List<Buffer> buffers;

    LeakyCode(int m, int n) {
      this.m = m;
      this.n = n;
      this.buffers =
          List.of(
              buffer("x", m, Rows.SEQUENCE, Rows.SEQUENCE),
              buffer("s", 1, Rows.SEQUENCE, Rows.SEQUENCE),
              buffer("c", n, Rows.RING, Rows.STATE_SEQUENCE),
              buffer("e", 1, Rows.RING, Rows.STATE_SEQUENCE),
              buffer("y", n, Rows.SEQUENCE, Rows.SEQUENCE),
              buffer("d_x", m, Rows.NONE, Rows.SEQUENCE),
              buffer("d_s", 1, Rows.NONE, Rows.SEQUENCE),
              buffer("d_c", n, Rows.NONE, Rows.RING),
              buffer("d_e", 1, Rows.NONE, Rows.RING),
              buffer("d_y", n, Rows.NONE, Rows.SEQUENCE));
    }

    @Override
    public List<Slot> inputs() {
      return List.of(new Slot("x", m, 0, X, D_X), new Slot("s", 1, 0, S, D_S));
    }

    @Override
    public List<Slot> states() {
      return List.of(new Slot("c", n, 0.5f, C, D_C), new Slot("e", 1, 0, E, D_E));
    }

    @Override
    public Slot output() {
      return new Slot("y", n, 0, Y, D_Y);
    }

    @Override
    public List<ParameterSlot> parameters() {
      return List.of(
          new ParameterSlot("A", 2, n, m, 0, "glorot"),
          new ParameterSlot("u", 1, n, 1, (long) n * m, "normal 0.5"),
          new ParameterSlot("k", 0, 1, 1, (long) n * m + n, "constant 0.25"));
    }

    @Override
    public List<Buffer> buffers() {
      return buffers;
    }

    private long u() {
      return (long) n * m;
    }

    private long k() {
      return (long) n * m + n;
    }

    /// What kernels may leave behind the last unit of a block.
    private void soil(Frame frame, int buffer, int t, int b) {
      for (int i = n; i < Lanes.blocks(n) * Lanes.COUNT; i++) {
        set(frame.work(), at(frame, buffer, t, b), i, 1e-38f);
      }
    }

    /// Kernels go on with what lies there, so that a decay would never end.
    private void expectZeros(Frame frame, int buffer, int t, int b) {
      for (int i = n; i < Lanes.blocks(n) * Lanes.COUNT; i++) {
        float behind = get(frame.work(), at(frame, buffer, t, b), i);
        if (behind != 0) {
          throw new IllegalStateException(
              "%s[%d] at step %d: %s".formatted(buffers.get(buffer).name(), i, t, behind));
        }
      }
    }

    @Override
    public void forward(Frame frame) {
      MemorySegment w = frame.packed().vectors();
      MemorySegment work = frame.work();
      for (int t = 0; t < frame.steps(); t++) {
        for (int b = 0; b < frame.rows(t); b++) {
          if (t == 0) {
            expectZeros(frame, C, -1, b);
          }
          soil(frame, C, t, b);
          float e = get(work, at(frame, S, t, b), 0) * get(work, at(frame, E, t - 1, b), 0);
          for (int i = 0; i < n; i++) {
            float z = get(w, 0, u() + i) * get(work, at(frame, C, t - 1, b), i);
            for (int j = 0; j < m; j++) {
              z += get(w, 0, (long) i * m + j) * get(work, at(frame, X, t, b), j);
            }
            float c = (float) Math.tanh(z);
            set(work, at(frame, C, t, b), i, c);
            e += get(w, 0, k()) * c;
          }
          set(work, at(frame, E, t, b), 0, e);
          for (int i = 0; i < n; i++) {
            float c = get(work, at(frame, C, t, b), i);
            set(work, at(frame, Y, t, b), i, c * c + e);
          }
        }
      }
    }

    @Override
    public void backward(Frame frame) {
      for (int t = frame.steps() - 1; t >= 0; t--) {
        for (int b = 0; b < frame.rows(t); b++) {
          if (t + 1 == frame.steps() || b >= frame.rows(t + 1)) {
            expectZeros(frame, D_C, t + 1, b);
          }
          step(frame, t, b);
          soil(frame, D_C, t, b);
        }
      }
    }

    private void step(Frame frame, int t, int b) {
      MemorySegment w = frame.packed().vectors();
      MemorySegment work = frame.work();
      MemorySegment g = frame.gradients();
      float dE = get(work, at(frame, D_E, t + 1, b), 0);
      for (int i = 0; i < n; i++) {
        dE += get(work, at(frame, D_Y, t, b), i);
      }
      float previous = get(work, at(frame, E, t - 1, b), 0);
      float s = get(work, at(frame, S, t, b), 0);
      float[] dX = new float[m];
      for (int i = 0; i < n; i++) {
        float c = get(work, at(frame, C, t, b), i);
        add(g, 0, k(), dE * c);
        float dC = get(work, at(frame, D_C, t + 1, b), i) + dE * get(w, 0, k());
        dC += get(work, at(frame, D_Y, t, b), i) * 2 * c;
        float dZ = dC * (1 - c * c);
        add(g, 0, u() + i, dZ * get(work, at(frame, C, t - 1, b), i));
        set(work, at(frame, D_C, t, b), i, dZ * get(w, 0, u() + i));
        for (int j = 0; j < m; j++) {
          add(g, 0, (long) i * m + j, dZ * get(work, at(frame, X, t, b), j));
          dX[j] += dZ * get(w, 0, (long) i * m + j);
        }
      }
      set(work, at(frame, D_S, t, b), 0, dE * previous);
      set(work, at(frame, D_E, t, b), 0, dE * s);
      for (int j = 0; j < m; j++) {
        set(work, at(frame, D_X, t, b), j, dX[j]);
      }
    }
  }
}
