package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// An input where the caller has it, in the caller's order, while a pass runs: cells copy it from
/// there into their frames.
final class Given implements Source {
  private final int length;
  private MemorySegment data = MemorySegment.NULL;

  /// Instead of `data`: to wrap an array allocates.
  private float @Nullable [] step;

  Given(int length) {
    this.length = length;
  }

  /// @param tensor [T, B, length]
  void set(Tensor tensor) {
    data = tensor.data();
    step = null;
  }

  /// One step.
  ///
  /// @param step [B · length] floats
  void set(float[] step) {
    this.step = step;
  }

  /// The caller has it back.
  void clear() {
    data = MemorySegment.NULL;
    step = null;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void copyStep(Layout layout, int t, int b, boolean reverse, Rows target, int targetRow) {
    copy(layout.callersRow(t, b, reverse), target, targetRow, 1);
  }

  @Override
  public boolean copyAll(Layout layout, Rows target) {
    boolean same = target.isDense() && target.length() == length && layout.isCallers();
    if (same) {
      copy(0, target, 0, layout.pairs());
    }
    return same;
  }

  private void copy(long row, Rows target, int targetRow, int rows) {
    long from = row * length;
    long to = target.row(targetRow);
    long floats = (long) rows * length;
    if (step == null) {
      MemorySegment.copy(data, from * Float.BYTES, target.segment(), to, floats * Float.BYTES);
    } else {
      MemorySegment.copy(
          step, (int) from, target.segment(), ValueLayout.JAVA_FLOAT, to, (int) floats);
    }
  }
}
