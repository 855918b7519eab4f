package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Copies of a few floats, which a call of [MemorySegment#copy] would take longer for. They go by
/// whole vectors: what lies after the floats is read, and overwritten.
final class Copies {
  /// As many floats as a tile's columns have room for, or a part of them.
  private static final VectorSpecies<Float> COLUMNS =
      Lanes.BYTES <= Tiling.COLUMN_STEP ? Vectors.SPECIES : FloatVector.SPECIES_256;

  private Copies() {}

  static void floats(MemorySegment work, long from, long to, int floats) {
    for (long at = 0; at < (long) floats * Float.BYTES; at += Lanes.BYTES) {
      Vectors.store(Vectors.load(work, from + at), work, to + at);
    }
  }

  /// Columns of a left operand, side by side.
  static void columns(MemorySegment work, long from, long to, int columns) {
    for (int i = 0; i < columns; i += COLUMNS.length()) {
      long at = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(COLUMNS, work, from + at, Lanes.ORDER)
          .intoMemorySegment(work, to + at, Lanes.ORDER);
    }
  }

  /// One step of a panel.
  static void panel(MemorySegment work, long from, long to) {
    Vectors.store(Vectors.load(work, from), work, to);
    Vectors.store(Vectors.load(work, from + Lanes.BYTES), work, to + Lanes.BYTES);
  }
}
