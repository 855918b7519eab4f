package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;

/// Panels of fewer bits than floats have: rounding, and packing.
///
/// One step of a panel, two vectors of [Lanes#COUNT] weights, is
/// - in bf16 a vector of ints, whose lower halves are the first vector's weights and whose upper
///   halves the second's: each becomes a float by one operation;
/// - in int8 the bytes of the first vector, then those of the second.
final class Narrow {
  /// Largest absolute value of an int8 weight.
  static final int MOST = 127;

  private static final int LARGEST = 0x7F7F;

  private Narrow() {}

  /// The upper half of a float, rounded to nearest even; what is finite stays finite.
  static int toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // Still NaN without the bits that are cut off.
      return bits >>> 16 | 0x40;
    }
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
    boolean overflow = (rounded & 0x7FFF) > LARGEST && Float.isFinite(value);
    return overflow ? rounded & 0x8000 | LARGEST : rounded;
  }

  static float fromBfloat16(int half) {
    return Float.intBitsToFloat(half << 16);
  }

  /// The scale of a row whose largest absolute value is `most`; 0 for a row that rounds to nothing.
  static float scale(float most) {
    return most / MOST;
  }

  static int toInt8(float value, float scale) {
    if (scale == 0) {
      return 0;
    }
    // A denormal scale is rounded itself, and its row's largest value may be more steps away.
    return (int) Math.clamp(Math.rint((double) value / scale), -MOST, MOST);
  }

  /// A stored matrix as the product sees it.
  ///
  /// @param row bytes from stored row to row
  private record Matrix(MemorySegment segment, long start, long row, boolean transposed) {
    float get(int unit, int column) {
      long at = transposed ? column * row + 4L * unit : unit * row + 4L * column;
      return segment.get(JAVA_FLOAT, start + at);
    }
  }

  /// [Panels#pack] for a format that is narrow.
  ///
  /// @throws IllegalArgumentException when the format can't hold a weight
  static void pack(
      MemorySegment parameters,
      long weight,
      int weightRow,
      boolean transposed,
      int rows,
      int columns,
      PackedWeights packed,
      Panel panel,
      int part,
      int slot) {
    Matrix matrix = new Matrix(parameters, weight, (long) weightRow * Float.BYTES, transposed);
    for (int unit = 0; unit < rows; unit++) {
      int vector = panel.lane(unit, slot) / Lanes.COUNT;
      int lane = panel.lane(unit, slot) % Lanes.COUNT;
      if (packed.format() == WeightFormat.INT8) {
        packInt8(matrix, unit, columns, packed, panel, part, vector, lane);
      } else {
        packBfloat16(matrix, unit, columns, packed, panel, part, vector, lane);
      }
    }
  }

  private static void packBfloat16(
      Matrix matrix,
      int unit,
      int columns,
      PackedWeights packed,
      Panel panel,
      int part,
      int vector,
      int lane) {
    MemorySegment panels = packed.panels();
    int odd = vector % Tiling.VECTORS;
    int shift = odd * Short.SIZE;
    long target =
        panel.at(vector - odd, panel.first(part), Short.BYTES) + (long) lane * Integer.BYTES;
    for (int i = 0; i < columns; i++) {
      long at = target + i * BFLOAT16_STEP;
      int other = panels.get(JAVA_INT, at) & ~(0xFFFF << shift);
      panels.set(JAVA_INT, at, other | toBfloat16(matrix.get(unit, i)) << shift);
    }
  }

  private static void packInt8(
      Matrix matrix,
      int unit,
      int columns,
      PackedWeights packed,
      Panel panel,
      int part,
      int vector,
      int lane) {
    float most = 0;
    for (int i = 0; i < columns; i++) {
      float value = matrix.get(unit, i);
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "a weight is %s: expected finite ones for int8".formatted(value));
      }
      most = Math.max(most, Math.abs(value));
    }
    float scale = scale(most);
    packed.scales().set(JAVA_FLOAT, panel.scalesAt(part, vector) + 4L * lane, scale);
    int odd = vector % Tiling.VECTORS;
    long target =
        panel.at(vector - odd, panel.first(part), Byte.BYTES) + (long) odd * Lanes.COUNT + lane;
    for (int i = 0; i < columns; i++) {
      byte rounded = (byte) toInt8(matrix.get(unit, i), scale);
      packed.panels().set(JAVA_BYTE, target + i * INT8_STEP, rounded);
    }
  }

  /// Bytes from step to step of a panel.
  static final long BFLOAT16_STEP = (long) Tiling.VECTORS * Lanes.COUNT * Short.BYTES;

  static final long INT8_STEP = (long) Tiling.VECTORS * Lanes.COUNT;

  static long step(WeightFormat format) {
    return (long) Tiling.VECTORS * Lanes.COUNT * format.bytes();
  }
}
