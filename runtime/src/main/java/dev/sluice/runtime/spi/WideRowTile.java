package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// One row by 8 vectors, those of four panels side by side; see [RowTile]. A row of its own is
/// bound by loads, and needs as many of them in flight.
final class WideRowTile {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private WideRowTile() {}

  static void rows1(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      long next,
      int k,
      MemorySegment from,
      long init,
      MemorySegment into,
      long c) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c02 = zero;
    FloatVector c03 = zero;
    FloatVector c04 = zero;
    FloatVector c05 = zero;
    FloatVector c06 = zero;
    FloatVector c07 = zero;
    MemorySegment p0 = Tiling.window(packed, panel);
    MemorySegment p1 = Tiling.window(packed, panel + next);
    MemorySegment p2 = Tiling.window(packed, panel + 2 * next);
    MemorySegment p3 = Tiling.window(packed, panel + 3 * next);
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
                  FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
                  c00 = a0.fma(fromMemorySegment(S, p0, step, ORDER), c00);
                  c01 = a0.fma(fromMemorySegment(S, p0, step + V, ORDER), c01);
                  c02 = a0.fma(fromMemorySegment(S, p1, step, ORDER), c02);
                  c03 = a0.fma(fromMemorySegment(S, p1, step + V, ORDER), c03);
                  c04 = a0.fma(fromMemorySegment(S, p2, step, ORDER), c04);
                  c05 = a0.fma(fromMemorySegment(S, p2, step + V, ORDER), c05);
                  c06 = a0.fma(fromMemorySegment(S, p3, step, ORDER), c06);
                  c07 = a0.fma(fromMemorySegment(S, p3, step + V, ORDER), c07);
                  i = i + 1 & Tiling.MASK;
                  b += Tiling.PANEL_STEP;
                }
                yield 0;
              }
            };
    c00.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, at, ORDER);
    c01.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, at + V, ORDER);
    c02.add(fromMemorySegment(S, from, init + 2 * V, ORDER))
        .intoMemorySegment(into, at + 2 * V, ORDER);
    c03.add(fromMemorySegment(S, from, init + 3 * V, ORDER))
        .intoMemorySegment(into, at + 3 * V, ORDER);
    c04.add(fromMemorySegment(S, from, init + 4 * V, ORDER))
        .intoMemorySegment(into, at + 4 * V, ORDER);
    c05.add(fromMemorySegment(S, from, init + 5 * V, ORDER))
        .intoMemorySegment(into, at + 5 * V, ORDER);
    c06.add(fromMemorySegment(S, from, init + 6 * V, ORDER))
        .intoMemorySegment(into, at + 6 * V, ORDER);
    c07.add(fromMemorySegment(S, from, init + 7 * V, ORDER))
        .intoMemorySegment(into, at + 7 * V, ORDER);
  }
}
