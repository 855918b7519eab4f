package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// int8 panels, widened in registers; see [Bfloat16Tile]. Sums are scaled once, at the end of a
/// tile: `into[c] = from[init] + scale · Σ_k left[k] · panel[k]`.
final class Int8Tile {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;

  /// Bytes of a vector; the smallest has more lanes than a vector of 4 floats, which leaves the
  /// upper ones.
  private static final VectorSpecies<Byte> BYTES =
      Lanes.COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;
  private static final int C = Lanes.COUNT;

  private Int8Tile() {}

  private static FloatVector widened(MemorySegment packed, long b) {
    ByteVector bytes = ByteVector.fromMemorySegment(BYTES, packed, b, ORDER);
    return (FloatVector) bytes.convertShape(VectorOperators.B2F, S, 0);
  }

  /// One row by one panel.
  static void panel(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      int k,
      MemorySegment scales,
      long scale,
      MemorySegment from,
      long init,
      MemorySegment into,
      long c) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    long b = panel;
    long end = panel + k * Narrow.INT8_STEP;
    long i = 0;
    while (b < end) {
      FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
      c00 = a0.fma(widened(packed, b), c00);
      c01 = a0.fma(widened(packed, b + C), c01);
      i = i + 1 & Tiling.MASK;
      b += Narrow.INT8_STEP;
    }
    c00.fma(fromMemorySegment(S, scales, scale, ORDER), fromMemorySegment(S, from, init, ORDER))
        .intoMemorySegment(into, c, ORDER);
    c01.fma(
            fromMemorySegment(S, scales, scale + V, ORDER),
            fromMemorySegment(S, from, init + V, ORDER))
        .intoMemorySegment(into, c + V, ORDER);
  }

  /// One row by four panels side by side, `next` bytes apart.
  static void panels(
      MemorySegment work,
      long left,
      MemorySegment packed,
      long panel,
      long next,
      int k,
      MemorySegment scales,
      long scale,
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
    long end = panel + k * Narrow.INT8_STEP;
    long i = 0;
    while (b < end) {
      FloatVector a0 = broadcast(S, (float) Tiling.ROW_0.get(work, left, i));
      c00 = a0.fma(widened(packed, b), c00);
      c01 = a0.fma(widened(packed, b + C), c01);
      c02 = a0.fma(widened(packed, b + next), c02);
      c03 = a0.fma(widened(packed, b + next + C), c03);
      c04 = a0.fma(widened(packed, b + 2 * next), c04);
      c05 = a0.fma(widened(packed, b + 2 * next + C), c05);
      c06 = a0.fma(widened(packed, b + 3 * next), c06);
      c07 = a0.fma(widened(packed, b + 3 * next + C), c07);
      i = i + 1 & Tiling.MASK;
      b += Narrow.INT8_STEP;
    }
    c00.fma(fromMemorySegment(S, scales, scale, ORDER), fromMemorySegment(S, from, init, ORDER))
        .intoMemorySegment(into, c, ORDER);
    c01.fma(
            fromMemorySegment(S, scales, scale + V, ORDER),
            fromMemorySegment(S, from, init + V, ORDER))
        .intoMemorySegment(into, c + V, ORDER);
    c02.fma(
            fromMemorySegment(S, scales, scale + 2 * V, ORDER),
            fromMemorySegment(S, from, init + 2 * V, ORDER))
        .intoMemorySegment(into, c + 2 * V, ORDER);
    c03.fma(
            fromMemorySegment(S, scales, scale + 3 * V, ORDER),
            fromMemorySegment(S, from, init + 3 * V, ORDER))
        .intoMemorySegment(into, c + 3 * V, ORDER);
    c04.fma(
            fromMemorySegment(S, scales, scale + 4 * V, ORDER),
            fromMemorySegment(S, from, init + 4 * V, ORDER))
        .intoMemorySegment(into, c + 4 * V, ORDER);
    c05.fma(
            fromMemorySegment(S, scales, scale + 5 * V, ORDER),
            fromMemorySegment(S, from, init + 5 * V, ORDER))
        .intoMemorySegment(into, c + 5 * V, ORDER);
    c06.fma(
            fromMemorySegment(S, scales, scale + 6 * V, ORDER),
            fromMemorySegment(S, from, init + 6 * V, ORDER))
        .intoMemorySegment(into, c + 6 * V, ORDER);
    c07.fma(
            fromMemorySegment(S, scales, scale + 7 * V, ORDER),
            fromMemorySegment(S, from, init + 7 * V, ORDER))
        .intoMemorySegment(into, c + 7 * V, ORDER);
  }

  /// Makes `k` steps of a panel floats, not scaled.
  static void widen(MemorySegment packed, long panel, int k, MemorySegment floats, long to) {
    long end = panel + k * Narrow.INT8_STEP;
    for (long b = panel; b < end; b += Narrow.INT8_STEP) {
      widened(packed, b).intoMemorySegment(floats, to, ORDER);
      widened(packed, b + C).intoMemorySegment(floats, to + V, ORDER);
      to += Tiling.PANEL_STEP;
    }
  }

  /// `into[c] = from[init] + scale · into[c]` for both vectors of a panel.
  static void scale(
      MemorySegment scales, long scale, MemorySegment from, long init, MemorySegment into, long c) {
    for (long at = 0; at < Tiling.PANEL_STEP; at += V) {
      fromMemorySegment(S, into, c + at, ORDER)
          .fma(
              fromMemorySegment(S, scales, scale + at, ORDER),
              fromMemorySegment(S, from, init + at, ORDER))
          .intoMemorySegment(into, c + at, ORDER);
    }
  }
}
