package dev.sluice.compiler.ir;

/// The error function in double precision, which the JDK doesn't have.
final class ErrorFunction {
  private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

  /// From here on `1 - erf(x)` is below half an ulp of 1.
  private static final double ONE_FROM = 6;

  /// Up to here the series takes few terms and loses nothing.
  private static final double SERIES_UP_TO = 2.5;

  private static final int FRACTIONS = 120;

  private ErrorFunction() {}

  /// Within some 1e-15.
  static double erf(double x) {
    double z = Math.abs(x);
    if (z >= ONE_FROM) {
      return Math.signum(x);
    }
    double y = z <= SERIES_UP_TO ? series(z) : 1 - complement(z);
    return Math.copySign(y, x);
  }

  /// `2/√π e^{-z²} Σ 2^k z^{2k+1} / (2k+1)!!`: all terms are positive.
  private static double series(double z) {
    double term = z;
    double sum = z;
    for (int k = 1; term > sum * 1e-17; k++) {
      term *= 2 * z * z / (2 * k + 1);
      sum += term;
    }
    return TWO_OVER_SQRT_PI * Math.exp(-z * z) * sum;
  }

  /// `e^{-z²}/√π · 1/(z + (1/2)/(z + (2/2)/(z + …)))`
  private static double complement(double z) {
    double fraction = z;
    for (int k = FRACTIONS; k > 0; k--) {
      fraction = z + k / 2.0 / fraction;
    }
    return Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction);
  }
}
