package dev.sluice.runtime;

import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// Rows of floats off the heap: own memory that grows when needed, or a view of a frame's buffer.
final class Rows implements AutoCloseable, Source {
  private final String what;
  private final int length;
  private Memory.@Nullable Block block;
  private MemorySegment segment = MemorySegment.NULL;
  private long base;
  private long stride;

  /// @param length floats of one row that count
  Rows(String what, int length) {
    this.what = what;
    this.length = length;
  }

  /// Own memory for at least so many rows. What it held is lost when it grows.
  void room(int rows) {
    long floats = (long) rows * Lanes.pad(length);
    Memory.Block current = block;
    if (current == null || current.floats() < floats) {
      close();
      current = Memory.allocate(what, floats);
      block = current;
    }
    point(current.segment(), 0, Lanes.pad(length));
  }

  /// A view from now on.
  ///
  /// @param base byte offset of the first row
  /// @param stride floats from row to row
  void point(MemorySegment segment, long base, int stride) {
    this.segment = segment;
    this.base = base;
    this.stride = (long) stride * Float.BYTES;
  }

  @Override
  public int length() {
    return length;
  }

  /// Bytes of its own memory.
  long bytes() {
    return block == null ? 0 : block.bytes();
  }

  MemorySegment segment() {
    return segment;
  }

  /// Byte offset of a row.
  long row(int row) {
    return base + row * stride;
  }

  void fill(int rows, float value) {
    for (int row = 0; row < rows; row++) {
      fillRow(row, value);
    }
  }

  void fillRow(int row, float value) {
    long start = row(row);
    if (value == 0) {
      segment.asSlice(start, (long) length * Float.BYTES).fill((byte) 0);
      return;
    }
    for (int i = 0; i < length; i++) {
      segment.set(ValueLayout.JAVA_FLOAT, start + (long) i * Float.BYTES, value);
    }
  }

  void copyRow(int row, int column, Rows target, int targetRow, int targetColumn, int count) {
    MemorySegment.copy(
        segment,
        row(row) + (long) column * Float.BYTES,
        target.segment,
        target.row(targetRow) + (long) targetColumn * Float.BYTES,
        (long) count * Float.BYTES);
  }

  void addRow(int row, Rows target, int targetRow, float scale) {
    long from = row(row);
    long to = target.row(targetRow);
    for (long i = 0; i < (long) length * Float.BYTES; i += Float.BYTES) {
      float sum =
          target.segment.get(ValueLayout.JAVA_FLOAT, to + i)
              + scale * segment.get(ValueLayout.JAVA_FLOAT, from + i);
      target.segment.set(ValueLayout.JAVA_FLOAT, to + i, sum);
    }
  }

  void scale(int rows, float factor) {
    for (int row = 0; row < rows; row++) {
      long start = row(row);
      for (int i = 0; i < length; i++) {
        long at = start + (long) i * Float.BYTES;
        segment.set(ValueLayout.JAVA_FLOAT, at, factor * segment.get(ValueLayout.JAVA_FLOAT, at));
      }
    }
  }

  @Override
  public void copyStep(Layout layout, int t, int b, boolean reverse, Rows target, int targetRow) {
    copyRow(layout.row(t, b, reverse), 0, target, targetRow, 0, length);
  }

  @Override
  public boolean copyAll(Layout layout, Rows target) {
    boolean same = target.length == length;
    if (same) {
      copyTo(target, layout.pairs());
    }
    return same;
  }

  /// Copies so many rows to the same places of another buffer.
  void copyTo(Rows target, int rows) {
    if (stride == target.stride) {
      MemorySegment.copy(segment, base, target.segment, target.base, rows * stride);
      return;
    }
    for (int row = 0; row < rows; row++) {
      copyRow(row, 0, target, row, 0, length);
    }
  }

  /// Whether rows follow each other without a gap, as a tensor's do.
  boolean isDense() {
    return stride == (long) length * Float.BYTES;
  }

  /// Sorts a tensor [T, B, length] in.
  void read(Tensor tensor, Layout layout) {
    if (isDense() && layout.isCallers()) {
      MemorySegment.copy(tensor.data(), 0, segment, base, layout.pairs() * stride);
      return;
    }
    for (int t = 0; t < layout.steps(); t++) {
      for (int b = 0; b < layout.rows(t); b++) {
        long from = layout.callersRow(t, b, false) * length * Float.BYTES;
        MemorySegment.copy(
            tensor.data(),
            from,
            segment,
            row(layout.row(t, b, false)),
            (long) length * Float.BYTES);
      }
    }
  }

  /// Sorts out into a tensor [T, B, length]; 0 past the end of a sequence.
  void write(Tensor tensor, Layout layout, boolean reverse) {
    if (isDense() && layout.isCallers() && !reverse) {
      MemorySegment.copy(segment, base, tensor.data(), 0, layout.pairs() * stride);
      return;
    }
    if (layout.padded()) {
      tensor.data().fill((byte) 0);
    }
    for (int t = 0; t < layout.steps(); t++) {
      for (int b = 0; b < layout.rows(t); b++) {
        long to = layout.callersRow(t, b, false) * length * Float.BYTES;
        MemorySegment.copy(
            segment,
            row(layout.row(t, b, reverse)),
            tensor.data(),
            to,
            (long) length * Float.BYTES);
      }
    }
  }

  /// Rows as they stand, without sorting.
  void read(MemorySegment source, int rows) {
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(
          source,
          (long) row * length * Float.BYTES,
          segment,
          row(row),
          (long) length * Float.BYTES);
    }
  }

  void write(MemorySegment target, int rows) {
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(
          segment,
          row(row),
          target,
          (long) row * length * Float.BYTES,
          (long) length * Float.BYTES);
    }
  }

  void write(float[] target, int rows) {
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, row(row), target, row * length, length);
    }
  }

  @Override
  public void close() {
    if (block != null) {
      block.close();
      block = null;
    }
    segment = MemorySegment.NULL;
  }
}
