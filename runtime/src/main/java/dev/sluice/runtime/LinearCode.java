package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.Buffer.Rows;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.OuterProducts;
import dev.sluice.runtime.spi.PackedWeights;
import dev.sluice.runtime.spi.Packing;
import dev.sluice.runtime.spi.Panel;
import dev.sluice.runtime.spi.Panels;
import dev.sluice.runtime.spi.Products;
import dev.sluice.runtime.spi.WeightGradients;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `y_t = W x_t + b` over the product kernels: all steps at once, for nothing recurs.
final class LinearCode implements CellCode {
  private static final int X = 0;
  private static final int Y = 1;
  private static final int D_X = 2;
  private static final int D_Y = 3;
  private static final int LEFT = 4;
  private static final int OUTER = 5;

  private final int m;
  private final int n;
  private final long bias;
  private final Panel weight;
  private final Panel transposed;
  private final Packing packing;
  private final OuterProducts weights;

  /// @param m floats of x
  /// @param n floats of y
  LinearCode(int m, int n) {
    this.m = m;
    this.n = n;
    Packing.Builder pieces = new Packing.Builder();
    this.bias = pieces.vectors(n, 1);
    this.weight = pieces.panel(n, 1, m);
    pieces.endForward();
    this.transposed = pieces.panel(m, 1, n);
    this.packing = pieces.build();
    this.weights = new OuterProducts.Builder().add(D_Y, 0, n, X, 0, m, 0, m).build();
  }

  @Override
  public Packing packing() {
    return packing;
  }

  @Override
  public List<Slot> inputs() {
    return List.of(new Slot("x", m, 0, X, D_X));
  }

  @Override
  public List<Slot> states() {
    return List.of();
  }

  @Override
  public Slot output() {
    return new Slot("y", n, 0, Y, D_Y);
  }

  @Override
  public List<ParameterSlot> parameters() {
    return List.of(
        new ParameterSlot("W", 2, n, m, 0, "default"),
        new ParameterSlot("b", 1, n, 1, (long) n * m, "default"));
  }

  @Override
  public List<Buffer> buffers() {
    return List.of(
        new Buffer("x", Lanes.pad(m), Rows.SEQUENCE, Rows.SEQUENCE),
        new Buffer("y", Lanes.pad(n), Rows.SEQUENCE, Rows.SEQUENCE),
        new Buffer("d_x", Lanes.pad(m), Rows.NONE, Rows.SEQUENCE),
        new Buffer("d_y", Lanes.pad(n), Rows.NONE, Rows.SEQUENCE),
        new Buffer("left", Products.leftFloats(Math.max(m, n)), Rows.ONCE, Rows.ONCE),
        new Buffer("outer", weights.scratchFloats(), Rows.NONE, Rows.ONCE));
  }

  @Override
  public void pack(MemorySegment parameters, PackedWeights packed, Mode mode) {
    Panels.pack(parameters, 0, m, false, n, m, packed, weight, 0, 0);
    Panels.addVector(parameters, bytes((long) n * m), n, packed.vectors(), bias, 1, 0);
    if (mode == Mode.TRAINING) {
      Panels.pack(parameters, 0, m, true, m, n, packed, transposed, 0, 0);
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void forward(Frame frame) {
    // y = W x + b
    multiply(frame, X, m, weight, frame.packed().vectors(), Y, n);
  }

  @Override
  public void backward(Frame frame) {
    long dY = frame.row(D_Y, 0);
    long dYRow = bytes(Lanes.pad(n));
    // ∂L/∂W = Σ d_y xᵀ   ∂L/∂b = Σ d_y   ∂L/∂x = Wᵀ d_y
    weights.addTo(frame, 0, frame.pairs(), OUTER);
    WeightGradients.columnSums(frame, dY, dYRow, n, frame.pairs(), bytes((long) n * m));
    multiply(frame, D_Y, n, transposed, null, D_X, m);
  }

  /// `target = panel · source + biases`.
  private void multiply(
      Frame frame,
      int source,
      int k,
      Panel panel,
      @Nullable MemorySegment biases,
      int target,
      int units) {
    long sourceRow = bytes(Lanes.pad(k));
    long targetRow = bytes(Lanes.pad(units));
    long left = frame.base(LEFT);
    int end = frame.end(frame.pairs(), 1);
    for (int row = frame.first(frame.pairs(), 1); row < end; row += Products.ROWS) {
      int some = Math.min(Products.ROWS, end - row);
      Products.load(
          frame.work(), frame.row(source, 0) + row * sourceRow, sourceRow, k, some, left, 0, k);
      Products.multiply(
          frame.work(),
          left,
          k,
          frame.packed(),
          panel,
          0,
          0,
          biases,
          bias,
          0,
          frame.row(target, 0) + row * targetRow,
          targetRow,
          some,
          Lanes.blocks(units));
    }
  }

  private static long bytes(long floats) {
    return floats * Float.BYTES;
  }
}
