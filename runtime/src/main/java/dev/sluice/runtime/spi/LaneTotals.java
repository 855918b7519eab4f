package dev.sluice.runtime.spi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// What the lanes of a vector hold together, in every lane. The lanes are paired in an order that
/// is always the same, unlike [FloatVector#reduceLanes], whose bits depend on which compiler has
/// run.
///
/// [Functions] says why generated code calls these through handles.
public final class LaneTotals {
  public static final MethodHandle SUM = handle("sum");
  public static final MethodHandle MAX = handle("max");

  private static final VectorShuffle<Float> NEIGHBOUR = apart(1);
  private static final VectorShuffle<Float> TWO_APART = apart(2);
  private static final VectorShuffle<Float> FOUR_APART = apart(4);
  private static final VectorShuffle<Float> EIGHT_APART = apart(8);

  private LaneTotals() {}

  private static MethodHandle handle(String name) {
    return Functions.handle(MethodHandles.lookup(), LaneTotals.class, name, 1);
  }

  /// To each lane the one whose number differs in one bit.
  private static VectorShuffle<Float> apart(int bit) {
    return VectorShuffle.fromOp(Vectors.SPECIES, lane -> lane ^ (bit < Lanes.COUNT ? bit : 0));
  }

  static FloatVector sum(FloatVector x) {
    FloatVector pairs = x.add(x.rearrange(NEIGHBOUR));
    FloatVector fours = pairs.add(pairs.rearrange(TWO_APART));
    if (Lanes.COUNT == 4) {
      return fours;
    }
    FloatVector eights = fours.add(fours.rearrange(FOUR_APART));
    return Lanes.COUNT == 8 ? eights : eights.add(eights.rearrange(EIGHT_APART));
  }

  static FloatVector max(FloatVector x) {
    FloatVector pairs = x.max(x.rearrange(NEIGHBOUR));
    FloatVector fours = pairs.max(pairs.rearrange(TWO_APART));
    if (Lanes.COUNT == 4) {
      return fours;
    }
    FloatVector eights = fours.max(fours.rearrange(FOUR_APART));
    return Lanes.COUNT == 8 ? eights : eights.max(eights.rearrange(EIGHT_APART));
  }
}
