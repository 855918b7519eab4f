package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 10 to 12 rows by 2 vectors, for 32 registers; see [RowTile].
final class RowTile10 {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private RowTile10() {}

  static void rows10(
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
    FloatVector c90 = zero;
    FloatVector c91 = zero;
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
                  FloatVector a9 = broadcast(S, (float) Tiling.ROW_9.get(work, left, i));
                  c90 = a9.fma(b0, c90);
                  c91 = a9.fma(b1, c91);
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
      Finish.ADD.invokeExact(c90, c91, from, init + 9 * initRow, into, at + 9 * cRow);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }

  static void rows11(
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
    FloatVector c0_0 = zero;
    FloatVector c0_1 = zero;
    FloatVector c1_0 = zero;
    FloatVector c1_1 = zero;
    FloatVector c2_0 = zero;
    FloatVector c2_1 = zero;
    FloatVector c3_0 = zero;
    FloatVector c3_1 = zero;
    FloatVector c4_0 = zero;
    FloatVector c4_1 = zero;
    FloatVector c5_0 = zero;
    FloatVector c5_1 = zero;
    FloatVector c6_0 = zero;
    FloatVector c6_1 = zero;
    FloatVector c7_0 = zero;
    FloatVector c7_1 = zero;
    FloatVector c8_0 = zero;
    FloatVector c8_1 = zero;
    FloatVector c9_0 = zero;
    FloatVector c9_1 = zero;
    FloatVector c10_0 = zero;
    FloatVector c10_1 = zero;
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
                  c0_0 = a0.fma(b0, c0_0);
                  c0_1 = a0.fma(b1, c0_1);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c1_0 = a1.fma(b0, c1_0);
                  c1_1 = a1.fma(b1, c1_1);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c2_0 = a2.fma(b0, c2_0);
                  c2_1 = a2.fma(b1, c2_1);
                  FloatVector a3 = broadcast(S, (float) Tiling.ROW_3.get(work, left, i));
                  c3_0 = a3.fma(b0, c3_0);
                  c3_1 = a3.fma(b1, c3_1);
                  FloatVector a4 = broadcast(S, (float) Tiling.ROW_4.get(work, left, i));
                  c4_0 = a4.fma(b0, c4_0);
                  c4_1 = a4.fma(b1, c4_1);
                  FloatVector a5 = broadcast(S, (float) Tiling.ROW_5.get(work, left, i));
                  c5_0 = a5.fma(b0, c5_0);
                  c5_1 = a5.fma(b1, c5_1);
                  FloatVector a6 = broadcast(S, (float) Tiling.ROW_6.get(work, left, i));
                  c6_0 = a6.fma(b0, c6_0);
                  c6_1 = a6.fma(b1, c6_1);
                  FloatVector a7 = broadcast(S, (float) Tiling.ROW_7.get(work, left, i));
                  c7_0 = a7.fma(b0, c7_0);
                  c7_1 = a7.fma(b1, c7_1);
                  FloatVector a8 = broadcast(S, (float) Tiling.ROW_8.get(work, left, i));
                  c8_0 = a8.fma(b0, c8_0);
                  c8_1 = a8.fma(b1, c8_1);
                  FloatVector a9 = broadcast(S, (float) Tiling.ROW_9.get(work, left, i));
                  c9_0 = a9.fma(b0, c9_0);
                  c9_1 = a9.fma(b1, c9_1);
                  FloatVector a10 = broadcast(S, (float) Tiling.ROW_10.get(work, left, i));
                  c10_0 = a10.fma(b0, c10_0);
                  c10_1 = a10.fma(b1, c10_1);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c0_0, c0_1, from, init, into, at);
      Finish.ADD.invokeExact(c1_0, c1_1, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c2_0, c2_1, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(c3_0, c3_1, from, init + 3 * initRow, into, at + 3 * cRow);
      Finish.ADD.invokeExact(c4_0, c4_1, from, init + 4 * initRow, into, at + 4 * cRow);
      Finish.ADD.invokeExact(c5_0, c5_1, from, init + 5 * initRow, into, at + 5 * cRow);
      Finish.ADD.invokeExact(c6_0, c6_1, from, init + 6 * initRow, into, at + 6 * cRow);
      Finish.ADD.invokeExact(c7_0, c7_1, from, init + 7 * initRow, into, at + 7 * cRow);
      Finish.ADD.invokeExact(c8_0, c8_1, from, init + 8 * initRow, into, at + 8 * cRow);
      Finish.ADD.invokeExact(c9_0, c9_1, from, init + 9 * initRow, into, at + 9 * cRow);
      Finish.ADD.invokeExact(c10_0, c10_1, from, init + 10 * initRow, into, at + 10 * cRow);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }

