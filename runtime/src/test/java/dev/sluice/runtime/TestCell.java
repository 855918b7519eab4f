package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.PackedWeights;
import dev.sluice.runtime.spi.Packing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// Cells written by hand in plain loops, in place of generated ones, each with its meaning in
/// double precision.
interface TestCell extends CellProgram {
  /// One step in double precision.
  ///
  /// @param states replaced by their new values
  /// @return the output
  double[] step(Map<String, double[]> parameters, double[][] inputs, double[][] states);

  @Override
  default int version() {
    return RUNTIME_VERSION;
  }

  /// What the two cells' code has in common. It reads weights from `packed`, a plain copy of the
  /// parameters, so that a session that forgets to pack is found out.
  abstract class Code implements CellCode {
    @Override
    public Packing packing() {
      Packing.Builder pieces = new Packing.Builder();
      pieces.vectors(Math.toIntExact(parameterFloats()), 1);
      return pieces.build();
    }

    @Override
    public void pack(MemorySegment parameters, PackedWeights packed, Mode mode) {
      MemorySegment.copy(parameters, 0, packed.vectors(), 0, parameterFloats() * Float.BYTES);
    }

    static float get(MemorySegment segment, long base, long index) {
      return segment.get(ValueLayout.JAVA_FLOAT, base + index * Float.BYTES);
    }

    static void set(MemorySegment segment, long base, long index, float value) {
      segment.set(ValueLayout.JAVA_FLOAT, base + index * Float.BYTES, value);
    }

    static void add(MemorySegment segment, long base, long index, float value) {
      set(segment, base, index, get(segment, base, index) + value);
    }

    /// Byte offset of sequence b at step t.
    long at(Frame frame, int buffer, int t, int b) {
      return frame.row(buffer, t) + (long) b * buffers().get(buffer).stride() * Float.BYTES;
    }

    static Buffer buffer(String name, int length, Buffer.Rows inference, Buffer.Rows training) {
      return new Buffer(name, Lanes.pad(length), inference, training);
    }

    static void add(double[] target, double[] matrix, double[] vector) {
      for (int i = 0; i < target.length; i++) {
        for (int j = 0; j < vector.length; j++) {
          target[i] += matrix[i * vector.length + j] * vector[j];
        }
      }
    }
  }
}
