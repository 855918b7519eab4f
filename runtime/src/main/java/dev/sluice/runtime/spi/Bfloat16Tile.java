package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// bf16 panels, widened in registers: a row of its own, which is bound by loads, goes through them
/// as they are. [WideRowTile] says the rest.
final class Bfloat16Tile {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final VectorSpecies<Integer> PAIRS = VectorSpecies.of(int.class, S.vectorShape());
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  private Bfloat16Tile() {}

  /// The first vector of a step.
  private static FloatVector first(IntVector pairs) {
    return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /// The second vector of a step.
  private static FloatVector second(IntVector pairs) {
    return pairs.lanewise(VectorOperators.AND, 0xFFFF0000).reinterpretAsFloats();
  }

  /// One row by one panel.
  static void panel(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      int k,
      MemorySegment from,
      long init,
      MemorySegment into,
      long c) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    long b = panel;
    long end = panel + k * Narrow.BFLOAT16_STEP;
    long i = 0;
    while (b < end) {
      FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
      IntVector b0 = IntVector.fromMemorySegment(PAIRS, packed, b, ORDER);
      c00 = a0.fma(first(b0), c00);
      c01 = a0.fma(second(b0), c01);
      i = i + 1 & Tiling.MASK;
      b += Narrow.BFLOAT16_STEP;
    }
    c00.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, c, ORDER);
    c01.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, c + V, ORDER);
  }

  /// One row by four panels side by side, `next` bytes apart.
  static void panels(
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
    long b = panel;
    long end = panel + k * Narrow.BFLOAT16_STEP;
    long i = 0;
    while (b < end) {
      FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
      IntVector b0 = IntVector.fromMemorySegment(PAIRS, packed, b, ORDER);
      c00 = a0.fma(first(b0), c00);
      c01 = a0.fma(second(b0), c01);
      IntVector b1 = IntVector.fromMemorySegment(PAIRS, packed, b + next, ORDER);
      c02 = a0.fma(first(b1), c02);
      c03 = a0.fma(second(b1), c03);
      IntVector b2 = IntVector.fromMemorySegment(PAIRS, packed, b + 2 * next, ORDER);
      c04 = a0.fma(first(b2), c04);
      c05 = a0.fma(second(b2), c05);
      IntVector b3 = IntVector.fromMemorySegment(PAIRS, packed, b + 3 * next, ORDER);
      c06 = a0.fma(first(b3), c06);
      c07 = a0.fma(second(b3), c07);
      i = i + 1 & Tiling.MASK;
      b += Narrow.BFLOAT16_STEP;
    }
    c00.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, c, ORDER);
    c01.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, c + V, ORDER);
    c02.add(fromMemorySegment(S, from, init + 2 * V, ORDER))
        .intoMemorySegment(into, c + 2 * V, ORDER);
    c03.add(fromMemorySegment(S, from, init + 3 * V, ORDER))
        .intoMemorySegment(into, c + 3 * V, ORDER);
    c04.add(fromMemorySegment(S, from, init + 4 * V, ORDER))
        .intoMemorySegment(into, c + 4 * V, ORDER);
    c05.add(fromMemorySegment(S, from, init + 5 * V, ORDER))
        .intoMemorySegment(into, c + 5 * V, ORDER);
    c06.add(fromMemorySegment(S, from, init + 6 * V, ORDER))
        .intoMemorySegment(into, c + 6 * V, ORDER);
    c07.add(fromMemorySegment(S, from, init + 7 * V, ORDER))
        .intoMemorySegment(into, c + 7 * V, ORDER);
  }

  /// Makes `k` steps of a panel floats.
  static void widen(MemorySegment packed, long panel, int k, MemorySegment floats, long to) {
    long end = panel + k * Narrow.BFLOAT16_STEP;
    for (long b = panel; b < end; b += Narrow.BFLOAT16_STEP) {
      IntVector pairs = IntVector.fromMemorySegment(PAIRS, packed, b, ORDER);
      first(pairs).intoMemorySegment(floats, to, ORDER);
      second(pairs).intoMemorySegment(floats, to + V, ORDER);
      to += Tiling.PANEL_STEP;
    }
  }
}
