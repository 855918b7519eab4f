package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Sine and cosine: the angle less the nearest multiple of π/2, then Cephes' polynomials.
final class Trigonometry {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final MethodHandle REDUCED = handle("reduced");
  private static final MethodHandle QUARTER = handle("quarter");

  private static MethodHandle handle(String name) {
    return Functions.handle(MethodHandles.lookup(), Trigonometry.class, name, 2);
  }

  /// Beyond it the three parts of π/2 are too few.
  static final float LARGEST = 30_000;

  /// π/2 in three parts.
  static final float FIRST = 0x1.921fb6p0f;

  static final float SECOND = -0x1.777a5cp-25f;
  static final float THIRD = -0x1.ee59dap-50f;
  static final float TWO_OVER_PI = (float) (2 / Math.PI);

  private Trigonometry() {}

  /// Within 1.5e-7; within 1 ulp beyond ±30,000. A lane doesn't depend on the others.
  static FloatVector sin(FloatVector x) throws Throwable {
    FloatVector quarters = x.fma(broadcast(S, TWO_OVER_PI), broadcast(S, Functions.ROUNDER));
    FloatVector r = (FloatVector) REDUCED.invokeExact(x, quarters);
    FloatVector near = (FloatVector) QUARTER.invokeExact(r, quarters);
    VectorMask<Float> far = x.abs().compare(GT, LARGEST);
    return far.anyTrue() ? near.blend(x.lanewise(VectorOperators.SIN), far) : near;
  }

  /// As [#sin], a right angle on.
  static FloatVector cos(FloatVector x) throws Throwable {
    FloatVector quarters = x.fma(broadcast(S, TWO_OVER_PI), broadcast(S, Functions.ROUNDER));
    FloatVector r = (FloatVector) REDUCED.invokeExact(x, quarters);
    FloatVector near = (FloatVector) QUARTER.invokeExact(r, quarters.add(1f));
    VectorMask<Float> far = x.abs().compare(GT, LARGEST);
    return far.anyTrue() ? near.blend(x.lanewise(VectorOperators.COS), far) : near;
  }

  /// What so many right angles leave of an angle.
  ///
  /// @param quarters a whole number in the low bits, as for [#quarter]
  static FloatVector reduced(FloatVector x, FloatVector quarters) {
    FloatVector n = quarters.sub(Functions.ROUNDER);
    return n.fma(
        broadcast(S, -THIRD), n.fma(broadcast(S, -SECOND), n.fma(broadcast(S, -FIRST), x)));
  }

  /// The sine of r, at most π/4 in magnitude, and so many right angles.
  static FloatVector quarter(FloatVector r, FloatVector quarters) {
    FloatVector z = r.mul(r);
    FloatVector sine =
        broadcast(S, -1.9515295891e-4f)
            .fma(z, broadcast(S, 8.3321608736e-3f))
            .fma(z, broadcast(S, -1.6666654611e-1f))
            .fma(z.mul(r), r);
    FloatVector cosine =
        broadcast(S, 2.443315711809948e-5f)
            .fma(z, broadcast(S, -1.388731625493765e-3f))
            .fma(z, broadcast(S, 4.166664568298827e-2f))
            .fma(z.mul(z), z.fma(broadcast(S, -0.5f), broadcast(S, 1f)));
    IntVector bits = quarters.reinterpretAsInts();
    VectorMask<Float> odd = bits.lanewise(VectorOperators.AND, 1).compare(NE, 0).cast(S);
    VectorMask<Float> negative = bits.lanewise(VectorOperators.AND, 2).compare(NE, 0).cast(S);
    FloatVector result = sine.blend(cosine, odd);
    return result.blend(result.neg(), negative);
  }
}