  static void rows12(
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
    FloatVector c0_0 = zero;
    FloatVector c0_1 = zero;
    FloatVector c1_0 = zero;
    FloatVector c1_1 = zero;
    FloatVector c2_0 = zero;
    FloatVector c2_1 = zero;
    FloatVector c3_0 = zero;
    FloatVector c3_1 = zero;
    FloatVector c4_0 = zero;
    FloatVector c4_1 = zero;
    FloatVector c5_0 = zero;
    FloatVector c5_1 = zero;
    FloatVector c6_0 = zero;
    FloatVector c6_1 = zero;
    FloatVector c7_0 = zero;
    FloatVector c7_1 = zero;
    FloatVector c8_0 = zero;
    FloatVector c8_1 = zero;
    FloatVector c9_0 = zero;
    FloatVector c9_1 = zero;
    FloatVector c10_0 = zero;
    FloatVector c10_1 = zero;
    FloatVector c11_0 = zero;
    FloatVector c11_1 = zero;
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
                  c0_0 = a0.fma(b0, c0_0);
                  c0_1 = a0.fma(b1, c0_1);
                  FloatVector a1 = broadcast(S, (float) Tiling.ROW_1.get(work, left, i));
                  c1_0 = a1.fma(b0, c1_0);
                  c1_1 = a1.fma(b1, c1_1);
                  FloatVector a2 = broadcast(S, (float) Tiling.ROW_2.get(work, left, i));
                  c2_0 = a2.fma(b0, c2_0);
                  c2_1 = a2.fma(b1, c2_1);
                  FloatVector a3 = broadcast(S, (float) Tiling.ROW_3.get(work, left, i));
                  c3_0 = a3.fma(b0, c3_0);
                  c3_1 = a3.fma(b1, c3_1);
                  FloatVector a4 = broadcast(S, (float) Tiling.ROW_4.get(work, left, i));
                  c4_0 = a4.fma(b0, c4_0);
                  c4_1 = a4.fma(b1, c4_1);
                  FloatVector a5 = broadcast(S, (float) Tiling.ROW_5.get(work, left, i));
                  c5_0 = a5.fma(b0, c5_0);
                  c5_1 = a5.fma(b1, c5_1);
                  FloatVector a6 = broadcast(S, (float) Tiling.ROW_6.get(work, left, i));
                  c6_0 = a6.fma(b0, c6_0);
                  c6_1 = a6.fma(b1, c6_1);
                  FloatVector a7 = broadcast(S, (float) Tiling.ROW_7.get(work, left, i));
                  c7_0 = a7.fma(b0, c7_0);
                  c7_1 = a7.fma(b1, c7_1);
                  FloatVector a8 = broadcast(S, (float) Tiling.ROW_8.get(work, left, i));
                  c8_0 = a8.fma(b0, c8_0);
                  c8_1 = a8.fma(b1, c8_1);
                  FloatVector a9 = broadcast(S, (float) Tiling.ROW_9.get(work, left, i));
                  c9_0 = a9.fma(b0, c9_0);
                  c9_1 = a9.fma(b1, c9_1);
                  FloatVector a10 = broadcast(S, (float) Tiling.ROW_10.get(work, left, i));
                  c10_0 = a10.fma(b0, c10_0);
                  c10_1 = a10.fma(b1, c10_1);
                  FloatVector a11 = broadcast(S, (float) Tiling.ROW_11.get(work, left, i));
                  c11_0 = a11.fma(b0, c11_0);
                  c11_1 = a11.fma(b1, c11_1);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    try {
      Finish.ADD.invokeExact(c0_0, c0_1, from, init, into, at);
      Finish.ADD.invokeExact(c1_0, c1_1, from, init + initRow, into, at + cRow);
      Finish.ADD.invokeExact(c2_0, c2_1, from, init + 2 * initRow, into, at + 2 * cRow);
      Finish.ADD.invokeExact(c3_0, c3_1, from, init + 3 * initRow, into, at + 3 * cRow);
      Finish.ADD.invokeExact(c4_0, c4_1, from, init + 4 * initRow, into, at + 4 * cRow);
      Finish.ADD.invokeExact(c5_0, c5_1, from, init + 5 * initRow, into, at + 5 * cRow);
      Finish.ADD.invokeExact(c6_0, c6_1, from, init + 6 * initRow, into, at + 6 * cRow);
      Finish.ADD.invokeExact(c7_0, c7_1, from, init + 7 * initRow, into, at + 7 * cRow);
      Finish.ADD.invokeExact(c8_0, c8_1, from, init + 8 * initRow, into, at + 8 * cRow);
      Finish.ADD.invokeExact(c9_0, c9_1, from, init + 9 * initRow, into, at + 9 * cRow);
      Finish.ADD.invokeExact(c10_0, c10_1, from, init + 10 * initRow, into, at + 10 * cRow);
      Finish.ADD.invokeExact(c11_0, c11_1, from, init + 11 * initRow, into, at + 11 * cRow);
    } catch (Throwable e) {
      throw Finish.failure(e);
    }
  }
}
