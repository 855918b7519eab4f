package dev.sluice.runtime.io;

import dev.sluice.runtime.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// NumPy's `.npy`, versions 1 to 3: float16, float32 and float64, in C order. The header is checked
/// against the file's length before anything is reserved. Format: NumPy's `numpy.lib.format`.
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final Pattern ENTRY =
      Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([0-9,\\sL]*\\))\\s*(,|(?=\\}))");

  private Npy() {}

  private record Header(Floats.Format format, ByteOrder order, long[] shape) {}

  /// Reads an array; 64-bit numbers are rounded to floats.
  ///
  /// @throws IOException when the file isn't there, is no such array, or has more or fewer bytes
  /// than its header says
  public static Tensor read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 10) {
        throw new IOException(file + ": %d bytes are too few for an .npy file".formatted(size));
      }
      ByteBuffer start =
          ByteBuffer.allocate((int) Math.min(12, size)).order(ByteOrder.LITTLE_ENDIAN);
      Floats.readFully(channel, 0, start);
      byte[] magic = new byte[MAGIC.length];
      start.get(magic);
      int version = start.get();
      start.get();
      if (!Arrays.equals(magic, MAGIC)
          || version < 1
          || version > 3
          || (version > 1 && size < 12)) {
        throw new IOException(file + ": is no .npy file of version 1 to 3");
      }
      long length =
          version == 1
              ? Short.toUnsignedInt(start.getShort())
              : Integer.toUnsignedLong(start.getInt());
      long data = start.position() + length;
      if (length > LONGEST_HEADER || data > size) {
        throw new IOException(
            "%s: a header of %d bytes in a file of %d: cut off or not an .npy file"
                .formatted(file, length, size));
      }
      ByteBuffer text = ByteBuffer.allocate((int) length);
      Floats.readFully(channel, start.position(), text);
      Header header =
          header(
              file,
              new String(
                  text.array(),
                  version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
      int count = Floats.count(file, "header", header.shape);
      long expected = (long) count * header.format.bytes;
      if (size - data != expected) {
        throw new IOException(
            "%s: the shape %s of %s needs %d bytes of data, the file has %d"
                .formatted(
                    file, Arrays.toString(header.shape), header.format, expected, size - data));
      }
      return Tensor.of(
          Floats.read(channel, data, count, header.format, header.order),
          Floats.shape(header.shape));
    }
  }

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`
  private static Header header(Path file, String text) throws IOException {
    String descr = "";
    String fortran = "";
    String shape = "";
    String body = text.strip();
    if (!body.startsWith("{") || !body.endsWith("}")) {
      throw badHeader(file, text);
    }
    Matcher entry = ENTRY.matcher(body).region(1, body.length());
    while (entry.lookingAt()) {
      String value = entry.group(2);
      switch (entry.group(1)) {
        case "descr" -> descr = value;
        case "fortran_order" -> fortran = value;
        case "shape" -> shape = value;
        default -> throw badHeader(file, text);
      }
      entry.region(entry.end(), body.length());
    }
    if (!body.substring(entry.regionStart()).strip().equals("}")
        || !shape.startsWith("(")
        || fortran.startsWith("'")) {
      throw badHeader(file, text);
    }
    long[] sizes = shape(file, text, shape);
    if (!fortran.equals("False") && sizes.length > 1) {
      throw new IOException(
          file
              + ": is in Fortran order; expected C order: numpy.ascontiguousarray(a) before numpy.save");
    }
    return new Header(
        format(file, descr),
        descr.startsWith("'>") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        sizes);
  }

  private static long[] shape(Path file, String text, String tuple) throws IOException {
    String inside = tuple.substring(1, tuple.length() - 1).strip();
    if (inside.isEmpty()) {
      return new long[0];
    }
    String[] words = inside.split(",");
    long[] shape = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      String word = words[i].strip().replaceAll("L$", "");
      if (!word.matches("[0-9]{1,18}")) {
        throw badHeader(file, text);
      }
      shape[i] = Long.parseLong(word);
    }
    return shape;
  }

  private static Floats.Format format(Path file, String descr) throws IOException {
    return switch (descr) {
      case "'<f2'", "'>f2'" -> Floats.Format.F16;
      case "'<f4'", "'>f4'" -> Floats.Format.F32;
      case "'<f8'", "'>f8'" -> Floats.Format.F64;
      default ->
          throw new IOException(
              "%s: has the type %s; expected float32: a.astype(numpy.float32) before numpy.save"
                  .formatted(file, descr));
    };
  }

  private static IOException badHeader(Path file, String text) {
    String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return new IOException(
        "%s: this header doesn't describe an array: %s"
            .formatted(file, shown.strip().replaceAll("\\p{Cntrl}", "?")));
  }

  /// Writes float32, version 1, C order. The file is the old one until the new one is complete on
  /// the disk.
  public static void write(Path file, Tensor tensor) throws IOException {
    try (AtomicFile target = new AtomicFile(file)) {
      write(target, tensor);
      target.finish();
      target.place();
    }
  }

  static void write(AtomicFile target, Tensor tensor) throws IOException {
    String shape =
        Arrays.toString(tensor.shape())
            .replace("[", "(")
            .replace("]", tensor.rank() == 1 ? ",)" : ")");
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }".formatted(shape);
    // Data starts at a multiple of 64; the header ends with a newline.
    int length = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
    ByteBuffer start = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
    start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    start.put(header.getBytes(StandardCharsets.ISO_8859_1));
    while (start.remaining() > 1) {
      start.put((byte) ' ');
    }
    start.put((byte) '\n');
    target.write(start.flip());
    Floats.write(target, tensor);
  }
}
