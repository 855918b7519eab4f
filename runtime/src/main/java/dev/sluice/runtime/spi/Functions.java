package dev.sluice.runtime.spi;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The elementwise functions of the language on vectors. NaN in, NaN out, unless said otherwise.
///
/// C2 inlines a call only while the method that it compiles has fewer than 18,000 nodes
/// (`NodeCountInliningCutoff`), and a function that isn't inlined boxes its vectors. One operation
/// of the Vector API takes 400 to 700 nodes, [#tanh] and [#sigmoid] 8,000 to 9,000, [#exp] 13,500,
/// so that an LSTM's gates are past the limit. A constant method handle is inlined whatever the
/// limit: generated code calls `Functions.TANH.invokeExact(z)`. Measured on the elementwise part of
/// an LSTM: 28 ns for 16 units and no allocation, against 142 ns with static calls. The functions
/// call each other in the same way: past the limit a static call between them would box, too.
///
/// Bounds are two comparisons: the smaller and the larger of two numbers, which have a rule for NaN
/// and for -0, take six instructions each: without them 16 units of an LSTM take 10 ns less.
public final class Functions {
  private static final VectorSpecies<Float> S = Vectors.SPECIES;

  public static final MethodHandle SIGMOID = handle("sigmoid", 1);
  public static final MethodHandle TANH = handle("tanh", 1);
  public static final MethodHandle EXP = handle("exp", 1);
  public static final MethodHandle LOG = handle("log", 1);
  public static final MethodHandle SOFTPLUS = handle("softplus", 1);
  public static final MethodHandle POWER = handle(MethodHandles.lookup(), Power.class, "power", 2);
  public static final MethodHandle RELU = handle("relu", 1);
  public static final MethodHandle SIGN = handle("sign", 1);
  public static final MethodHandle STEP = handle("step", 1);
  public static final MethodHandle SIN =
      handle(MethodHandles.lookup(), Trigonometry.class, "sin", 1);
  public static final MethodHandle COS =
      handle(MethodHandles.lookup(), Trigonometry.class, "cos", 1);
  public static final MethodHandle ERF = handle("erf", 1);
  public static final MethodHandle FLOOR = handle("floor", 1);
  public static final MethodHandle GREATER = handle("greater", 2);
  public static final MethodHandle SELECT = handle("select", 3);

  /// `2^n e^r` of r and of n as [#exp] has it.
  static final MethodHandle SCALED = handle("scaled", 2);

  /// Logarithms at the ends of the range.
  static final MethodHandle ENDS = handle("ends", 2);

  private static final MethodHandle LOGARITHM = handle("logarithm", 2);

  private static MethodHandle handle(String name, int operands) {
    return handle(MethodHandles.lookup(), Functions.class, name, operands);
  }

