package dev.sluice.samples.recorded;

/// How far a value x may be off: `absolute + relative · |x| + ofLargest · max |tensor|`.
public record Tolerance(double absolute, double relative, double ofLargest) {
  /// Values in float of up to 50 steps, as the recording libraries' own float is from their double.
  public static final Tolerance VALUES = new Tolerance(2e-6, 1e-5, 0);

  /// Values of long or saturated sequences.
  public static final Tolerance LONG_VALUES = new Tolerance(2e-5, 1e-4, 0);

  /// Gradients in float.
  public static final Tolerance GRADIENTS = new Tolerance(1e-6, 0, 1e-5);

  public static final Tolerance SATURATED_GRADIENTS = new Tolerance(0, 0, 1e-4);

  /// Double precision against what was rounded to float when it was recorded.
  public static final Tolerance ROUNDED = new Tolerance(1e-9, 1e-6, 0);

  /// Double precision against double precision.
  public static final Tolerance DOUBLE = new Tolerance(1e-12, 1e-12, 0);

  public double allowed(double x, double largest) {
    return absolute + relative * Math.abs(x) + ofLargest * largest;
  }
}
