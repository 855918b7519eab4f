package dev.sluice.runtime.spi;

import static java.lang.Math.fma;

/// [Precise] on one float: the same formulas, operation by operation, so that the results are the
/// same.
public final class ScalarPrecise {
  private ScalarPrecise() {}

  public static float sigmoid(float x) {
    float e = ScalarFunctions.exp(-Math.abs(x));
    boolean positive = x >= 0;
    float dividend = positive ? 1 : e;
    float divisor = e + 1;
    float quotient = dividend / divisor;
    float divisorLow = e - (divisor - 1);
    float inverse = positive ? quotient : 1 - quotient;
    float lost = fma(-quotient, divisorLow, fma(-quotient, divisor, dividend));
    return fma(lost, inverse, quotient);
  }

  public static float tanh(float x) {
    float a = Math.abs(x);
    if (!(a < Precise.SERIES_END)) {
      return Math.copySign(1 - 2 / (ScalarFunctions.exp(a + a) + 1), x);
    }
    float z = a * a;
    float p = fma(-5.70498872745e-3f, z, 2.06390887954e-2f);
    p = fma(p, z, -5.37397155531e-2f);
    p = fma(p, z, 1.33314422036e-1f);
    p = fma(p, z, -3.33332819422e-1f) * z;
    return Math.copySign(fma(p, a, a), x);
  }
}
