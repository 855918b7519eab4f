package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.Buffer.Rows;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.Panels;
import dev.sluice.runtime.spi.Products;
import dev.sluice.runtime.spi.WeightGradients;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `y_t = W x_t + b` over the product kernels: all steps at once, for nothing recurs.
///
/// @param m floats of x
/// @param n floats of y
record LinearCode(int m, int n) implements CellCode {
  private static final int X = 0;
  private static final int Y = 1;
  private static final int D_X = 2;
  private static final int D_Y = 3;
  private static final int LEFT = 4;
  private static final int OUTER = 5;

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
        new Buffer("outer", Products.OUTER_FLOATS, Rows.NONE, Rows.ONCE));
  }

  /// W in panels, b, and to train Wᵀ in panels.
  @Override
  public long packedFloats(Mode mode) {
    return transposedAt() + (mode == Mode.TRAINING ? Panels.floats(m, n, 1) : 0);
  }

  private long biasAt() {
    return Panels.floats(n, m, 1);
  }

  private long transposedAt() {
    return biasAt() + Lanes.pad(n);
  }

  @Override
  public void pack(MemorySegment parameters, MemorySegment packed, Mode mode) {
    Panels.pack(parameters, 0, m, false, n, m, packed, 0, 0, m, 1, 0);
    long b = (long) n * m * Float.BYTES;
    MemorySegment.copy(parameters, b, packed, biasAt() * Float.BYTES, (long) n * Float.BYTES);
    if (mode == Mode.TRAINING) {
      Panels.pack(parameters, 0, m, true, m, n, packed, transposedAt() * Float.BYTES, 0, n, 1, 0);
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void forward(Frame frame) {
    // y = W x + b
    multiply(frame, X, m, 0, biasAt(), Y, n);
  }

  @Override
  public void backward(Frame frame) {
    long x = frame.row(X, 0);
    long xRow = bytes(Lanes.pad(m));
    long dY = frame.row(D_Y, 0);
    long dYRow = bytes(Lanes.pad(n));
    // ∂L/∂W = Σ d_y xᵀ   ∂L/∂b = Σ d_y   ∂L/∂x = Wᵀ d_y
    WeightGradients.outer(frame, dY, dYRow, n, x, xRow, m, frame.pairs(), 0, bytes(m), OUTER);
    WeightGradients.columnSums(frame, dY, dYRow, n, frame.pairs(), bytes((long) n * m));
    multiply(frame, D_Y, n, transposedAt(), -1, D_X, m);
  }

  /// `target = panels · source + init`.
  ///
  /// @param panels float offset in the packed weights; `init` that of the row to start from, -1 for
  /// 0
  private static void multiply(
      Frame frame, int source, int k, long panels, long init, int target, int units) {
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
          bytes(panels),
          0,
          k,
          init < 0 ? null : frame.packed(),
          bytes(init),
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
