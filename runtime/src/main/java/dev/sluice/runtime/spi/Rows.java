package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// Work on whole rows of a frame. Offsets and strides are in bytes.
public final class Rows {
  private Rows() {}

  /// Copies `floats` floats of each row; a stride of 0 takes the same row again and again.
  public static void copy(
      MemorySegment from,
      long source,
      long sourceRow,
      MemorySegment to,
      long target,
      long targetRow,
      int floats,
      int rows) {
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(
          from,
          source + row * sourceRow,
          to,
          target + row * targetRow,
          (long) floats * Float.BYTES);
    }
  }

  /// Sets `floats` floats of each row to 0.
  public static void clear(MemorySegment to, long target, long targetRow, int floats, int rows) {
    for (int row = 0; row < rows; row++) {
      to.asSlice(target + row * targetRow, (long) floats * Float.BYTES).fill((byte) 0);
    }
  }
}
