package dev.sluice.runtime.spi;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The elementwise functions of the language on vectors. NaN in, NaN out, unless said otherwise.
public final class Functions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /// Adding it rounds to a whole number, which then stands in the low bits: 1.5 · 2^23.
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  private static final int MANTISSA_BITS = 23;
  private static final int EXPONENT_BIAS = 127;

  private static final float LOG2_E = 0x1.715476p0f;

  /// ln 2 in two parts; the first has so few bits that its product with any exponent is exact.
  private static final float LN2_HIGH = 0x1.62e3p-1f;

  private static final float LN2_LOW = 0x1.2fefa2p-17f;
  private static final int SQRT_HALF_BITS = Float.floatToRawIntBits(0x1.6a09e6p-1f);

  private Functions() {}

  /// `1 / (1 + e^-x)`, within 2e-7; 0 and 1 at the ends.
  public static FloatVector sigmoid(FloatVector x) {
    return tanh(x.mul(0.5f)).mul(0.5f).add(0.5f);
  }

  /// Within 3e-7, exactly ±1 at the ends: a rational function of degree 13 over 6, the one that
  /// Eigen uses.
  public static FloatVector tanh(FloatVector x) {
    FloatVector z = clamp(x, TANH_END);
    FloatVector y = z.mul(z);
    FloatVector p =
        constant(-2.76076847742355e-16f)
            .fma(y, constant(2.00018790482477e-13f))
            .fma(y, constant(-8.60467152213735e-11f))
            .fma(y, constant(5.12229709037114e-08f))
            .fma(y, constant(1.48572235717979e-05f))
            .fma(y, constant(6.37261928875436e-04f))
            .fma(y, constant(4.89352455891786e-03f))
            .mul(z);
    FloatVector q =
        constant(1.19825839466702e-06f)
            .fma(y, constant(1.18534705686654e-04f))
            .fma(y, constant(2.26843463243900e-03f))
            .fma(y, constant(4.89352518554385e-03f));
    return clamp(p.div(q), 1);
  }

  /// From here on tanh is 1 in single precision.
  private static final float TANH_END = 9;

  /// `e^x`, within 1 ulp where the result is normal; infinite from 88.73 on, 0 below -104.
  public static FloatVector exp(FloatVector x) {
    FloatVector z = x.blend(EXP_MAX, x.compare(GT, EXP_MAX)).blend(EXP_MIN, x.compare(LT, EXP_MIN));
    FloatVector rounded = z.fma(constant(LOG2_E), constant(ROUNDER));
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector r = n.fma(constant(-LN2_LOW), n.fma(constant(-LN2_HIGH), z));
    // Taylor's series on [-ln 2 / 2, ln 2 / 2].
    FloatVector p =
        constant(1 / 5040f)
            .fma(r, constant(1 / 720f))
            .fma(r, constant(1 / 120f))
            .fma(r, constant(1 / 24f))
            .fma(r, constant(1 / 6f))
            .fma(r, constant(0.5f))
            .fma(r.mul(r), r)
            .add(1f);
    // 2^n in two factors, either of which is normal even if the result is not.
    IntVector exponent = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
    IntVector half = exponent.lanewise(ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  private static final float EXP_MAX = 90;
  private static final float EXP_MIN = -105;

  private static FloatVector powerOfTwo(IntVector exponent) {
    return exponent.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS).reinterpretAsFloats();
  }

  /// Within 1 ulp; -infinity of 0, NaN below.
  public static FloatVector log(FloatVector x) {
    IntVector bits = normal(x).reinterpretAsInts();
    IntVector exponent = exponent(bits);
    return ends(x, logarithm(fraction(bits, exponent), scale(x, exponent)));
  }

  /// Denormals scaled to normal numbers.
  private static FloatVector normal(FloatVector x) {
    return x.blend(x.mul(DENORMAL_SCALE), x.compare(LT, Float.MIN_NORMAL));
  }

  private static final float DENORMAL_SCALE = 0x1p23f;

  /// The exponent that leaves a mantissa in [√½, √2).
  private static IntVector exponent(IntVector bits) {
    return bits.sub(SQRT_HALF_BITS).lanewise(ASHR, MANTISSA_BITS);
  }

  /// The mantissa less 1, exactly.
  private static FloatVector fraction(IntVector bits, IntVector exponent) {
    return bits.sub(exponent.lanewise(LSHL, MANTISSA_BITS)).reinterpretAsFloats().sub(1f);
  }

  /// The exponent of x, given that of [#normal] of it.
  private static FloatVector scale(FloatVector x, IntVector exponent) {
    FloatVector k = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
    return k.blend(k.sub(MANTISSA_BITS), x.compare(LT, Float.MIN_NORMAL));
  }

  /// Logarithms of infinity, zero, negative numbers and NaN.
  private static FloatVector ends(FloatVector x, FloatVector logarithm) {
    return logarithm
        .blend(x, x.compare(GT, Float.MAX_VALUE))
        .blend(Float.NEGATIVE_INFINITY, x.compare(LT, Float.MIN_VALUE))
        .blend(Float.NaN, x.compare(LT, 0f))
        .blend(x, x.compare(NE, x));
  }

  /// `k ln 2 + ln(1 + f)` for f from √½ - 1 to ½.
  private static FloatVector logarithm(FloatVector f, FloatVector k) {
    return k.fma(constant(LN2_HIGH), f.add(k.fma(constant(LN2_LOW), correction(f))));
  }

  /// `ln(1 + f) - f`; the approximation of FreeBSD's logf in s = f / (2 + f).
  private static FloatVector correction(FloatVector f) {
    FloatVector s = f.div(f.add(2f));
    FloatVector z = s.mul(s);
    FloatVector r =
        constant(0.24279078841f)
            .fma(z, constant(0.28498786688f))
            .fma(z, constant(0.40000972152f))
            .fma(z, constant(0.66666662693f))
            .mul(z);
    FloatVector square = f.mul(f).mul(0.5f);
    return s.fma(square.add(r), square.neg());
  }

  /// `log(1 + e^x)`, within 2 ulp.
  public static FloatVector softplus(FloatVector x) {
    FloatVector u = exp(x.abs().neg());
    // log(1 + u), from its upper half on as log 2 + log((1 + u) / 2).
    VectorMask<Float> upper = u.compare(GT, 0.5f);
    FloatVector f = u.blend(u.sub(1f).mul(0.5f), upper);
    return logarithm(f, FloatVector.zero(S).blend(1f, upper)).add(x.max(0f));
  }

  /// `a^b` for a > 0, or for whole b (otherwise NaN); relative error up to 2e-6, below 3e-7 for |b
  /// ln a| < 10. `a^0` is 1
  /// for any a.
  public static FloatVector power(FloatVector a, FloatVector b) {
    FloatVector magnitude = a.abs();
    IntVector bits = normal(magnitude).reinterpretAsInts();
    IntVector exponent = exponent(bits);
    FloatVector f = fraction(bits, exponent);
    FloatVector k = scale(magnitude, exponent);
    // ln|a| in two parts, the second with what the roundings of the first lost.
    FloatVector whole = k.mul(LN2_HIGH);
    FloatVector sum = whole.add(f);
    FloatVector rounding = f.sub(sum.sub(whole));
    FloatVector small = k.fma(constant(LN2_LOW), correction(f)).add(rounding);
    FloatVector first = sum.add(small);
    FloatVector low = small.sub(first.sub(sum));
    FloatVector high = ends(magnitude, first);
    FloatVector product = high.mul(b);
    FloatVector rest = b.fma(low, high.fma(b, product.neg()));
    VectorMask<Float> moderate = product.abs().compare(LT, 128f);
    FloatVector result = exp(product).mul(FloatVector.zero(S).blend(rest, moderate).add(1f));
    return signed(result, a.compare(LT, 0f), b).blend(1f, b.compare(EQ, 0f));
  }

  /// Turns the sign where a negative number has an odd exponent; NaN where it has one that isn't
  /// whole.
  private static FloatVector signed(FloatVector result, VectorMask<Float> negative, FloatVector b) {
    VectorMask<Float> small = b.abs().compare(LT, WHOLE_FROM);
    IntVector n = b.convert(VectorOperators.F2I, 0).reinterpretAsInts();
    VectorMask<Float> broken =
        n.convert(VectorOperators.I2F, 0).reinterpretAsFloats().compare(NE, b);
    VectorMask<Float> odd = n.lanewise(VectorOperators.AND, 1).compare(NE, 0).cast(S);
    return result
        .blend(result.neg(), negative.and(odd).and(small))
        .blend(Float.NaN, negative.and(broken).and(small));
  }

  /// From here on every number is whole and even.
  private static final float WHOLE_FROM = 0x1p24f;

  public static FloatVector relu(FloatVector x) {
    return x.max(0f);
  }

  /// -1, 0 or 1.
  public static FloatVector sign(FloatVector x) {
    return x.blend(1f, x.compare(GT, 0f)).blend(-1f, x.compare(LT, 0f));
  }

  /// 1 above 0, else 0.
  public static FloatVector step(FloatVector x) {
    return FloatVector.zero(S).blend(1f, x.compare(GT, 0f));
  }

  /// 1 where a > b, else 0.
  public static FloatVector greater(FloatVector a, FloatVector b) {
    return FloatVector.zero(S).blend(1f, a.compare(GT, b));
  }

  /// Not min and max: those take five instructions on x86 to get NaN and -0 right, this takes two
  /// and keeps NaN.
  private static FloatVector clamp(FloatVector x, float end) {
    return x.blend(end, x.compare(GT, end)).blend(-end, x.compare(LT, -end));
  }

  private static FloatVector constant(float value) {
    return FloatVector.broadcast(S, value);
  }

  /// `then` where the condition is not 0, `otherwise` elsewhere.
  public static FloatVector select(FloatVector condition, FloatVector then, FloatVector otherwise) {
    return otherwise.blend(then, condition.compare(NE, 0f));
  }
}
