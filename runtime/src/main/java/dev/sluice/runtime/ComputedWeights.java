package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import dev.sluice.runtime.spi.CellCode.Slot;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Memory;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.PackedWeights;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// The weights of one cell that are computed from its parameters: `W − Wᵀ`, `softplus(Λ)`. Once per
/// update their values, once per pass backwards what their gradients are for the parameters.
final class ComputedWeights implements AutoCloseable {
  private static final int[] ONE_SEQUENCE = {1};

  private final CellCode code;
  private final List<ParameterSlot> places;
  private final Mode mode;
  private final MemorySegment parameters;
  private final MemorySegment gradients;
  private final PackedWeights packed;
  private final Memory.Block work;
  private final Frame frame;

  /// @param code computes the weights of the cell
  private ComputedWeights(
      Placed cell, CellCode code, Mode mode, MemorySegment parameters, MemorySegment gradients) {
    this.code = code;
    this.places = cell.code().computed();
    this.mode = mode;
    this.parameters = parameters;
    this.gradients = gradients;
    this.packed =
        PackedWeights.allocate(
            "parameters of computed weights of " + cell,
            code.packing(),
            mode,
            WeightFormat.FLOAT32);
    try {
      this.work = Memory.allocate("computed weights of " + cell, workFloats(code, mode));
    } catch (Throwable e) {
      packed.close();
      throw e;
    }
    this.frame = new Frame(code, mode, parameters, packed, gradients, work.segment());
    frame.layOut(1, ONE_SEQUENCE, 1);
  }

  /// Those of a cell, if it has any.
  ///
  /// @param parameters the cell's parameter block
  static Optional<ComputedWeights> of(Placed cell, MemorySegment parameters) {
    return of(cell, Mode.INFERENCE, parameters, MemorySegment.NULL);
  }

  /// The same with a way back.
  ///
  /// @param gradients laid out as the parameter block
  static Optional<ComputedWeights> of(
      Placed cell, MemorySegment parameters, MemorySegment gradients) {
    return of(cell, Mode.TRAINING, parameters, gradients);
  }

  private static Optional<ComputedWeights> of(
      Placed cell, Mode mode, MemorySegment parameters, MemorySegment gradients) {
    return cell.code()
        .weightCode()
        .map(code -> new ComputedWeights(cell, code, mode, parameters, gradients));
  }

  /// Bytes that those of a cell take.
  static long bytes(CellCode cell, Mode mode) {
    return cell.weightCode()
        .map(
            code ->
                code.packing().bytes(mode, WeightFormat.FLOAT32)
                    + Memory.bytes(workFloats(code, mode)))
        .orElse(0L);
  }

  private static long workFloats(CellCode code, Mode mode) {
    return Frame.workFloats(code.buffers(), mode, 1, 1);
  }

  /// Writes them behind the parameters.
  void compute() {
    forward();
    exchange(parameters, true);
  }

  private void forward() {
    packed.clear();
    code.pack(parameters, packed, mode);
    code.forward(frame);
  }

  /// Adds to the gradients of the parameters what those of the computed weights are for them, and
  /// leaves 0 there.
  void passBack() {
    forward();
    exchange(gradients, false);
    code.backward(frame);
    for (ParameterSlot place : places) {
      gradients.asSlice(place.offset() * Float.BYTES, place.floats() * Float.BYTES).fill((byte) 0);
    }
  }

  /// Copies final states of the frame into a block, or final gradients from one.
  private void exchange(MemorySegment block, boolean out) {
    for (int i = 0; i < places.size(); i++) {
      Slot slot = code.states().get(i);
      long inFrame = out ? frame.row(slot.buffer(), 0) : frame.row(slot.gradient(), last(slot));
      long bytes = (long) slot.length() * Float.BYTES;
      for (int row = 0; row < slot.rows(); row++) {
        long inside = inFrame + (long) row * Lanes.pad(slot.length()) * Float.BYTES;
        long outside = places.get(i).offset() * Float.BYTES + row * bytes;
        if (out) {
          MemorySegment.copy(work.segment(), inside, block, outside, bytes);
        } else {
          MemorySegment.copy(block, outside, work.segment(), inside, bytes);
        }
      }
    }
  }

  /// Where gradients of final states are, as [CellCode#backward] says.
  private int last(Slot state) {
    boolean kept = code.buffers().get(state.gradient()).rows(mode) == Buffer.Rows.STATE_SEQUENCE;
    return kept ? 0 : -1;
  }

  long bytes() {
    return packed.bytes() + work.bytes();
  }

  @Override
  public void close() {
    packed.close();
    work.close();
  }
}
