package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The end of a register tile of many sums: they are added to what they start from.
///
/// In one method with the loop of 14 sums or more it is too much for C1, which runs out of virtual
/// registers: the tile then stays in the interpreter until C2 has it, and if HotSpot has put it
/// into tier 2 meanwhile, it stays there for good, 40 times slower. C1 calls what takes more than
/// 35 bytes; C2 inlines it, as the handle is a constant (see [Functions]).
///
/// The loops of these tiles are the operand of a sum. HotSpot can't replace a method on the stack
/// (OSR) while an operand waits there, and replacing would be of no use: a tile is called often
/// enough to be compiled as a whole, which C2 does in half the time that its loop with all vectors
/// in boxes takes. Without the sum both happened, one after the other: 0.8 s for a tile of 12 rows
/// instead of 0.25 s.
final class Finish {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.BYTES;

  /// Of `FloatVector c0, FloatVector c1, MemorySegment from, long init, MemorySegment into, long
  /// c`: two vectors side by side, `into[c] = c0 + from[init]`.
  static final MethodHandle ADD = add();

  private Finish() {}

  private static MethodHandle add() {
    try {
      return MethodHandles.lookup()
          .findStatic(
              Finish.class,
              "add",
              MethodType.methodType(
                  void.class,
                  FloatVector.class,
                  FloatVector.class,
                  MemorySegment.class,
                  long.class,
                  MemorySegment.class,
                  long.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static void add(
      FloatVector c0, FloatVector c1, MemorySegment from, long init, MemorySegment into, long c) {
    c0.add(fromMemorySegment(S, from, init, ORDER)).intoMemorySegment(into, c, ORDER);
    c1.add(fromMemorySegment(S, from, init + V, ORDER)).intoMemorySegment(into, c + V, ORDER);
  }

  /// What a call of [#ADD] has thrown.
  static RuntimeException failure(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }
}
