package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import dev.sluice.runtime.spi.Memory;
import dev.sluice.runtime.spi.Mode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// ∂L/∂parameter for every parameter of a network; belongs to a [Training] and closes with it. Used
/// by one thread at a time.
public final class Gradients {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final Weights weights;
  private final List<Memory.Block> blocks = new ArrayList<>();
  private final List<ComputedWeights> computed = new ArrayList<>();

  Gradients(Weights weights) {
    this.weights = weights;
    try {
      for (int i = 0; i < weights.cells().size(); i++) {
        Placed cell = weights.cells().get(i);
        blocks.add(Memory.allocate("gradients of " + cell, cell.code().blockFloats()));
        ComputedWeights.of(cell, weights.parameters(i), block(i)).ifPresent(computed::add);
      }
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /// A copy of a parameter's gradient, of the parameter's shape.
  public Tensor get(Name name) {
    int[] shape = weights.shape(name);
    for (int i = 0; i < blocks.size(); i++) {
      Placed cell = weights.cells().get(i);
      for (ParameterSlot slot : cell.code().parameters()) {
        if (cell.name(slot.name()).equals(name)) {
          float[] copy = new float[Math.toIntExact(slot.floats())];
          MemorySegment.copy(block(i), FLOAT, slot.offset() * Float.BYTES, copy, 0, copy.length);
          return Tensor.of(copy, shape);
        }
      }
    }
    throw new IllegalArgumentException("no parameter " + name);
  }

  public void zero() {
    for (int i = 0; i < blocks.size(); i++) {
      block(i).fill((byte) 0);
    }
  }

  /// Adds those of another thread's [Training] on the same network.
  public void add(Gradients other) {
    if (other.weights != weights) {
      throw new IllegalArgumentException("gradients of another network");
    }
    for (int i = 0; i < blocks.size(); i++) {
      MemorySegment mine = block(i);
      MemorySegment more = other.block(i);
      for (long at = 0; at < bytes(i); at += Float.BYTES) {
        mine.set(FLOAT, at, mine.get(FLOAT, at) + more.get(FLOAT, at));
      }
    }
  }

  public void scale(float factor) {
    for (int i = 0; i < blocks.size(); i++) {
      MemorySegment block = block(i);
      for (long at = 0; at < bytes(i); at += Float.BYTES) {
        block.set(FLOAT, at, factor * block.get(FLOAT, at));
      }
    }
  }

  /// √(sum of all squares), over all parameters together.
  public double norm() {
    double sum = 0;
    for (int i = 0; i < blocks.size(); i++) {
      MemorySegment block = block(i);
      for (long at = 0; at < bytes(i); at += Float.BYTES) {
        double g = block.get(FLOAT, at);
        sum += g * g;
      }
    }
    return Math.sqrt(sum);
  }

  /// Scales all gradients so that their [#norm] is at most `limit` (Pascanu, Mikolov, Bengio 2013).
  ///
  /// @return the norm before
  /// @throws IllegalArgumentException when the limit isn't above 0
  /// @throws ArithmeticException when the norm is infinite or not a number: training has diverged
  public double clipNorm(double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException(
          "clip at a norm of %s: expected more than 0".formatted(limit));
    }
    double norm = norm();
    if (!Double.isFinite(norm)) {
      throw new ArithmeticException(
          "the gradients' norm is %s: training has diverged; lower the learning rate, or look for NaN in the input"
              .formatted(norm));
    }
    if (norm > limit) {
      scale((float) (limit / norm));
    }
    return norm;
  }

  Weights weights() {
    return weights;
  }

  /// At the end of a pass backwards: what the gradients of computed weights are for the parameters.
  void passBack() {
    computed.forEach(ComputedWeights::passBack);
  }

  /// Gradients of a cell, laid out as its parameter block.
  MemorySegment block(int cell) {
    return blocks.get(cell).segment();
  }

  /// Bytes that they take, with what computed weights need on the way back.
  long bytes() {
    return blocks.stream().mapToLong(Memory.Block::bytes).sum()
        + computed.stream().mapToLong(ComputedWeights::bytes).sum();
  }

  /// Bytes that those of a cell take.
  static long bytes(CellCode code) {
    return Memory.bytes(code.blockFloats()) + ComputedWeights.bytes(code, Mode.TRAINING);
  }

  private long bytes(int cell) {
    return weights.cells().get(cell).code().parameterFloats() * Float.BYTES;
  }

  void close() {
    computed.forEach(ComputedWeights::close);
    blocks.forEach(Memory.Block::close);
  }
}
