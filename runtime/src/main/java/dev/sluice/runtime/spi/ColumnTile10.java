package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of 10 to 12 columns by 2 vectors, for 32 registers; see [ColumnTile].
final class ColumnTile10 {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private ColumnTile10() {}

  static void columns10(
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
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, packed, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, packed, b + V, ORDER);
      FloatVector a0 = broadcast(S, (float) Tiling.COLUMN_0.get(work, left, i));
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = broadcast(S, (float) Tiling.COLUMN_1.get(work, left, i));
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = broadcast(S, (float) Tiling.COLUMN_2.get(work, left, i));
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = broadcast(S, (float) Tiling.COLUMN_3.get(work, left, i));
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = broadcast(S, (float) Tiling.COLUMN_4.get(work, left, i));
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = broadcast(S, (float) Tiling.COLUMN_5.get(work, left, i));
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      FloatVector a6 = broadcast(S, (float) Tiling.COLUMN_6.get(work, left, i));
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      FloatVector a7 = broadcast(S, (float) Tiling.COLUMN_7.get(work, left, i));
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
      FloatVector a8 = broadcast(S, (float) Tiling.COLUMN_8.get(work, left, i));
      c80 = a8.fma(b0, c80);
      c81 = a8.fma(b1, c81);
      FloatVector a9 = broadcast(S, (float) Tiling.COLUMN_9.get(work, left, i));
      c90 = a9.fma(b0, c90);
      c91 = a9.fma(b1, c91);
      i = i + 1 & Tiling.MASK;
      b += Tiling.PANEL_STEP;
    }
    c00.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, c, ORDER);
    c01.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, c + V, ORDER);
    c10.add(fromMemorySegment(S, from, init + initRow, ORDER))
        .intoMemorySegment(into, c + cRow, ORDER);
    c11.add(fromMemorySegment(S, from, init + initRow + V, ORDER))
        .intoMemorySegment(into, c + cRow + V, ORDER);
    c20.add(fromMemorySegment(S, from, init + 2 * initRow, ORDER))
        .intoMemorySegment(into, c + 2 * cRow, ORDER);
    c21.add(fromMemorySegment(S, from, init + 2 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 2 * cRow + V, ORDER);
    c30.add(fromMemorySegment(S, from, init + 3 * initRow, ORDER))
        .intoMemorySegment(into, c + 3 * cRow, ORDER);
    c31.add(fromMemorySegment(S, from, init + 3 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 3 * cRow + V, ORDER);
    c40.add(fromMemorySegment(S, from, init + 4 * initRow, ORDER))
        .intoMemorySegment(into, c + 4 * cRow, ORDER);
    c41.add(fromMemorySegment(S, from, init + 4 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 4 * cRow + V, ORDER);
    c50.add(fromMemorySegment(S, from, init + 5 * initRow, ORDER))
        .intoMemorySegment(into, c + 5 * cRow, ORDER);
    c51.add(fromMemorySegment(S, from, init + 5 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 5 * cRow + V, ORDER);
    c60.add(fromMemorySegment(S, from, init + 6 * initRow, ORDER))
        .intoMemorySegment(into, c + 6 * cRow, ORDER);
    c61.add(fromMemorySegment(S, from, init + 6 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 6 * cRow + V, ORDER);
    c70.add(fromMemorySegment(S, from, init + 7 * initRow, ORDER))
        .intoMemorySegment(into, c + 7 * cRow, ORDER);
    c71.add(fromMemorySegment(S, from, init + 7 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 7 * cRow + V, ORDER);
    c80.add(fromMemorySegment(S, from, init + 8 * initRow, ORDER))
        .intoMemorySegment(into, c + 8 * cRow, ORDER);
    c81.add(fromMemorySegment(S, from, init + 8 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 8 * cRow + V, ORDER);
    c90.add(fromMemorySegment(S, from, init + 9 * initRow, ORDER))
        .intoMemorySegment(into, c + 9 * cRow, ORDER);
    c91.add(fromMemorySegment(S, from, init + 9 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 9 * cRow + V, ORDER);
  }

  static void columns11(
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
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, packed, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, packed, b + V, ORDER);
      FloatVector a0 = broadcast(S, (float) Tiling.COLUMN_0.get(work, left, i));
      c0_0 = a0.fma(b0, c0_0);
      c0_1 = a0.fma(b1, c0_1);
      FloatVector a1 = broadcast(S, (float) Tiling.COLUMN_1.get(work, left, i));
      c1_0 = a1.fma(b0, c1_0);
      c1_1 = a1.fma(b1, c1_1);
      FloatVector a2 = broadcast(S, (float) Tiling.COLUMN_2.get(work, left, i));
      c2_0 = a2.fma(b0, c2_0);
      c2_1 = a2.fma(b1, c2_1);
      FloatVector a3 = broadcast(S, (float) Tiling.COLUMN_3.get(work, left, i));
      c3_0 = a3.fma(b0, c3_0);
      c3_1 = a3.fma(b1, c3_1);
      FloatVector a4 = broadcast(S, (float) Tiling.COLUMN_4.get(work, left, i));
      c4_0 = a4.fma(b0, c4_0);
      c4_1 = a4.fma(b1, c4_1);
      FloatVector a5 = broadcast(S, (float) Tiling.COLUMN_5.get(work, left, i));
      c5_0 = a5.fma(b0, c5_0);
      c5_1 = a5.fma(b1, c5_1);
      FloatVector a6 = broadcast(S, (float) Tiling.COLUMN_6.get(work, left, i));
      c6_0 = a6.fma(b0, c6_0);
      c6_1 = a6.fma(b1, c6_1);
      FloatVector a7 = broadcast(S, (float) Tiling.COLUMN_7.get(work, left, i));
      c7_0 = a7.fma(b0, c7_0);
      c7_1 = a7.fma(b1, c7_1);
      FloatVector a8 = broadcast(S, (float) Tiling.COLUMN_8.get(work, left, i));
      c8_0 = a8.fma(b0, c8_0);
      c8_1 = a8.fma(b1, c8_1);
      FloatVector a9 = broadcast(S, (float) Tiling.COLUMN_9.get(work, left, i));
      c9_0 = a9.fma(b0, c9_0);
      c9_1 = a9.fma(b1, c9_1);
      FloatVector a10 = broadcast(S, (float) Tiling.COLUMN_10.get(work, left, i));
      c10_0 = a10.fma(b0, c10_0);
      c10_1 = a10.fma(b1, c10_1);
      i = i + 1 & Tiling.MASK;
      b += Tiling.PANEL_STEP;
    }
    c0_0.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, c, ORDER);
    c0_1.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, c + V, ORDER);
    c1_0.add(fromMemorySegment(S, from, init + initRow, ORDER))
        .intoMemorySegment(into, c + cRow, ORDER);
    c1_1.add(fromMemorySegment(S, from, init + initRow + V, ORDER))
        .intoMemorySegment(into, c + cRow + V, ORDER);
    c2_0.add(fromMemorySegment(S, from, init + 2 * initRow, ORDER))
        .intoMemorySegment(into, c + 2 * cRow, ORDER);
    c2_1.add(fromMemorySegment(S, from, init + 2 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 2 * cRow + V, ORDER);
    c3_0.add(fromMemorySegment(S, from, init + 3 * initRow, ORDER))
        .intoMemorySegment(into, c + 3 * cRow, ORDER);
    c3_1.add(fromMemorySegment(S, from, init + 3 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 3 * cRow + V, ORDER);
    c4_0.add(fromMemorySegment(S, from, init + 4 * initRow, ORDER))
        .intoMemorySegment(into, c + 4 * cRow, ORDER);
    c4_1.add(fromMemorySegment(S, from, init + 4 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 4 * cRow + V, ORDER);
    c5_0.add(fromMemorySegment(S, from, init + 5 * initRow, ORDER))
        .intoMemorySegment(into, c + 5 * cRow, ORDER);
    c5_1.add(fromMemorySegment(S, from, init + 5 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 5 * cRow + V, ORDER);
    c6_0.add(fromMemorySegment(S, from, init + 6 * initRow, ORDER))
        .intoMemorySegment(into, c + 6 * cRow, ORDER);
    c6_1.add(fromMemorySegment(S, from, init + 6 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 6 * cRow + V, ORDER);
    c7_0.add(fromMemorySegment(S, from, init + 7 * initRow, ORDER))
        .intoMemorySegment(into, c + 7 * cRow, ORDER);
    c7_1.add(fromMemorySegment(S, from, init + 7 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 7 * cRow + V, ORDER);
    c8_0.add(fromMemorySegment(S, from, init + 8 * initRow, ORDER))
        .intoMemorySegment(into, c + 8 * cRow, ORDER);
    c8_1.add(fromMemorySegment(S, from, init + 8 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 8 * cRow + V, ORDER);
    c9_0.add(fromMemorySegment(S, from, init + 9 * initRow, ORDER))
        .intoMemorySegment(into, c + 9 * cRow, ORDER);
    c9_1.add(fromMemorySegment(S, from, init + 9 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 9 * cRow + V, ORDER);
    c10_0
        .add(fromMemorySegment(S, from, init + 10 * initRow, ORDER))
        .intoMemorySegment(into, c + 10 * cRow, ORDER);
    c10_1
        .add(fromMemorySegment(S, from, init + 10 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 10 * cRow + V, ORDER);
  }

  static void columns12(
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
    while (b < end) {
      FloatVector b0 = fromMemorySegment(S, packed, b, ORDER);
      FloatVector b1 = fromMemorySegment(S, packed, b + V, ORDER);
      FloatVector a0 = broadcast(S, (float) Tiling.COLUMN_0.get(work, left, i));
      c0_0 = a0.fma(b0, c0_0);
      c0_1 = a0.fma(b1, c0_1);
      FloatVector a1 = broadcast(S, (float) Tiling.COLUMN_1.get(work, left, i));
      c1_0 = a1.fma(b0, c1_0);
      c1_1 = a1.fma(b1, c1_1);
      FloatVector a2 = broadcast(S, (float) Tiling.COLUMN_2.get(work, left, i));
      c2_0 = a2.fma(b0, c2_0);
      c2_1 = a2.fma(b1, c2_1);
      FloatVector a3 = broadcast(S, (float) Tiling.COLUMN_3.get(work, left, i));
      c3_0 = a3.fma(b0, c3_0);
      c3_1 = a3.fma(b1, c3_1);
      FloatVector a4 = broadcast(S, (float) Tiling.COLUMN_4.get(work, left, i));
      c4_0 = a4.fma(b0, c4_0);
      c4_1 = a4.fma(b1, c4_1);
      FloatVector a5 = broadcast(S, (float) Tiling.COLUMN_5.get(work, left, i));
      c5_0 = a5.fma(b0, c5_0);
      c5_1 = a5.fma(b1, c5_1);
      FloatVector a6 = broadcast(S, (float) Tiling.COLUMN_6.get(work, left, i));
      c6_0 = a6.fma(b0, c6_0);
      c6_1 = a6.fma(b1, c6_1);
      FloatVector a7 = broadcast(S, (float) Tiling.COLUMN_7.get(work, left, i));
      c7_0 = a7.fma(b0, c7_0);
      c7_1 = a7.fma(b1, c7_1);
      FloatVector a8 = broadcast(S, (float) Tiling.COLUMN_8.get(work, left, i));
      c8_0 = a8.fma(b0, c8_0);
      c8_1 = a8.fma(b1, c8_1);
      FloatVector a9 = broadcast(S, (float) Tiling.COLUMN_9.get(work, left, i));
      c9_0 = a9.fma(b0, c9_0);
      c9_1 = a9.fma(b1, c9_1);
      FloatVector a10 = broadcast(S, (float) Tiling.COLUMN_10.get(work, left, i));
      c10_0 = a10.fma(b0, c10_0);
      c10_1 = a10.fma(b1, c10_1);
      FloatVector a11 = broadcast(S, (float) Tiling.COLUMN_11.get(work, left, i));
      c11_0 = a11.fma(b0, c11_0);
      c11_1 = a11.fma(b1, c11_1);
      i = i + 1 & Tiling.MASK;
      b += Tiling.PANEL_STEP;
    }
    c0_0.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, c, ORDER);
    c0_1.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, c + V, ORDER);
    c1_0.add(fromMemorySegment(S, from, init + initRow, ORDER))
        .intoMemorySegment(into, c + cRow, ORDER);
    c1_1.add(fromMemorySegment(S, from, init + initRow + V, ORDER))
        .intoMemorySegment(into, c + cRow + V, ORDER);
    c2_0.add(fromMemorySegment(S, from, init + 2 * initRow, ORDER))
        .intoMemorySegment(into, c + 2 * cRow, ORDER);
    c2_1.add(fromMemorySegment(S, from, init + 2 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 2 * cRow + V, ORDER);
    c3_0.add(fromMemorySegment(S, from, init + 3 * initRow, ORDER))
        .intoMemorySegment(into, c + 3 * cRow, ORDER);
    c3_1.add(fromMemorySegment(S, from, init + 3 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 3 * cRow + V, ORDER);
    c4_0.add(fromMemorySegment(S, from, init + 4 * initRow, ORDER))
        .intoMemorySegment(into, c + 4 * cRow, ORDER);
    c4_1.add(fromMemorySegment(S, from, init + 4 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 4 * cRow + V, ORDER);
    c5_0.add(fromMemorySegment(S, from, init + 5 * initRow, ORDER))
        .intoMemorySegment(into, c + 5 * cRow, ORDER);
    c5_1.add(fromMemorySegment(S, from, init + 5 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 5 * cRow + V, ORDER);
    c6_0.add(fromMemorySegment(S, from, init + 6 * initRow, ORDER))
        .intoMemorySegment(into, c + 6 * cRow, ORDER);
    c6_1.add(fromMemorySegment(S, from, init + 6 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 6 * cRow + V, ORDER);
    c7_0.add(fromMemorySegment(S, from, init + 7 * initRow, ORDER))
        .intoMemorySegment(into, c + 7 * cRow, ORDER);
    c7_1.add(fromMemorySegment(S, from, init + 7 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 7 * cRow + V, ORDER);
    c8_0.add(fromMemorySegment(S, from, init + 8 * initRow, ORDER))
        .intoMemorySegment(into, c + 8 * cRow, ORDER);
    c8_1.add(fromMemorySegment(S, from, init + 8 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 8 * cRow + V, ORDER);
    c9_0.add(fromMemorySegment(S, from, init + 9 * initRow, ORDER))
        .intoMemorySegment(into, c + 9 * cRow, ORDER);
    c9_1.add(fromMemorySegment(S, from, init + 9 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 9 * cRow + V, ORDER);
    c10_0
        .add(fromMemorySegment(S, from, init + 10 * initRow, ORDER))
        .intoMemorySegment(into, c + 10 * cRow, ORDER);
    c10_1
        .add(fromMemorySegment(S, from, init + 10 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 10 * cRow + V, ORDER);
    c11_0
        .add(fromMemorySegment(S, from, init + 11 * initRow, ORDER))
        .intoMemorySegment(into, c + 11 * cRow, ORDER);
    c11_1
        .add(fromMemorySegment(S, from, init + 11 * initRow + V, ORDER))
        .intoMemorySegment(into, c + 11 * cRow + V, ORDER);
  }
}
