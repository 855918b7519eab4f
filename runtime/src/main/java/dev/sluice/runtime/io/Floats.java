package dev.sluice.runtime.io;

import dev.sluice.runtime.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Numbers of files as floats, in pieces, so that a large file needs no second copy of itself.
final class Floats {
  private static final int PIECE = 1 << 16;
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  private Floats() {}

  /// How numbers are stored.
  enum Format {
    F16(2),
    BF16(2),
    F32(4),
    F64(8);

    final int bytes;

    Format(int bytes) {
      this.bytes = bytes;
    }
  }

  /// Number of elements of a shape.
  ///
  /// @throws IOException when it is no shape, or too large for memory
  static int count(Path file, String what, long[] shape) throws IOException {
    long count = 1;
    for (long size : shape) {
      if (size < 0 || size > LARGEST) {
        throw new IOException(
            "%s: %s: no shape: %s".formatted(file, what, java.util.Arrays.toString(shape)));
      }
      count *= size;
      if (count > LARGEST) {
        throw new IOException(
            "%s: %s: the shape %s is larger than one array can be"
                .formatted(file, what, java.util.Arrays.toString(shape)));
      }
    }
    return (int) count;
  }

  static int[] shape(long[] shape) {
    return java.util.Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }

  /// Reads numbers from a position; those of 64 bits are rounded to the nearest float.
  static float[] read(FileChannel channel, long position, int count, Format format, ByteOrder order)
      throws IOException {
    float[] values = new float[count];
    ByteBuffer buffer = ByteBuffer.allocate(PIECE).order(order);
    int done = 0;
    while (done < count) {
      int piece = Math.min(PIECE / format.bytes, count - done);
      readFully(
          channel,
          position + (long) done * format.bytes,
          buffer.clear().limit(piece * format.bytes));
      for (int i = 0; i < piece; i++) {
        values[done + i] =
            switch (format) {
              case F16 -> Float.float16ToFloat(buffer.getShort());
              case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
              case F32 -> buffer.getFloat();
              case F64 -> (float) buffer.getDouble();
            };
      }
      done += piece;
    }
    return values;
  }

  /// Fills the buffer from a position and flips it.
  static void readFully(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position + buffer.position());
      if (read < 0) {
        throw new EOFException("the file ended while it was read");
      }
    }
    buffer.flip();
  }

  /// Writes a tensor's floats, little-endian.
  static void write(AtomicFile file, Tensor tensor) throws IOException {
    float[] values = new float[PIECE / Float.BYTES];
    ByteBuffer buffer = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    MemorySegment piece = MemorySegment.ofArray(values);
    long floats = tensor.floats();
    for (long done = 0; done < floats; done += values.length) {
      int count = (int) Math.min(values.length, floats - done);
      MemorySegment.copy(tensor.data(), done * Float.BYTES, piece, 0, (long) count * Float.BYTES);
      buffer.clear().limit(count * Float.BYTES);
      buffer.asFloatBuffer().put(values, 0, count);
      file.write(buffer);
    }
  }
}
