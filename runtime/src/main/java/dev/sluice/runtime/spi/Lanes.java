package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The vector width, named in this one place.
public final class Lanes {
  /// The machine's widest vectors, or what `-Dsluice.vector.bits=128|256|512` asks for.
  public static final VectorSpecies<Float> SPECIES = species();

  /// Byte order of all memory that kernels touch.
  public static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// Floats of one vector: units are worked on in blocks of this many.
  public static final int COUNT = SPECIES.length();

  /// Bytes of one vector.
  public static final int BYTES = COUNT * Float.BYTES;

  /// Whether the machine has 32 vector registers rather than 16: AVX-512 (at any width) and ARM do,
  /// AVX2 doesn't.
  static final boolean MANY_REGISTERS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512
          || System.getProperty("os.arch").equals("aarch64");

  private Lanes() {}

  public static FloatVector load(MemorySegment segment, long offset) {
    return FloatVector.fromMemorySegment(SPECIES, segment, offset, ORDER);
  }

  public static void store(FloatVector value, MemorySegment segment, long offset) {
    value.intoMemorySegment(segment, offset, ORDER);
  }

  /// One float in every lane.
  public static FloatVector spread(MemorySegment segment, long offset) {
    return FloatVector.broadcast(SPECIES, segment.get(ValueLayout.JAVA_FLOAT, offset));
  }

  public static FloatVector spread(double value) {
    return FloatVector.broadcast(SPECIES, (float) value);
  }

  /// `n` rounded up to whole vectors: the stride of a row of n floats.
  public static int pad(int n) {
    return blocks(n) * COUNT;
  }

  /// Vectors that hold n floats.
  public static int blocks(int n) {
    return (n + COUNT - 1) / COUNT;
  }

  private static VectorSpecies<Float> species() {
    String bits = System.getProperty("sluice.vector.bits", "");
    return switch (bits) {
      case "" -> FloatVector.SPECIES_PREFERRED;
      case "128" -> FloatVector.SPECIES_128;
      case "256" -> FloatVector.SPECIES_256;
      case "512" -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              "sluice.vector.bits=" + bits + ": expected 128, 256 or 512");
    };
  }
}
