package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The part of [Panels] that is faster with vectors.
final class Columns {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Columns() {}

  /// Lane `l` of vector `i` becomes `source[i][l]`.
  static void copy(
      MemorySegment from,
      long source,
      long row,
      int units,
      int columns,
      MemorySegment packed,
      long target,
      long step) {
    VectorMask<Float> lanes = S.indexInRange(0, units);
    for (int i = 0; i < columns; i++) {
      FloatVector values =
          units == Lanes.COUNT
              ? FloatVector.fromMemorySegment(S, from, source + i * row, ORDER)
              : FloatVector.fromMemorySegment(S, from, source + i * row, ORDER, lanes);
      values.intoMemorySegment(packed, target + i * step, ORDER);
    }
  }
}