  /// A function of vectors as a constant for [MethodHandle#invokeExact].
  static MethodHandle handle(
      MethodHandles.Lookup lookup, Class<?> owner, String name, int operands) {
    List<Class<?>> types = Collections.nCopies(operands, FloatVector.class);
    try {
      return lookup.findStatic(owner, name, MethodType.methodType(FloatVector.class, types));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Adding it rounds to a whole number, which then stands in the low bits: 1.5 · 2^23.
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
  static final int MANTISSA_BITS = 23;
  static final int EXPONENT_BIAS = 127;

  static final float LOG2_E = 0x1.715476p0f;

  /// ln 2 in two parts; the first has so few bits that its product with any exponent is exact.
  static final float LN2_HIGH = 0x1.62e3p-1f;

  static final float LN2_LOW = 0x1.2fefa2p-17f;
  static final int SQRT_HALF_BITS = Float.floatToRawIntBits(0x1.6a09e6p-1f);

  private Functions() {}

  // tanh z ≈ z (A1 + A3 z² + … + A13 z¹²) / (B0 + B2 z² + … + B6 z⁶), the function that Eigen uses.
  static final float A1 = 4.89352455891786e-03f;
  static final float A3 = 6.37261928875436e-04f;
  static final float A5 = 1.48572235717979e-05f;
  static final float A7 = 5.12229709037114e-08f;
  static final float A9 = -8.60467152213735e-11f;
  static final float A11 = 2.00018790482477e-13f;
  static final float A13 = -2.76076847742355e-16f;
  static final float B0 = 4.89352518554385e-03f;
  static final float B2 = 2.26843463243900e-03f;
  static final float B4 = 1.18534705686654e-04f;
  static final float B6 = 1.19825839466702e-06f;

  /// Here it becomes exactly 1; it never exceeds 1 before.
  static final float TANH_END = 7.99881172f;

  /// Within 3e-7, exactly ±1 at the ends.
  public static FloatVector tanh(FloatVector x) {
    FloatVector below = x.blend(TANH_END, x.compare(GT, TANH_END));
    FloatVector z = below.blend(-TANH_END, below.compare(LT, -TANH_END));
    FloatVector y = z.mul(z);
    FloatVector p =
        broadcast(S, A13)
            .fma(y, broadcast(S, A11))
            .fma(y, broadcast(S, A9))
            .fma(y, broadcast(S, A7))
            .fma(y, broadcast(S, A5))
            .fma(y, broadcast(S, A3))
            .fma(y, broadcast(S, A1))
            .mul(z);
    FloatVector q =
        broadcast(S, B6).fma(y, broadcast(S, B4)).fma(y, broadcast(S, B2)).fma(y, broadcast(S, B0));
    return p.div(q);
  }

  /// `1 / (1 + e^-x)` as `(1 + tanh(x / 2)) / 2`, within 2e-7; 0 and 1 at the ends.
  public static FloatVector sigmoid(FloatVector x) {
    FloatVector below = x.blend(2 * TANH_END, x.compare(GT, 2 * TANH_END));
    FloatVector z = below.blend(-2 * TANH_END, below.compare(LT, -2 * TANH_END));
    FloatVector y = z.mul(z);
    FloatVector p =
        broadcast(S, A13 / (1 << 13))
            .fma(y, broadcast(S, A11 / (1 << 11)))
            .fma(y, broadcast(S, A9 / (1 << 9)))
            .fma(y, broadcast(S, A7 / (1 << 7)))
            .fma(y, broadcast(S, A5 / (1 << 5)))
            .fma(y, broadcast(S, A3 / (1 << 3)))
            .fma(y, broadcast(S, A1 / 2))
            .mul(z);
    FloatVector q =
        broadcast(S, B6 / (1 << 6))
            .fma(y, broadcast(S, B4 / (1 << 4)))
            .fma(y, broadcast(S, B2 / (1 << 2)))
            .fma(y, broadcast(S, B0));
    return p.div(q).fma(broadcast(S, 0.5f), broadcast(S, 0.5f));
  }

  /// `e^x`, within 1.1 ulp where the result is normal; infinite from 88.73 on, 0 below -104.
  public static FloatVector exp(FloatVector x) throws Throwable {
    FloatVector below = x.blend(EXP_MAX, x.compare(GT, EXP_MAX));
    FloatVector z = below.blend(EXP_MIN, below.compare(LT, EXP_MIN));
    FloatVector rounded = z.fma(broadcast(S, LOG2_E), broadcast(S, ROUNDER));
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector r = n.fma(broadcast(S, -LN2_LOW), n.fma(broadcast(S, -LN2_HIGH), z));
    return (FloatVector) SCALED.invokeExact(r, rounded);
  }

  /// `2^n e^r` for r in [-ln 2 / 2, ln 2 / 2].
  ///
  /// @param rounded n in its low bits: n + [#ROUNDER]
  static FloatVector scaled(FloatVector r, FloatVector rounded) {
    // Taylor's series.
    FloatVector p =
        broadcast(S, 1 / 5040f)
            .fma(r, broadcast(S, 1 / 720f))
            .fma(r, broadcast(S, 1 / 120f))
            .fma(r, broadcast(S, 1 / 24f))
            .fma(r, broadcast(S, 1 / 6f))
            .fma(r, broadcast(S, 0.5f))
            .fma(r.mul(r), r)
            .add(1f);
    // 2^n in two factors, either of which is normal even if the result is not.
    IntVector exponent = rounded.reinterpretAsInts().sub(ROUNDER_BITS);
    IntVector half = exponent.lanewise(ASHR, 1);
    IntVector first = half.add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS);
    IntVector second = exponent.sub(half).add(EXPONENT_BIAS).lanewise(LSHL, MANTISSA_BITS);
    return p.mul(first.reinterpretAsFloats()).mul(second.reinterpretAsFloats());
  }

  static final float EXP_MAX = 90;
  static final float EXP_MIN = -105;

  /// Within 1 ulp; -infinity of 0, NaN below.
  public static FloatVector log(FloatVector x) throws Throwable {
    VectorMask<Float> denormal = x.compare(LT, Float.MIN_NORMAL);
    IntVector bits = x.mul(DENORMAL_SCALE, denormal).reinterpretAsInts();
    // The exponent that leaves a mantissa in [√½, √2); f is the mantissa less 1, exactly.
    IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, MANTISSA_BITS);
    FloatVector f = bits.sub(exponent.lanewise(LSHL, MANTISSA_BITS)).reinterpretAsFloats().sub(1f);
    FloatVector k = exponent.add(ROUNDER_BITS).reinterpretAsFloats().sub(ROUNDER);
    FloatVector logarithm = (FloatVector) LOGARITHM.invokeExact(f, k.sub(MANTISSA_BITS, denormal));
    return (FloatVector) ENDS.invokeExact(x, logarithm);
  }

