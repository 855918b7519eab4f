package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.Buffer.Rows;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.Frame;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// `h_t = tanh(V x_t + U h_{t-1} + b)`.
final class Elman implements TestCell {
  @Override
  public String name() {
    return "elman";
  }

  @Override
  public String equations() {
    return "h_t = tanh(V x_t + U h_{t-1} + b)";
  }

  @Override
  public SequencedMap<String, List<String>> dimensions() {
    SequencedMap<String, List<String>> dimensions = new LinkedHashMap<>();
    dimensions.put("m", List.of("x"));
    dimensions.put("n", List.of("h"));
    return dimensions;
  }

  @Override
  public CellCode bind(Sizes sizes) {
    Map<String, Integer> lengths = sizes.resolve(name(), dimensions());
    return new ElmanCode(lengths.getOrDefault("m", 0), lengths.getOrDefault("n", 0));
  }

  @Override
  public double[] step(Map<String, double[]> p, double[][] inputs, double[][] states) {
    double[] h = p.getOrDefault("b", new double[0]).clone();
    Code.add(h, p.getOrDefault("V", new double[0]), inputs[0]);
    Code.add(h, p.getOrDefault("U", new double[0]), states[0]);
    for (int i = 0; i < h.length; i++) {
      h[i] = Math.tanh(h[i]);
    }
    states[0] = h;
    return h;
  }

  private static final class ElmanCode extends Code {
    private static final int X = 0;
    private static final int H = 1;
    private static final int D_X = 2;
    private static final int D_Y = 3;
    private static final int D_H = 4;
    private final int m;
    private final int n;
    private final List<Buffer> buffers;

    ElmanCode(int m, int n) {
      this.m = m;
      this.n = n;
      this.buffers =
          List.of(
              buffer("x", m, Rows.SEQUENCE, Rows.SEQUENCE),
              buffer("h", n, Rows.STATE_SEQUENCE, Rows.STATE_SEQUENCE),
              buffer("d_x", m, Rows.NONE, Rows.SEQUENCE),
              buffer("d_y", n, Rows.NONE, Rows.SEQUENCE),
              buffer("d_h", n, Rows.NONE, Rows.RING));
    }

    @Override
    public List<Slot> inputs() {
      return List.of(new Slot("x", m, 0, X, D_X));
    }

    @Override
    public List<Slot> states() {
      return List.of(new Slot("h", n, 0, H, D_H));
    }

    @Override
    public Slot output() {
      return new Slot("h", n, 0, H, D_Y);
    }

    @Override
    public List<ParameterSlot> parameters() {
      return List.of(
          new ParameterSlot("V", 2, n, m, 0, "default"),
          new ParameterSlot("U", 2, n, n, (long) n * m, "orthogonal"),
          new ParameterSlot("b", 1, n, 1, (long) n * (m + n), "uniform 0.5"));
    }

    @Override
    public List<Buffer> buffers() {
      return buffers;
    }

    @Override
    public void forward(Frame frame) {
      MemorySegment w = frame.packed().vectors();
      MemorySegment work = frame.work();
      for (int t = 0; t < frame.steps(); t++) {
        for (int b = 0; b < frame.rows(t); b++) {
          for (int i = 0; i < n; i++) {
            float z = get(w, 0, (long) n * (m + n) + i);
            for (int j = 0; j < m; j++) {
              z += get(w, 0, (long) i * m + j) * get(work, at(frame, X, t, b), j);
            }
            for (int j = 0; j < n; j++) {
              z +=
                  get(w, 0, (long) n * m + (long) i * n + j) * get(work, at(frame, H, t - 1, b), j);
            }
            set(work, at(frame, H, t, b), i, (float) Math.tanh(z));
          }
        }
      }
    }

    @Override
    public void backward(Frame frame) {
      for (int t = frame.steps() - 1; t >= 0; t--) {
        for (int b = 0; b < frame.rows(t); b++) {
          step(frame, t, b);
        }
      }
    }

    private void step(Frame frame, int t, int b) {
      MemorySegment w = frame.packed().vectors();
      MemorySegment work = frame.work();
      MemorySegment g = frame.gradients();
      float[] dX = new float[m];
      float[] dPrevious = new float[n];
      for (int i = 0; i < n; i++) {
        float h = get(work, at(frame, H, t, b), i);
        float dH = get(work, at(frame, D_Y, t, b), i) + get(work, at(frame, D_H, t + 1, b), i);
        float dZ = dH * (1 - h * h);
        for (int j = 0; j < m; j++) {
          add(g, 0, (long) i * m + j, dZ * get(work, at(frame, X, t, b), j));
          dX[j] += dZ * get(w, 0, (long) i * m + j);
        }
        for (int j = 0; j < n; j++) {
          add(g, 0, (long) n * m + (long) i * n + j, dZ * get(work, at(frame, H, t - 1, b), j));
          dPrevious[j] += dZ * get(w, 0, (long) n * m + (long) i * n + j);
        }
        add(g, 0, (long) n * (m + n) + i, dZ);
      }
      for (int j = 0; j < m; j++) {
        set(work, at(frame, D_X, t, b), j, dX[j]);
      }
      for (int j = 0; j < n; j++) {
        set(work, at(frame, D_H, t, b), j, dPrevious[j]);
      }
    }
  }
}
