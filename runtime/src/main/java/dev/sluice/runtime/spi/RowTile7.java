package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 7 to 9 rows by 2 vectors, for 32 registers; see [RowTile].
final class RowTile7 {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private RowTile7() {}

  static void rows7(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
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
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    long b = panel;
    long end = panel + k * Tiling.PANEL_STEP;
    long i = 0;
    // Not replaced on the stack: see Finish.
    long at =
        c
            + switch (k) {
              default -> {
                while (b < end) {
                  FloatVector b0 = fromMemorySegment(S, packed, b, ORDER);
                  FloatVector b1 = fromMemorySegment(S, packed, b + V, ORDER);
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(b0, c00);
                  c01 = a0.fma(b1, c01);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c10 = a1.fma(b0, c10);
                  c11 = a1.fma(b1, c11);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c20 = a2.fma(b0, c20);
                  c21 = a2.fma(b1, c21);
                  FloatVector a3 = broadcast(S, (float) Tiling.ROW_3.get(work, left, i));
                  c30 = a3.fma(b0, c30);
                  c31 = a3.fma(b1, c31);
                  FloatVector a4 = broadcast(S, (float) Tiling.ROW_4.get(work, left, i));
                  c40 = a4.fma(b0, c40);
                  c41 = a4.fma(b1, c41);
                  FloatVector a5 = broadcast(S, (float) Tiling.ROW_5.get(work, left, i));
                  c50 = a5.fma(b0, c50);
                  c51 = a5.fma(b1, c51);
                  FloatVector a6 = broadcast(S, (float) Tiling.ROW_6.get(work, left, i));
                  c60 = a6.fma(b0, c60);
                  c61 = a6.fma(b1, c61);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c00, c01, from, init, into, at);
      Finish.ADD.invokeExact(c10, c11, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c20, c21, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(c30, c31, from, init + 3 * initRow, into, at + 3 * cRow);
      Finish.ADD.invokeExact(c40, c41, from, init + 4 * initRow, into, at + 4 * cRow);
      Finish.ADD.invokeExact(c50, c51, from, init + 5 * initRow, into, at + 5 * cRow);
      Finish.ADD.invokeExact(c60, c61, from, init + 6 * initRow, into, at + 6 * cRow);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }

  static void rows8(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
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
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    long b = panel;
    long end = panel + k * Tiling.PANEL_STEP;
    long i = 0;
    // Not replaced on the stack: see Finish.
    long at =
        c
            + switch (k) {
              default -> {
                while (b < end) {
                  FloatVector b0 = fromMemorySegment(S, packed, b, ORDER);
                  FloatVector b1 = fromMemorySegment(S, packed, b + V, ORDER);
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(b0, c00);
                  c01 = a0.fma(b1, c01);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c10 = a1.fma(b0, c10);
                  c11 = a1.fma(b1, c11);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c20 = a2.fma(b0, c20);
                  c21 = a2.fma(b1, c21);
                  FloatVector a3 = broadcast(S, (float) Tiling.ROW_3.get(work, left, i));
                  c30 = a3.fma(b0, c30);
                  c31 = a3.fma(b1, c31);
                  FloatVector a4 = broadcast(S, (float) Tiling.ROW_4.get(work, left, i));
                  c40 = a4.fma(b0, c40);
                  c41 = a4.fma(b1, c41);
                  FloatVector a5 = broadcast(S, (float) Tiling.ROW_5.get(work, left, i));
                  c50 = a5.fma(b0, c50);
                  c51 = a5.fma(b1, c51);
                  FloatVector a6 = broadcast(S, (float) Tiling.ROW_6.get(work, left, i));
                  c60 = a6.fma(b0, c60);
                  c61 = a6.fma(b1, c61);
                  FloatVector a7 = broadcast(S, (float) Tiling.ROW_7.get(work, left, i));
                  c70 = a7.fma(b0, c70);
                  c71 = a7.fma(b1, c71);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c00, c01, from, init, into, at);
      Finish.ADD.invokeExact(c10, c11, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c20, c21, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(c30, c31, from, init + 3 * initRow, into, at + 3 * cRow);
      Finish.ADD.invokeExact(c40, c41, from, init + 4 * initRow, into, at + 4 * cRow);
      Finish.ADD.invokeExact(c50, c51, from, init + 5 * initRow, into, at + 5 * cRow);
      Finish.ADD.invokeExact(c60, c61, from, init + 6 * initRow, into, at + 6 * cRow);
      Finish.ADD.invokeExact(c70, c71, from, init + 7 * initRow, into, at + 7 * cRow);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }

  static void rows9(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
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
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    FloatVector c80 = zero;
    FloatVector c81 = zero;
    long b = panel;
    long end = panel + k * Tiling.PANEL_STEP;
    long i = 0;
    // Not replaced on the stack: see Finish.
    long at =
        c
            + switch (k) {
              default -> {
                while (b < end) {
                  FloatVector b0 = fromMemorySegment(S, packed, b, ORDER);
                  FloatVector b1 = fromMemorySegment(S, packed, b + V, ORDER);
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(b0, c00);
                  c01 = a0.fma(b1, c01);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c10 = a1.fma(b0, c10);
                  c11 = a1.fma(b1, c11);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c20 = a2.fma(b0, c20);
                  c21 = a2.fma(b1, c21);
                  FloatVector a3 = broadcast(S, (float) Tiling.ROW_3.get(work, left, i));
                  c30 = a3.fma(b0, c30);
                  c31 = a3.fma(b1, c31);
                  FloatVector a4 = broadcast(S, (float) Tiling.ROW_4.get(work, left, i));
                  c40 = a4.fma(b0, c40);
                  c41 = a4.fma(b1, c41);
                  FloatVector a5 = broadcast(S, (float) Tiling.ROW_5.get(work, left, i));
                  c50 = a5.fma(b0, c50);
                  c51 = a5.fma(b1, c51);
                  FloatVector a6 = broadcast(S, (float) Tiling.ROW_6.get(work, left, i));
                  c60 = a6.fma(b0, c60);
                  c61 = a6.fma(b1, c61);
                  FloatVector a7 = broadcast(S, (float) Tiling.ROW_7.get(work, left, i));
                  c70 = a7.fma(b0, c70);
                  c71 = a7.fma(b1, c71);
                  FloatVector a8 = broadcast(S, (float) Tiling.ROW_8.get(work, left, i));
                  c80 = a8.fma(b0, c80);
                  c81 = a8.fma(b1, c81);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c00, c01, from, init, into, at);
      Finish.ADD.invokeExact(c10, c11, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c20, c21, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(c30, c31, from, init + 3 * initRow, into, at + 3 * cRow);
      Finish.ADD.invokeExact(c40, c41, from, init + 4 * initRow, into, at + 4 * cRow);
      Finish.ADD.invokeExact(c50, c51, from, init + 5 * initRow, into, at + 5 * cRow);
      Finish.ADD.invokeExact(c60, c61, from, init + 6 * initRow, into, at + 6 * cRow);
      Finish.ADD.invokeExact(c70, c71, from, init + 7 * initRow, into, at + 7 * cRow);
      Finish.ADD.invokeExact(c80, c81, from, init + 8 * initRow, into, at + 8 * cRow);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }
}
