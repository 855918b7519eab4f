package dev.sluice.runtime.io;

import dev.sluice.runtime.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The `.safetensors` format: 8 bytes of header length, a JSON header, the data. Reads F16, BF16,
/// F32 and F64, writes F32.
///
/// Tensors must fill the data without gap or overlap, as the format's own reader demands; every
/// number of the header is checked against the file's length before anything is reserved.
public final class Safetensors {
  /// Longest header, the limit of the format's own reader.
  private static final long LONGEST_HEADER = 100_000_000;

  private Safetensors() {}

  /// All tensors by name, in the header's order; 64-bit numbers are rounded to floats.
  ///
  /// @throws IOException when the file isn't there or is no such file
  public static SequencedMap<String, Tensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer start = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      if (size < Long.BYTES) {
        throw new IOException(
            "%s: %d bytes are too few for a .safetensors file".formatted(file, size));
      }
      Floats.readFully(channel, 0, start);
      long length = start.getLong();
      if (length < 2 || length > LONGEST_HEADER || length > size - Long.BYTES) {
        throw new IOException(
            "%s: a header of %s bytes in a file of %d: cut off or not a .safetensors file"
                .formatted(file, Long.toUnsignedString(length), size));
      }
      ByteBuffer header = ByteBuffer.allocate((int) length);
      Floats.readFully(channel, Long.BYTES, header);
      List<SafetensorsHeader.Entry> entries = SafetensorsHeader.parse(file, text(file, header));
      long data = Long.BYTES + length;
      checkLayout(file, entries, size - data);
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      for (SafetensorsHeader.Entry entry : entries) {
        int count = Floats.count(file, SafetensorsHeader.shown(entry.name()), entry.shape());
        float[] values =
            Floats.read(
                channel, data + entry.begin(), count, entry.format(), ByteOrder.LITTLE_ENDIAN);
        tensors.put(entry.name(), Tensor.of(values, Floats.shape(entry.shape())));
      }
      return tensors;
    }
  }

  private static String text(Path file, ByteBuffer header) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": the header is not UTF-8", e);
    }
  }

  private static void checkLayout(Path file, List<SafetensorsHeader.Entry> entries, long bytes)
      throws IOException {
    List<SafetensorsHeader.Entry> sorted = new ArrayList<>(entries);
    sorted.sort(
        Comparator.comparingLong(SafetensorsHeader.Entry::begin)
            .thenComparingLong(SafetensorsHeader.Entry::end));
    long end = 0;
    for (SafetensorsHeader.Entry entry : sorted) {
      long expected =
          (long) Floats.count(file, SafetensorsHeader.shown(entry.name()), entry.shape())
              * entry.format().bytes;
      if (entry.begin() != end || entry.end() - entry.begin() != expected || entry.end() > bytes) {
        throw new IOException(
            "%s: %s has the bytes %d to %d of %d; expected %d to %d for %s%s"
                .formatted(
                    file,
                    SafetensorsHeader.shown(entry.name()),
                    entry.begin(),
                    entry.end(),
                    bytes,
                    end,
                    end + expected,
                    entry.format(),
                    java.util.Arrays.toString(entry.shape())));
      }
      end = entry.end();
    }
    if (end != bytes) {
      throw new IOException(
          "%s: %d bytes of data, the header describes %d".formatted(file, bytes, end));
    }
  }

  /// Writes float32. The file is the old one until the new one is complete on the disk; the same
  /// tensors give the same bytes.
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    byte[] json = SafetensorsHeader.render(tensors).getBytes(StandardCharsets.UTF_8);
    int length = (json.length + 7) / 8 * 8;
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(length).put(json);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    try (AtomicFile target = new AtomicFile(file)) {
      target.write(start.flip());
      for (Tensor tensor : tensors.values()) {
        Floats.write(target, tensor);
      }
      target.finish();
      target.place();
    }
  }
}
