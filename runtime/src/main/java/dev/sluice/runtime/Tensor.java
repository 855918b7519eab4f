package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Floats with a shape, row-major: what goes into a network and comes out of it. A view: it owns no
/// memory.
///
/// Networks copy it into their own memory, so it may lie on the heap or off it, and a pass that has
/// returned needs it no more. It is as safe to share between threads as the array behind it: one
/// that another thread changes during a pass may be read in part before and in part after.
public final class Tensor {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final MemorySegment data;
  private final int[] shape;

  private Tensor(MemorySegment data, int[] shape) {
    this.data = data;
    this.shape = shape.clone();
    long floats = count(shape);
    if (data.byteSize() != floats * Float.BYTES) {
      throw new IllegalArgumentException(
          "%d bytes of data for the shape %s, which has %d floats of 4 bytes"
              .formatted(data.byteSize(), Arrays.toString(shape), floats));
    }
  }

  /// The array itself, not a copy.
  ///
  /// @param shape sizes from the outermost axis inwards; none for a scalar
  /// @throws IllegalArgumentException when the array has more or fewer floats than the shape
  public static Tensor of(float[] data, int... shape) {
    return new Tensor(MemorySegment.ofArray(data), shape);
  }

  /// A view of memory of native byte order, off the heap or on it.
  public static Tensor of(MemorySegment data, int... shape) {
    return new Tensor(data, shape);
  }

  /// New zeros on the heap.
  public static Tensor zeros(int... shape) {
    long floats = count(shape);
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "shape %s has %d floats, too many for one array"
              .formatted(Arrays.toString(shape), floats));
    }
    return of(new float[(int) floats], shape);
  }

  static long count(int[] shape) {
    long floats = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "shape %s: sizes are not negative".formatted(Arrays.toString(shape)));
      }
      try {
        floats = Math.multiplyExact(floats, (long) size);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "shape %s is too large".formatted(Arrays.toString(shape)), e);
      }
    }
    if (floats > Long.MAX_VALUE / Float.BYTES) {
      throw new IllegalArgumentException("shape %s is too large".formatted(Arrays.toString(shape)));
    }
    return floats;
  }

  public int rank() {
    return shape.length;
  }

  /// Size of an axis, from 0.
  public int size(int axis) {
    return shape[axis];
  }

  public int[] shape() {
    return shape.clone();
  }

  boolean hasShape(int... expected) {
    return Arrays.equals(shape, expected);
  }

  String shapeText() {
    return Arrays.toString(shape);
  }

  public long floats() {
    return data.byteSize() / Float.BYTES;
  }

  /// The memory behind it.
  public MemorySegment data() {
    return data;
  }

  /// One element.
  ///
  /// @param index one for each axis
  /// @throws IndexOutOfBoundsException when the element does not exist
  public float get(int... index) {
    return data.get(FLOAT, offset(index) * Float.BYTES);
  }

  public void set(float value, int... index) {
    data.set(FLOAT, offset(index) * Float.BYTES, value);
  }

  private long offset(int[] index) {
    if (index.length != shape.length) {
      throw new IndexOutOfBoundsException(
          "index %s into the shape %s".formatted(Arrays.toString(index), Arrays.toString(shape)));
    }
    long offset = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape[axis]) {
        throw new IndexOutOfBoundsException(
            "index %s into the shape %s".formatted(Arrays.toString(index), Arrays.toString(shape)));
      }
      offset = offset * shape[axis] + index[axis];
    }
    return offset;
  }

  /// A copy of the elements.
  public float[] toArray() {
    float[] copy = new float[Math.toIntExact(floats())];
    MemorySegment.copy(data, FLOAT, 0, copy, 0, copy.length);
    return copy;
  }

  void copyFrom(float[] values) {
    MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
  }

  /// Adds another tensor of the same shape, element by element.
  void add(Tensor other) {
    for (long i = 0; i < floats(); i++) {
      data.set(
          FLOAT,
          i * Float.BYTES,
          data.get(FLOAT, i * Float.BYTES) + other.data.get(FLOAT, i * Float.BYTES));
    }
  }

  /// Shape only: a tensor's elements may be many.
  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape);
  }
}
