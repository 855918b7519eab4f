package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;

/// The end of a register tile: what the sums start from is added, and they are stored.
///
/// A call through a constant method handle: the server compiler inlines it, so that accumulators
/// stay in registers, and the client compiler does not, which halves the tile for it. It gives up
/// on a larger one ("out of virtual registers"), and a method that it has already compiled without
/// a profile then never gets to the server compiler: it stays a hundred times slower for good.
final class TileEnd {
  private static final int V = Lanes.BYTES;

  /// [#store4]
  static final MethodHandle STORE4 = handle();

  private TileEnd() {}

  /// `into[c] = from[init] + sums`, four vectors.
  private static void store4(
      FloatVector c0,
      FloatVector c1,
      FloatVector c2,
      FloatVector c3,
      MemorySegment from,
      long init,
      MemorySegment into,
      long c) {
    c0.add(fromMemorySegment(Vectors.SPECIES, from, init, Lanes.ORDER))
        .intoMemorySegment(into, c, Lanes.ORDER);
    c1.add(fromMemorySegment(Vectors.SPECIES, from, init + V, Lanes.ORDER))
        .intoMemorySegment(into, c + V, Lanes.ORDER);
    c2.add(fromMemorySegment(Vectors.SPECIES, from, init + 2 * V, Lanes.ORDER))
        .intoMemorySegment(into, c + 2 * V, Lanes.ORDER);
    c3.add(fromMemorySegment(Vectors.SPECIES, from, init + 3 * V, Lanes.ORDER))
        .intoMemorySegment(into, c + 3 * V, Lanes.ORDER);
  }

  private static MethodHandle handle() {
    Class<?> v = FloatVector.class;
    Class<?> m = MemorySegment.class;
    try {
      return MethodHandles.lookup()
          .findStatic(
              TileEnd.class,
              "store4",
              MethodType.methodType(void.class, v, v, v, v, m, long.class, m, long.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// What a method handle may throw by its type; this one throws nothing checked.
  static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }
}
