package dev.sluice.samples.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// An array of a recorded case, in double precision, row-major.
record Numbers(int[] shape, double[] data) {
  private static final Pattern HEADER =
      Pattern.compile("'descr': *'([^']+)', *'fortran_order': *False, *'shape': *\\(([^)]*)\\)");

  /// Reads a `.npy` file of version 1.0: little endian float32, float64 or int64 in C order.
  static Numbers read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int start = 10 + bytes.getShort(8);
    Matcher header =
        HEADER.matcher(new String(bytes.array(), 10, start - 10, StandardCharsets.ISO_8859_1));
    if (!header.find()) {
      throw new IllegalArgumentException(file + ": not a .npy array in C order");
    }
    int[] shape =
        Arrays.stream(header.group(2).split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    String type = header.group(1);
    double[] data = new double[count];
    for (int i = 0; i < count; i++) {
      data[i] =
          switch (type) {
            case "<f4" -> bytes.getFloat(start + 4 * i);
            case "<f8" -> bytes.getDouble(start + 8 * i);
            case "<i8" -> bytes.getLong(start + 8 * i);
            default -> throw new IllegalArgumentException(file + ": elements of type " + type);
          };
    }
    return new Numbers(shape, data);
  }

  static Numbers of(float[] data, int... shape) {
    return new Numbers(shape, IntStream.range(0, data.length).mapToDouble(i -> data[i]).toArray());
  }

  float[] floats() {
    float[] floats = new float[data.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) data[i];
    }
    return floats;
  }

  Numbers shaped(int... newShape) {
    return new Numbers(newShape, data);
  }

  /// Element `index` of the first axis, or the `parts`-th part of it: `block(1, 4)` is the second
  /// quarter of the rows.
  Numbers block(int index, int parts) {
    int length = data.length / parts;
    int[] smaller = shape.clone();
    smaller[0] /= parts;
    return new Numbers(smaller, Arrays.copyOfRange(data, index * length, (index + 1) * length));
  }

  /// The first two axes exchanged.
  Numbers swapped() {
    double[] result = new double[data.length];
    int inner = data.length / (shape[0] * shape[1]);
    for (int i = 0; i < shape[0]; i++) {
      for (int j = 0; j < shape[1]; j++) {
        System.arraycopy(
            data, (i * shape[1] + j) * inner, result, (j * shape[0] + i) * inner, inner);
      }
    }
    int[] newShape = shape.clone();
    newShape[0] = shape[1];
    newShape[1] = shape[0];
    return new Numbers(newShape, result);
  }

  Numbers plus(Numbers other) {
    double[] sum = data.clone();
    Arrays.setAll(sum, i -> sum[i] + other.data[i]);
    return new Numbers(shape, sum);
  }

  double largest() {
    return Arrays.stream(data).map(Math::abs).max().orElse(0);
  }
}
