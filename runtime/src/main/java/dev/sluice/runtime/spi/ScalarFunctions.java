package dev.sluice.runtime.spi;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.fma;

/// [Functions] on one float: the same formulas, operation by operation, so that the results are the
/// same. Only compile-time constants of that class are used, for it can't be loaded without the
/// vector module.
public final class ScalarFunctions {
  private static final int ROUNDER_BITS = floatToRawIntBits(Functions.ROUNDER);
  private static final int SQRT_HALF_BITS = floatToRawIntBits(0x1.6a09e6p-1f);

  private ScalarFunctions() {}

  public static float tanh(float x) {
    float z = Math.max(Math.min(x, Functions.TANH_END), -Functions.TANH_END);
    float y = z * z;
    float p = fma(Functions.A13, y, Functions.A11);
    p = fma(p, y, Functions.A9);
    p = fma(p, y, Functions.A7);
    p = fma(p, y, Functions.A5);
    p = fma(p, y, Functions.A3);
    p = fma(p, y, Functions.A1);
    float q = fma(Functions.B6, y, Functions.B4);
    q = fma(q, y, Functions.B2);
    q = fma(q, y, Functions.B0);
    return p * z / q;
  }

  public static float sigmoid(float x) {
    return fma(tanh(0.5f * x), 0.5f, 0.5f);
  }

  public static float exp(float x) {
    float z = Math.max(Math.min(x, Functions.EXP_MAX), Functions.EXP_MIN);
    float rounded = fma(z, Functions.LOG2_E, Functions.ROUNDER);
    float n = rounded - Functions.ROUNDER;
    return scaled(fma(n, -Functions.LN2_LOW, fma(n, -Functions.LN2_HIGH, z)), rounded);
  }

  private static float scaled(float r, float rounded) {
    float p = fma(1 / 5040f, r, 1 / 720f);
    p = fma(p, r, 1 / 120f);
    p = fma(p, r, 1 / 24f);
    p = fma(p, r, 1 / 6f);
    p = fma(p, r, 0.5f);
    p = fma(p, r * r, r) + 1;
    int exponent = floatToRawIntBits(rounded) - ROUNDER_BITS;
    int half = exponent >> 1;
    return p * powerOfTwo(half) * powerOfTwo(exponent - half);
  }

  private static float powerOfTwo(int exponent) {
    return intBitsToFloat((exponent + Functions.EXPONENT_BIAS) << Functions.MANTISSA_BITS);
  }

  public static float log(float x) {
    return ends(x, logarithm(mantissa(x), exponent(x)));
  }

  /// The bits of x, of which denormal ones have been brought among the normal.
  private static int bits(float x) {
    return floatToRawIntBits(isDenormal(x) ? x * Functions.DENORMAL_SCALE : x);
  }

  private static boolean isDenormal(float x) {
    return x < Float.MIN_NORMAL;
  }

  /// What is left of x above 1 after division by 2 to its [#exponent]: from √½ - 1 to √2 - 1.
  private static float mantissa(float x) {
    int bits = bits(x);
    int exponent = (bits - SQRT_HALF_BITS) >> Functions.MANTISSA_BITS;
    return intBitsToFloat(bits - (exponent << Functions.MANTISSA_BITS)) - 1;
  }

  private static float exponent(float x) {
    int exponent = (bits(x) - SQRT_HALF_BITS) >> Functions.MANTISSA_BITS;
    return isDenormal(x) ? exponent - Functions.MANTISSA_BITS : exponent;
  }

  private static float ends(float x, float logarithm) {
    if (x < Float.MIN_VALUE) {
      return (float) Math.sqrt(x) - Float.POSITIVE_INFINITY;
    }
    return x <= Float.MAX_VALUE ? logarithm : x;
  }

  private static float logarithm(float f, float k) {
    return fma(k, Functions.LN2_HIGH, f + fma(k, Functions.LN2_LOW, correction(f)));
  }

  private static float correction(float f) {
    float s = f / (f + 2);
    float z = s * s;
    float r = fma(0.24279078841f, z, 0.28498786688f);
    r = fma(r, z, 0.40000972152f);
    r = fma(r, z, 0.66666662693f) * z;
    float square = f * f * 0.5f;
    return fma(s, square + r, -square);
  }

  public static float softplus(float x) {
    float u = exp(-Math.abs(x));
    boolean upper = u > 0.5f;
    float f = upper ? (u - 1) * 0.5f : u;
    return logarithm(f, upper ? 1 : 0) + Math.max(x, 0f);
  }

