package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 2 to 4 rows by 4 vectors, those of two panels side by side, for 32 registers;
/// see [RowTile]. Panels are read through windows: a check at every load costs a fifth.
final class BroadRowTile {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private BroadRowTile() {}

  static void rows2(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      long next,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    MemorySegment p0 = Tiling.window(packed, panel);
    MemorySegment p1 = Tiling.window(packed, panel + next);
    long b = panel;
    long end = panel + k * Tiling.PANEL_STEP;
    long i = 0;
    // Not replaced on the stack: see Finish.
    long at =
        c
            + switch (k) {
              default -> {
                while (b < end) {
                  long step = i * Tiling.PANEL_STEP;
                  FloatVector b0 = fromMemorySegment(S, p0, step, ORDER);
                  FloatVector b1 = fromMemorySegment(S, p0, step + V, ORDER);
                  FloatVector b2 = fromMemorySegment(S, p1, step, ORDER);
                  FloatVector b3 = fromMemorySegment(S, p1, step + V, ORDER);
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(b0, c00);
                  c01 = a0.fma(b1, c01);
                  c02 = a0.fma(b2, c02);
                  c03 = a0.fma(b3, c03);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c10 = a1.fma(b0, c10);
                  c11 = a1.fma(b1, c11);
                  c12 = a1.fma(b2, c12);
                  c13 = a1.fma(b3, c13);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c00, c01, from, init, into, at);
      Finish.ADD.invokeExact(c02, c03, from, init + 2 * V, into, at + 2 * V);
      Finish.ADD.invokeExact(c10, c11, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c12, c13, from, init + initRow + 2 * V, into, at + cRow + 2 * V);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }

  static void rows3(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      long next,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c23 = zero;
    MemorySegment p0 = Tiling.window(packed, panel);
    MemorySegment p1 = Tiling.window(packed, panel + next);
    long b = panel;
    long end = panel + k * Tiling.PANEL_STEP;
    long i = 0;
    // Not replaced on the stack: see Finish.
    long at =
        c
            + switch (k) {
              default -> {
                while (b < end) {
                  long step = i * Tiling.PANEL_STEP;
                  FloatVector b0 = fromMemorySegment(S, p0, step, ORDER);
                  FloatVector b1 = fromMemorySegment(S, p0, step + V, ORDER);
                  FloatVector b2 = fromMemorySegment(S, p1, step, ORDER);
                  FloatVector b3 = fromMemorySegment(S, p1, step + V, ORDER);
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(b0, c00);
                  c01 = a0.fma(b1, c01);
                  c02 = a0.fma(b2, c02);
                  c03 = a0.fma(b3, c03);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c10 = a1.fma(b0, c10);
                  c11 = a1.fma(b1, c11);
                  c12 = a1.fma(b2, c12);
                  c13 = a1.fma(b3, c13);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c20 = a2.fma(b0, c20);
                  c21 = a2.fma(b1, c21);
                  c22 = a2.fma(b2, c22);
                  c23 = a2.fma(b3, c23);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c00, c01, from, init, into, at);
      Finish.ADD.invokeExact(c02, c03, from, init + 2 * V, into, at + 2 * V);
      Finish.ADD.invokeExact(c10, c11, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c12, c13, from, init + initRow + 2 * V, into, at + cRow + 2 * V);
      Finish.ADD.invokeExact(c20, c21, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(
          c22, c23, from, init + 2 * initRow + 2 * V, into, at + 2 * cRow + 2 * V);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }

  static void rows4(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      long next,
      int k,
      MemorySegment from,
      long init,
      long initRow,
      MemorySegment into,
      long c,
      long cRow) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c12 = zero;
    FloatVector c13 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c22 = zero;
    FloatVector c23 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c32 = zero;
    FloatVector c33 = zero;
    MemorySegment p0 = Tiling.window(packed, panel);
    MemorySegment p1 = Tiling.window(packed, panel + next);
    long b = panel;
    long end = panel + k * Tiling.PANEL_STEP;
    long i = 0;
    // Not replaced on the stack: see Finish.
    long at =
        c
            + switch (k) {
              default -> {
                while (b < end) {
                  long step = i * Tiling.PANEL_STEP;
                  FloatVector b0 = fromMemorySegment(S, p0, step, ORDER);
                  FloatVector b1 = fromMemorySegment(S, p0, step + V, ORDER);
                  FloatVector b2 = fromMemorySegment(S, p1, step, ORDER);
                  FloatVector b3 = fromMemorySegment(S, p1, step + V, ORDER);
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(b0, c00);
                  c01 = a0.fma(b1, c01);
                  c02 = a0.fma(b2, c02);
                  c03 = a0.fma(b3, c03);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c10 = a1.fma(b0, c10);
                  c11 = a1.fma(b1, c11);
                  c12 = a1.fma(b2, c12);
                  c13 = a1.fma(b3, c13);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c20 = a2.fma(b0, c20);
                  c21 = a2.fma(b1, c21);
                  c22 = a2.fma(b2, c22);
                  c23 = a2.fma(b3, c23);
                  FloatVector a3 = broadcast(S, (float) Tiling.ROW_3.get(work, left, i));
                  c30 = a3.fma(b0, c30);
                  c31 = a3.fma(b1, c31);
                  c32 = a3.fma(b2, c32);
                  c33 = a3.fma(b3, c33);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c00, c01, from, init, into, at);
      Finish.ADD.invokeExact(c02, c03, from, init + 2 * V, into, at + 2 * V);
      Finish.ADD.invokeExact(c10, c11, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c12, c13, from, init + initRow + 2 * V, into, at + cRow + 2 * V);
      Finish.ADD.invokeExact(c20, c21, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(
          c22, c23, from, init + 2 * initRow + 2 * V, into, at + 2 * cRow + 2 * V);
      Finish.ADD.invokeExact(c30, c31, from, init + 3 * initRow, into, at + 3 * cRow);
      Finish.ADD.invokeExact(
          c32, c33, from, init + 3 * initRow + 2 * V, into, at + 3 * cRow + 2 * V);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }
}
