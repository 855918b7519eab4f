package dev.sluice.runtime.spi;

import static dev.sluice.runtime.spi.Functions.DENORMAL_SCALE;
import static dev.sluice.runtime.spi.Functions.LN2_HIGH;
import static dev.sluice.runtime.spi.Functions.LN2_LOW;
import static dev.sluice.runtime.spi.Functions.MANTISSA_BITS;
import static dev.sluice.runtime.spi.Functions.ROUNDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Powers, as `e^(b ln a)` with the logarithm in two floats: one alone would lose a digit or two
/// when the exponent multiplies it. For callers: [Functions#POWER].
final class Power {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;
  private static final MethodHandle TAIL = handle("tail", 2);
  private static final MethodHandle RAISE = handle("raise", 3);
  private static final MethodHandle SIGNED = handle("signed", 3);

  private static MethodHandle handle(String name, int operands) {
    return Functions.handle(MethodHandles.lookup(), Power.class, name, operands);
  }

  private Power() {}

  /// `a^b` for a > 0, or for whole b (otherwise NaN), within 4 ulp where the result is normal.
  /// `a^0` is 1 for any a.
  static FloatVector power(FloatVector a, FloatVector b) throws Throwable {
    FloatVector magnitude = a.abs();
    VectorMask<Float> denormal = magnitude.compare(LT, Float.MIN_NORMAL);
    IntVector bits = magnitude.mul(DENORMAL_SCALE, denormal).reinterpretAsInts();
    IntVector exponent = bits.sub(Functions.SQRT_HALF_BITS).lanewise(ASHR, MANTISSA_BITS);
    FloatVector f = bits.sub(exponent.lanewise(LSHL, MANTISSA_BITS)).reinterpretAsFloats().sub(1f);
    FloatVector k =
        exponent
            .add(Functions.ROUNDER_BITS)
            .reinterpretAsFloats()
            .sub(ROUNDER)
            .sub(MANTISSA_BITS, denormal);
    // ln|a| = k ln 2 + ln(1 + f), and ln(1 + f) = 2 (s + s³/3 + s⁵/5 + …) in s = f / (2 + f).
    FloatVector s = f.div(f.add(2f));
    FloatVector main = s.add(s);
    FloatVector whole = k.mul(LN2_HIGH);
    FloatVector sum = whole.add(main);
    FloatVector rounding = main.sub(sum.sub(whole));
    FloatVector tail = (FloatVector) TAIL.invokeExact(f, s);
    FloatVector small = k.fma(broadcast(S, LN2_LOW), tail.add(rounding));
    FloatVector first = sum.add(small);
    FloatVector low = small.sub(first.sub(sum));
    FloatVector high = (FloatVector) Functions.ENDS.invokeExact(magnitude, first);
    FloatVector result = (FloatVector) RAISE.invokeExact(high, low, b);
    return (FloatVector) SIGNED.invokeExact(result, a, b);
  }

  /// `ln(1 + f) - 2 s`: what the rounding of s lost, and the series from its second term on.
  static FloatVector tail(FloatVector f, FloatVector s) {
    FloatVector divisor = f.add(2f);
    FloatVector divisorLow = f.sub(divisor.sub(2f));
    FloatVector remainder = s.neg().fma(divisorLow, s.neg().fma(divisor, f));
    FloatVector low = remainder.div(divisor);
    FloatVector z = s.fma(s, s.mul(low).mul(2f));
    FloatVector series =
        broadcast(S, 2 / 11f)
            .fma(z, broadcast(S, 2 / 9f))
            .fma(z, broadcast(S, 2 / 7f))
            .fma(z, broadcast(S, 2 / 5f))
            .fma(z, broadcast(S, 2 / 3f))
            .mul(z);
    return low.fma(broadcast(S, 2f), s.mul(series));
  }

  /// `e^(b (high + low))`.
  static FloatVector raise(FloatVector high, FloatVector low, FloatVector b) throws Throwable {
    FloatVector product = high.mul(b);
    FloatVector lost = b.fma(low, high.fma(b, product.neg()));
    // Far out the result is 0 or infinite anyway, and what was lost may be no number.
    FloatVector rest = FloatVector.zero(S).blend(lost, product.abs().compare(LT, 128f));
    FloatVector below = product.blend(Functions.EXP_MAX, product.compare(GT, Functions.EXP_MAX));
    FloatVector z = below.blend(Functions.EXP_MIN, below.compare(LT, Functions.EXP_MIN));
    FloatVector rounded = z.fma(broadcast(S, Functions.LOG2_E), broadcast(S, ROUNDER));
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(S, -LN2_LOW), n.fma(broadcast(S, -LN2_HIGH), z).add(rest));
    return (FloatVector) Functions.SCALED.invokeExact(r, rounded);
  }

  /// The power of |a| with the sign that a's has: turned where a negative number has an odd
  /// exponent; NaN where it has one that isn't whole.
  static FloatVector signed(FloatVector power, FloatVector a, FloatVector b) {
    VectorMask<Float> small = a.compare(LT, 0f).and(b.abs().compare(LT, WHOLE_FROM));
    IntVector n = b.convert(VectorOperators.F2I, 0).reinterpretAsInts();
    VectorMask<Float> broken =
        n.convert(VectorOperators.I2F, 0).reinterpretAsFloats().compare(NE, b);
    VectorMask<Float> odd = n.lanewise(VectorOperators.AND, 1).compare(NE, 0).cast(S);
    return power
        .blend(power.neg(), odd.and(small))
        .blend(Float.NaN, broken.and(small))
        .blend(1f, b.compare(EQ, 0f));
  }

  /// From here on every number is whole and even.
  static final float WHOLE_FROM = 0x1p24f;
}