  /// Brings any denormal among the normal numbers.
  static final float DENORMAL_SCALE = 0x1p23f;

  /// Logarithms of infinity and NaN, which are themselves, of 0 and of negative numbers.
  static FloatVector ends(FloatVector x, FloatVector logarithm) {
    FloatVector belowAll = x.sqrt().sub(Float.POSITIVE_INFINITY);
    return x.blend(logarithm, x.compare(LE, Float.MAX_VALUE))
        .blend(belowAll, x.compare(LT, Float.MIN_VALUE));
  }

  /// `k ln 2 + ln(1 + f)` for f from √½ - 1 to ½; the approximation of FreeBSD's logf in s = f / (2
  /// + f).
  static FloatVector logarithm(FloatVector f, FloatVector k) {
    FloatVector s = f.div(f.add(2f));
    FloatVector z = s.mul(s);
    FloatVector r =
        broadcast(S, 0.24279078841f)
            .fma(z, broadcast(S, 0.28498786688f))
            .fma(z, broadcast(S, 0.40000972152f))
            .fma(z, broadcast(S, 0.66666662693f))
            .mul(z);
    FloatVector square = f.mul(f).mul(0.5f);
    FloatVector correction = s.fma(square.add(r), square.neg());
    return k.fma(broadcast(S, LN2_HIGH), f.add(k.fma(broadcast(S, LN2_LOW), correction)));
  }

  /// `log(1 + e^x)`, within 2 ulp.
  public static FloatVector softplus(FloatVector x) throws Throwable {
    FloatVector u = (FloatVector) EXP.invokeExact(x.abs().neg());
    // log(1 + u), from its upper half on as log 2 + log((1 + u) / 2).
    VectorMask<Float> upper = u.compare(GT, 0.5f);
    FloatVector f = u.blend(u.sub(1f).mul(0.5f), upper);
    FloatVector k = FloatVector.zero(S).blend(1f, upper);
    return ((FloatVector) LOGARITHM.invokeExact(f, k)).add(x.max(0f));
  }

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

  /// The error function `2/√π ∫₀ˣ e^{-s²} ds`, within 2 ulp; the approximation is N. Juffa's.
  public static FloatVector erf(FloatVector x) throws Throwable {
    FloatVector t = x.abs();
    FloatVector s = x.mul(x);
    FloatVector far =
        broadcast(S, -1.72853470e-5f)
            .fma(t, broadcast(S, 3.83197126e-4f))
            .fma(s, broadcast(S, -3.88396438e-3f).fma(t, broadcast(S, 2.42546219e-2f)))
            .fma(t, broadcast(S, -1.06777877e-1f))
            .fma(t, broadcast(S, -6.34846687e-1f))
            .fma(t, broadcast(S, -1.28717512e-1f))
            .fma(t, t.neg());
    FloatVector near =
        broadcast(S, -5.96761703e-4f)
            .fma(s, broadcast(S, 4.99119423e-3f))
            .fma(s, broadcast(S, -2.67681349e-2f))
            .fma(s, broadcast(S, 1.12819925e-1f))
            .fma(s, broadcast(S, -3.76125336e-1f))
            .fma(s, broadcast(S, 1.28379166e-1f))
            .fma(x, x);
    FloatVector tail = broadcast(S, 1f).sub((FloatVector) EXP.invokeExact(far));
    return near.blend(tail.blend(tail.neg(), x.compare(LT, 0f)), t.compare(GT, ERF_FAR));
  }

  /// From here on `1 - erf` is approximated rather than erf.
  static final float ERF_FAR = 0.921875f;

  /// The largest whole number that is not above.
  public static FloatVector floor(FloatVector x) {
    FloatVector whole =
        x.convert(VectorOperators.F2I, 0)
            .reinterpretAsInts()
            .convert(VectorOperators.I2F, 0)
            .reinterpretAsFloats();
    FloatVector below = whole.sub(1f, whole.compare(GT, x));
    // From 2^23 on every number is whole.
    return x.blend(below, x.abs().compare(LT, DENORMAL_SCALE));
  }

  /// 1 where a > b, else 0.
  public static FloatVector greater(FloatVector a, FloatVector b) {
    return FloatVector.zero(S).blend(1f, a.compare(GT, b));
  }

  /// `then` where the condition is not 0, `otherwise` elsewhere.
  public static FloatVector select(FloatVector condition, FloatVector then, FloatVector otherwise) {
    return otherwise.blend(then, condition.compare(NE, 0f));
  }
}
