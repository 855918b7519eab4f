package dev.sluice.samples.recorded;

import dev.sluice.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// An array of a recorded case, in double precision, row-major. NaN stands for what the recording
/// leaves open.
public record Numbers(int[] shape, double[] data) {
  private static final Pattern HEADER =
      Pattern.compile("'descr': *'([^']+)', *'fortran_order': *False, *'shape': *\\(([^)]*)\\)");

  public Numbers {
    int count = count(shape);
    if (count != data.length) {
      throw new IllegalArgumentException(
          "%d numbers for the shape %s".formatted(data.length, Arrays.toString(shape)));
    }
  }

  /// Reads `.npy` of version 1.0: little endian numbers or truth values in C order.
  ///
  /// @param file its name, for messages
  /// @throws IllegalArgumentException when it is something else, cut off, or has a NaN
  public static Numbers read(String file, byte[] npy) {
    ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    int start = npy.length < 10 ? 10 : 10 + Short.toUnsignedInt(bytes.getShort(8));
    if (start > npy.length || npy[0] != (byte) 0x93 || npy[6] != 1) {
      throw new IllegalArgumentException(
          "%s: %d bytes that are no .npy file of version 1.0".formatted(file, npy.length));
    }
    String text = new String(npy, 10, start - 10, StandardCharsets.ISO_8859_1);
    Matcher header = HEADER.matcher(text);
    if (!header.find()) {
      throw new IllegalArgumentException(
          "%s: expected an array in C order, found %s".formatted(file, text.strip()));
    }
    int[] shape =
        Arrays.stream(header.group(2).split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    String type = header.group(1);
    int size = size(file, type);
    double[] data = new double[count(shape)];
    if (npy.length != start + (long) size * data.length) {
      throw new IllegalArgumentException(
          "%s: %d bytes of data, expected %d of %d each"
              .formatted(file, npy.length - start, data.length, size));
    }
    for (int i = 0; i < data.length; i++) {
      data[i] =
          switch (type) {
            case "<f4" -> bytes.getFloat(start + size * i);
            case "<f8" -> bytes.getDouble(start + size * i);
            case "<i8" -> bytes.getLong(start + size * i);
            case "<i4" -> bytes.getInt(start + size * i);
            default -> bytes.get(start + i);
          };
      if (Double.isNaN(data[i])) { // would be compared with nothing
        throw new IllegalArgumentException("%s: element %d is NaN".formatted(file, i));
      }
    }
    return new Numbers(shape, data);
  }

  private static int size(String file, String type) {
    return switch (type) {
      case "<f8", "<i8" -> 8;
      case "<f4", "<i4" -> 4;
      case "|b1", "|i1" -> 1;
      default ->
          throw new IllegalArgumentException(
              "%s: elements of type %s, expected <f4, <f8, <i4, <i8, |i1 or |b1"
                  .formatted(file, type));
    };
  }

  public static Numbers of(Tensor tensor) {
    float[] data = tensor.toArray();
    return new Numbers(
        tensor.shape(), IntStream.range(0, data.length).mapToDouble(i -> data[i]).toArray());
  }

  /// Rows of equal length.
  public static Numbers of(double[][] rows) {
    return new Numbers(
        new int[] {rows.length, rows[0].length},
        Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
  }

  /// Steps of equal numbers of rows.
  public static Numbers of(double[][][] steps) {
    double[] all = Arrays.stream(steps).flatMapToDouble(rows -> of(rows).stream()).toArray();
    return new Numbers(new int[] {steps.length, steps[0].length, steps[0][0].length}, all);
  }

  public static Numbers filled(double value, int... shape) {
    double[] data = new double[count(shape)];
    Arrays.fill(data, value);
    return new Numbers(shape, data);
  }

  private java.util.stream.DoubleStream stream() {
    return Arrays.stream(data);
  }

  private static int count(int[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  public Tensor tensor() {
    float[] floats = new float[data.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) data[i];
    }
    return Tensor.of(floats, shape);
  }

  public int[] integers() {
    return stream().mapToInt(d -> (int) d).toArray();
  }

  public int rank() {
    return shape.length;
  }

  /// Length of an axis; from the end when negative.
  public int size(int axis) {
    return shape[axis < 0 ? shape.length + axis : axis];
  }

  public Numbers shaped(int... newShape) {
    return new Numbers(newShape, data);
  }

  /// With an axis of length 1 in this place.
  public Numbers expanded(int axis) {
    int[] more = new int[shape.length + 1];
    Arrays.setAll(more, i -> i < axis ? shape[i] : i == axis ? 1 : shape[i - 1]);
    return shaped(more);
  }

  /// The `index`-th of `parts` equal parts of an axis: `block(0, 1, 4)` is the second quarter of
  /// the rows.
  public Numbers block(int axis, int index, int parts) {
    int length = shape[axis] / parts;
    return range(axis, index * length, (index + 1) * length);
  }

  /// Elements `from` to `to` (exclusive) of an axis.
  public Numbers range(int axis, int from, int to) {
    int[] smaller = shape.clone();
    smaller[axis] = to - from;
    int inner = count(Arrays.copyOfRange(shape, axis + 1, shape.length));
    int outer = count(Arrays.copyOfRange(shape, 0, axis));
    double[] result = new double[count(smaller)];
    int run = (to - from) * inner;
    for (int i = 0; i < outer; i++) {
      System.arraycopy(data, (i * shape[axis] + from) * inner, result, i * run, run);
    }
    return new Numbers(smaller, result);
  }

  /// One element of an axis, which is then gone.
  public Numbers at(int axis, int index) {
    int[] smaller =
        IntStream.range(0, shape.length).filter(i -> i != axis).map(i -> shape[i]).toArray();
    return range(axis, index, index + 1).shaped(smaller);
  }

  /// Side by side with others, along the last axis.
  public Numbers beside(Numbers other) {
    int mine = size(-1);
    int theirs = other.size(-1);
    int[] wider = shape.clone();
    wider[wider.length - 1] = mine + theirs;
    double[] result = new double[count(wider)];
    for (int row = 0; row < data.length / mine; row++) {
      System.arraycopy(data, row * mine, result, row * (mine + theirs), mine);
      System.arraycopy(other.data, row * theirs, result, row * (mine + theirs) + mine, theirs);
    }
    return new Numbers(wider, result);
  }

  /// The first two axes exchanged.
  public Numbers swapped() {
    double[] result = new double[data.length];
    int inner = count(Arrays.copyOfRange(shape, 2, shape.length));
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

  /// The first axis in reverse.
  public Numbers reversed() {
    double[] result = new double[data.length];
    int inner = data.length / shape[0];
    for (int i = 0; i < shape[0]; i++) {
      System.arraycopy(data, i * inner, result, (shape[0] - 1 - i) * inner, inner);
    }
    return new Numbers(shape, result);
  }

  public Numbers over(int divisor) {
    return new Numbers(shape, stream().map(d -> d / divisor).toArray());
  }

  public Numbers plus(Numbers other) {
    return with(other, Double::sum);
  }

  /// Element by element.
  public Numbers with(Numbers other, DoubleBinaryOperator operation) {
    if (data.length != other.data.length) {
      throw new IllegalArgumentException(
          Arrays.toString(shape) + " with " + Arrays.toString(other.shape));
    }
    double[] result = data.clone();
    Arrays.setAll(result, i -> operation.applyAsDouble(data[i], other.data[i]));
    return new Numbers(shape, result);
  }

  /// Without the last axis: 1 where a row has another number than this, else 0.
  public Numbers rowsWithout(double number) {
    int[] smaller = Arrays.copyOf(shape, shape.length - 1);
    double[] result = new double[count(smaller)];
    for (int i = 0; i < data.length; i++) {
      if (data[i] != number) {
        result[i / size(-1)] = 1;
      }
    }
    return new Numbers(smaller, result);
  }

  public double largest() {
    return stream().filter(Double::isFinite).map(Math::abs).max().orElse(0);
  }

  /// The first axis as an array of rows, each flattened.
  public double[][] rows() {
    double[][] rows = new double[shape[0]][];
    int inner = data.length / shape[0];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(data, r * inner, (r + 1) * inner));
    return rows;
  }

  /// The first two axes as arrays, the rest flattened.
  public double[][][] steps() {
    double[][][] steps = new double[shape[0]][][];
    Arrays.setAll(steps, t -> at(0, t).rows());
    return steps;
  }
}
