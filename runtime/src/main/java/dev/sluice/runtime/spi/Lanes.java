package dev.sluice.runtime.spi;

import java.nio.ByteOrder;

/// How many floats the kernels work on at a time, and whether they do so with vectors. The vector
/// types themselves are in [Vectors], which isn't touched in a JVM without them.
public final class Lanes {
  /// Whether kernels use the Vector API. Without its module, or with `-Dsluice.vector=off`, their
  /// scalar twins serve: the same layouts and formulas, float by float.
  public static final boolean VECTORS = vectors();

  /// Byte order of all memory that kernels touch.
  public static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// Floats of one vector: units are worked on in blocks of this many.
  public static final int COUNT = VECTORS ? Vectors.SPECIES.length() : ScalarProducts.LANES;

  /// Bytes of one vector.
  public static final int BYTES = COUNT * Float.BYTES;

  private Lanes() {}

  /// `n` rounded up to whole panels of two vectors: the stride of a row of n floats.
  public static int pad(int n) {
    return (n + 2 * COUNT - 1) / (2 * COUNT) * 2 * COUNT;
  }

  /// Vectors that hold n floats.
  public static int blocks(int n) {
    return (n + COUNT - 1) / COUNT;
  }

  /// Bytes from one gate to the next where several of the same length are interleaved block by
  /// block,
  /// in the block that starts so many bytes into a row of one: a vector, but in the last block as
  /// many as there are units left, for gates share vectors there.
  public static long slotBytes(int length, long block) {
    return Math.min(BYTES, length * (long) Float.BYTES - block);
  }

  private static boolean vectors() {
    String wish = System.getProperty("sluice.vector", "on");
    return switch (wish) {
      case "off" -> false;
      case "on" -> isModulePresent();
      default ->
          throw new IllegalArgumentException("sluice.vector=" + wish + ": expected on or off");
    };
  }

  private static boolean isModulePresent() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (!present) {
      // Slower by a factor that somebody who forgot the option should hear about.
      System.err.println(
          "sluice: no vector module, kernels run several times slower;"
              + " start Java with --add-modules jdk.incubator.vector");
    }
    return present;
  }
}
