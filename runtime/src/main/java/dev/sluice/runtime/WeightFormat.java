package dev.sluice.runtime;

/// How a session keeps the weights of its matrix products for the kernels. All arithmetic is in
/// floats, whatever the format; biases and other vectors stay floats.
///
/// A single sequence is bound by reading its weights: where they outgrow the caches, half the bytes
/// take half the time. Batches are bound by arithmetic, and gain nothing.
public enum WeightFormat {
  /// As they are: 4 bytes.
  FLOAT32(4),

  /// The upper half of a float, rounded to nearest even (finite values stay finite): 2 bytes, 8
  /// significant bits.
  BFLOAT16(2),

  /// Whole numbers from -127 to 127 times a scale of each row of each matrix, its largest absolute
  /// value / 127: 1 byte. Weights must be finite.
  INT8(1);

  private final int bytes;

  WeightFormat(int bytes) {
    this.bytes = bytes;
  }

  /// Bytes of one weight.
  public int bytes() {
    return bytes;
  }
}
