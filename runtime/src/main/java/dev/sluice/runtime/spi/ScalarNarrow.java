package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;

/// Widening without vectors: what [Bfloat16Tile] and [Int8Tile] do.
final class ScalarNarrow {
  private ScalarNarrow() {}

  /// Makes `k` steps of a panel floats, in the scratch; not scaled.
  static void widen(PackedWeights packed, long panel, int k) {
    long step = Narrow.step(packed.format());
    for (int i = 0; i < k; i++) {
      for (int lane = 0; lane < Lanes.COUNT; lane++) {
        long to = packed.scratchAt() + i * Tiling.PANEL_STEP + (long) lane * Float.BYTES;
        pair(packed, panel + i * step, lane, to);
      }
    }
  }

  private static void pair(PackedWeights packed, long step, int lane, long to) {
    MemorySegment panels = packed.panels();
    float first;
    float second;
    if (packed.format() == WeightFormat.BFLOAT16) {
      int both = panels.get(JAVA_INT, step + (long) lane * Integer.BYTES);
      first = Narrow.fromBfloat16(both);
      second = Narrow.fromBfloat16(both >>> 16);
    } else {
      first = panels.get(JAVA_BYTE, step + lane);
      second = panels.get(JAVA_BYTE, step + Lanes.COUNT + lane);
    }
    packed.scratch().set(JAVA_FLOAT, to, first);
    packed.scratch().set(JAVA_FLOAT, to + Lanes.BYTES, second);
  }

  /// `into[c] = from[init] + scale · into[c]` for a step of a panel.
  static void scale(
      MemorySegment scales, long scale, MemorySegment from, long init, MemorySegment into, long c) {
    for (long at = 0; at < Tiling.PANEL_STEP; at += Float.BYTES) {
      float sum = into.get(JAVA_FLOAT, c + at);
      float start = from.get(JAVA_FLOAT, init + at);
      into.set(JAVA_FLOAT, c + at, Math.fma(sum, scales.get(JAVA_FLOAT, scale + at), start));
    }
  }
}
