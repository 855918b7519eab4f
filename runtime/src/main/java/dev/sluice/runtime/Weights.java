package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import dev.sluice.runtime.spi.Memory;
import dev.sluice.runtime.spi.PackedWeights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.StampedLock;

/// All parameters of a network, off the heap.
///
/// Any number of threads may read them and run sessions on them at the same time. A change waits
/// for the passes that run, holds back new ones, and is seen by every pass that starts later; the
/// kernels' own layout of the weights is kept here too, shared, and brought up to date once after
/// each change.
public final class Weights {
  private record Parameter(int cell, ParameterSlot slot) {
    int[] shape() {
      return switch (slot.rank()) {
        case 0 -> new int[0];
        case 1 -> new int[] {Math.toIntExact(slot.floats())};
        default -> new int[] {slot.rows(), slot.columns()};
      };
    }
  }

  private final List<Placed> cells;
  private final SequencedMap<Name, Parameter> parameters = new LinkedHashMap<>();
  private final List<Memory.Block> values = new ArrayList<>();
  private final KernelWeights kernel;
  private final StampedLock lock = new StampedLock();
  private volatile long version = 1;
  private boolean closed;

  Weights(List<Placed> cells) {
    this.cells = cells;
    try {
      for (int i = 0; i < cells.size(); i++) {
        Placed cell = cells.get(i);
        values.add(Memory.allocate("weights of " + cell, cell.code().blockFloats()));
        for (ParameterSlot slot : cell.code().parameters()) {
          parameters.put(cell.name(slot.name()), new Parameter(i, slot));
        }
      }
      kernel = new KernelWeights(cells, values.stream().map(Memory.Block::segment).toList());
    } catch (Throwable e) {
      values.forEach(Memory.Block::close);
      throw e;
    }
  }

  /// Every parameter, lowest layer first, in the order of the cell's equations.
  public List<Name> names() {
    return List.copyOf(parameters.keySet());
  }

  /// `[]` for a scalar, `[n]` for a vector, `[out, in]` for a matrix.
  ///
  /// @throws IllegalArgumentException when there is no such parameter
  public int[] shape(Name name) {
    return find(name).shape();
  }

  /// The name in files and messages: `W_f` in a network of one cell, `1.reverse.W_f` in others.
  public String label(Name name) {
    return label(cells, name);
  }

  static String label(List<Placed> cells, Name name) {
    return cells.size() == 1 ? name.symbol() : name.toString();
  }

  /// Number of changes so far.
  public long version() {
    return version;
  }

  /// A copy of a parameter.
  public Tensor get(Name name) {
    Parameter parameter = find(name);
    float[] copy = new float[Math.toIntExact(parameter.slot.floats())];
    long stamp = readLock();
    try {
      MemorySegment.copy(
          block(parameter), ValueLayout.JAVA_FLOAT, offset(parameter), copy, 0, copy.length);
    } finally {
      lock.unlockRead(stamp);
    }
    return Tensor.of(copy, parameter.shape());
  }

  /// Sets a parameter; [1] serves for a scalar too.
  ///
  /// @throws IllegalArgumentException when there is no such parameter or it has another shape
  public void set(Name name, Tensor tensor) {
    Parameter parameter = find(name);
    if (!fits(parameter, tensor)) {
      throw new IllegalArgumentException(
          "parameter %s: expected the shape %s, found %s"
              .formatted(
                  label(name), Tensor.zeros(parameter.shape()).shapeText(), tensor.shapeText()));
    }
    update(() -> copyIn(parameter, tensor));
  }

  /// Sets a parameter, row-major.
  public void set(Name name, float... row) {
    int[] shape = find(name).shape();
    if (Tensor.count(shape) != row.length) {
      throw new IllegalArgumentException(
          "parameter %s: %d floats for the shape %s"
              .formatted(label(name), row.length, java.util.Arrays.toString(shape)));
    }
    set(name, Tensor.of(row, shape));
  }

  /// Copies of all parameters by [#label].
  public SequencedMap<String, Tensor> toMap() {
    SequencedMap<String, Tensor> map = new LinkedHashMap<>();
    parameters.keySet().forEach(name -> map.put(label(name), get(name)));
    return map;
  }

