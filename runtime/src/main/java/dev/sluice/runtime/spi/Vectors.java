package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The vector width, named in this one place. Only code that runs when [Lanes#VECTORS] is true may
/// mention this class.
public final class Vectors {
  /// The machine's widest vectors, or what `-Dsluice.vector.bits=128|256|512` asks for.
  public static final VectorSpecies<Float> SPECIES = species();

  /// Vector registers, as far as can be told: x86 has 32 where it has vectors of 512 bits, ARM
  /// always.
  static final int REGISTERS =
      SPECIES.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64") ? 32 : 16;

  private Vectors() {}

  public static FloatVector load(MemorySegment segment, long offset) {
    return FloatVector.fromMemorySegment(SPECIES, segment, offset, Lanes.ORDER);
  }

  public static void store(FloatVector value, MemorySegment segment, long offset) {
    value.intoMemorySegment(segment, offset, Lanes.ORDER);
  }

  /// One float in every lane.
  public static FloatVector spread(MemorySegment segment, long offset) {
    return FloatVector.broadcast(SPECIES, segment.get(ValueLayout.JAVA_FLOAT, offset));
  }

  public static FloatVector spread(double value) {
    return FloatVector.broadcast(SPECIES, (float) value);
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