  /// Its logarithm is in two parts; see [Power].
  public static float power(float a, float b) {
    if (b == 0) {
      return 1;
    }
    float magnitude = Math.abs(a);
    float f = mantissa(magnitude);
    float k = exponent(magnitude);
    float s = f / (f + 2);
    float main = s + s;
    float whole = k * Functions.LN2_HIGH;
    float sum = whole + main;
    float rounding = main - (sum - whole);
    float small = fma(k, Functions.LN2_LOW, tail(f, s) + rounding);
    float first = sum + small;
    float low = small - (first - sum);
    return signed(raise(ends(magnitude, first), low, b), a, b);
  }

  private static float tail(float f, float s) {
    float divisor = f + 2;
    float divisorLow = f - (divisor - 2);
    float low = fma(-s, divisorLow, fma(-s, divisor, f)) / divisor;
    float z = fma(s, s, s * low * 2);
    float series = fma(2 / 11f, z, 2 / 9f);
    series = fma(series, z, 2 / 7f);
    series = fma(series, z, 2 / 5f);
    series = fma(series, z, 2 / 3f) * z;
    return fma(low, 2, s * series);
  }

  private static float raise(float high, float low, float b) {
    float product = high * b;
    float lost = fma(b, low, fma(high, b, -product));
    float rest = Math.abs(product) < 128 ? lost : 0;
    float z = Math.max(Math.min(product, Functions.EXP_MAX), Functions.EXP_MIN);
    float rounded = fma(z, Functions.LOG2_E, Functions.ROUNDER);
    float n = rounded - Functions.ROUNDER;
    return scaled(fma(n, -Functions.LN2_LOW, fma(n, -Functions.LN2_HIGH, z) + rest), rounded);
  }

  /// The power of |a| with the sign that a's has: turned where a negative number has an odd
  /// exponent; NaN where it has one that isn't whole.
  private static float signed(float power, float a, float b) {
    if (!(a < 0 && Math.abs(b) < Power.WHOLE_FROM)) {
      return power;
    }
    int n = (int) b;
    return n != b ? Float.NaN : (n & 1) != 0 ? -power : power;
  }

  public static float relu(float x) {
    return Math.max(x, 0f);
  }

  public static float sign(float x) {
    return x > 0 ? 1 : x < 0 ? -1 : x;
  }

  public static float step(float x) {
    return x > 0 ? 1 : 0;
  }

  public static float greater(float a, float b) {
    return a > b ? 1 : 0;
  }

  public static float select(float condition, float then, float otherwise) {
    return condition != 0 ? then : otherwise;
  }

  public static float sin(float x) {
    return Math.abs(x) > Trigonometry.LARGEST ? (float) Math.sin(x) : quarters(x, 0);
  }

  public static float cos(float x) {
    return Math.abs(x) > Trigonometry.LARGEST ? (float) Math.cos(x) : quarters(x, 1);
  }

  private static float quarters(float x, int more) {
    float rounded = fma(x, Trigonometry.TWO_OVER_PI, Functions.ROUNDER);
    float n = rounded - Functions.ROUNDER;
    float r = fma(n, -Trigonometry.FIRST, x);
    r = fma(n, -Trigonometry.SECOND, r);
    r = fma(n, -Trigonometry.THIRD, r);
    int bits = floatToRawIntBits(rounded + more);
    float sine = (bits & 1) == 0 ? sine(r) : cosine(r);
    return (bits & 2) == 0 ? sine : -sine;
  }

  private static float sine(float r) {
    float z = r * r;
    float p = fma(-1.9515295891e-4f, z, 8.3321608736e-3f);
    p = fma(p, z, -1.6666654611e-1f);
    return fma(p, z * r, r);
  }

  private static float cosine(float r) {
    float z = r * r;
    float p = fma(2.443315711809948e-5f, z, -1.388731625493765e-3f);
    p = fma(p, z, 4.166664568298827e-2f);
    return fma(p, z * z, fma(z, -0.5f, 1));
  }

  public static float erf(float x) {
    float t = Math.abs(x);
    float s = x * x;
    if (t > Functions.ERF_FAR) {
      float p = fma(-1.72853470e-5f, t, 3.83197126e-4f);
      p = fma(p, s, fma(-3.88396438e-3f, t, 2.42546219e-2f));
      p = fma(p, t, -1.06777877e-1f);
      p = fma(p, t, -6.34846687e-1f);
      p = fma(p, t, -1.28717512e-1f);
      p = fma(p, t, -t);
      return Math.copySign(1 - exp(p), x);
    }
    float p = fma(-5.96761703e-4f, s, 4.99119423e-3f);
    p = fma(p, s, -2.67681349e-2f);
    p = fma(p, s, 1.12819925e-1f);
    p = fma(p, s, -3.76125336e-1f);
    p = fma(p, s, 1.28379166e-1f);
    return fma(p, x, x);
  }

  public static float floor(float x) {
    return (float) Math.floor(x) + 0f; // no -0, as on vectors
  }
}