  /// Sets all parameters, by [#label], or none.
  ///
  /// @throws IllegalArgumentException listing every parameter that is missing, unexpected or of
  /// another shape
  public void setAll(Map<String, Tensor> tensors) {
    SequencedMap<String, Parameter> byLabel = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> byLabel.put(label(name), parameter));
    List<String> problems = new ArrayList<>();
    byLabel.forEach(
        (label, parameter) -> {
          Tensor tensor = tensors.get(label);
          String expected = java.util.Arrays.toString(parameter.shape());
          if (tensor == null) {
            problems.add("missing: %s %s".formatted(label, expected));
          } else if (!fits(parameter, tensor)) {
            problems.add(
                "wrong shape: %s, expected %s, found %s"
                    .formatted(label, expected, tensor.shapeText()));
          }
        });
    tensors.forEach(
        (label, tensor) -> {
          if (!byLabel.containsKey(label)) {
            problems.add("unexpected: %s %s".formatted(label, tensor.shapeText()));
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "the weights do not fit the network of %s:\n  %s"
              .formatted(cells, String.join("\n  ", problems)));
    }
    update(
        () -> {
          for (var entry : byLabel.entrySet()) {
            copyIn(entry.getValue(), java.util.Objects.requireNonNull(tensors.get(entry.getKey())));
          }
        });
  }

  /// Sets all parameters as their cells say (`init W ~ orthogonal`): by default uniform in
  /// ±1/√columns for matrices, 0 for vectors and scalars. The same seed gives the same values,
  /// whatever the machine.
  void initialise(long seed) {
    update(
        () ->
            parameters.forEach(
                (name, parameter) ->
                    copyIn(
                        parameter,
                        Tensor.of(
                            Initialisers.values(parameter.slot, seed, name.toString()),
                            parameter.shape()))));
  }

  private Parameter find(Name name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "no parameter %s; there are %s".formatted(name, parameters.keySet()));
    }
    return parameter;
  }

  private static boolean fits(Parameter parameter, Tensor tensor) {
    return tensor.hasShape(parameter.shape()) || (parameter.slot.rank() == 0 && tensor.hasShape(1));
  }

  private MemorySegment block(Parameter parameter) {
    return values.get(parameter.cell).segment();
  }

  private static long offset(Parameter parameter) {
    return parameter.slot.offset() * Float.BYTES;
  }

  private void copyIn(Parameter parameter, Tensor tensor) {
    MemorySegment.copy(
        tensor.data(),
        0,
        block(parameter),
        offset(parameter),
        parameter.slot.floats() * Float.BYTES);
  }

  /// Runs a change while no pass runs.
  void update(Runnable change) {
    long stamp = lock.writeLock();
    try {
      checkOpen();
      version++;
      change.run();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  List<Placed> cells() {
    return cells;
  }

  /// The parameter block of a cell.
  MemorySegment parameters(int cell) {
    return values.get(cell).segment();
  }

  /// The kernels' layout of a cell's weights; valid between [#acquire] and [#release].
  PackedWeights packed(int cell, WeightForm form) {
    long stamp = lock.writeLock();
    try {
      checkOpen();
      return kernel.of(cell, form);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /// Bytes of the parameters, of what is computed from them, and of their layout for the kernels.
  long bytes(WeightForm form) {
    return cells.stream().mapToLong(cell -> KernelWeights.bytes(cell.code(), form)).sum();
  }

  /// Starts a pass: until [#release], weights don't change and their layout for the kernels is up
  /// to date.
  ///
  /// @throws IllegalArgumentException when the format can't hold a weight
  long acquire(WeightForm form) {
    long stamp = readLock();
    while (!kernel.isUpToDate(form, version)) {
      lock.unlockRead(stamp);
      long write = lock.writeLock();
      try {
        checkOpen();
        kernel.update(form, version);
      } finally {
        lock.unlockWrite(write);
      }
      stamp = readLock();
    }
    return stamp;
  }

  void release(long stamp) {
    lock.unlockRead(stamp);
  }

  private long readLock() {
    long stamp = lock.readLock();
    if (closed) {
      lock.unlockRead(stamp);
      checkOpen();
    }
    return stamp;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the network of %s: used after close".formatted(cells));
    }
  }

  /// Waits for the passes that run.
  void close() {
    long stamp = lock.writeLock();
    try {
      closed = true;
      kernel.close();
      values.forEach(Memory.Block::close);
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
