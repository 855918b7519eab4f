package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import dev.sluice.runtime.spi.Memory;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.PackedWeights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the kernels read of a network's parameters: weights that are computed from them, and the
/// kernels' own layout of all, one for each [WeightForm] that is asked for. Guarded by the lock of
/// [Weights].
final class KernelWeights implements AutoCloseable {
  private final List<Placed> cells;
  private final List<MemorySegment> blocks;
  private final List<Optional<ComputedWeights>> computed = new ArrayList<>();
  private final List<List<PackedWeights>> packed = new ArrayList<>();
  private final long[] packedVersion = new long[WeightForm.COUNT];
  private long computedVersion;

  /// @param blocks parameter blocks of the cells
  KernelWeights(List<Placed> cells, List<MemorySegment> blocks) {
    this.cells = cells;
    this.blocks = blocks;
    for (int i = 0; i < packedVersion.length; i++) {
      packed.add(new ArrayList<>());
    }
    try {
      for (int i = 0; i < cells.size(); i++) {
        computed.add(ComputedWeights.of(cells.get(i), blocks.get(i)));
      }
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /// The layout of a cell's weights.
  PackedWeights of(int cell, WeightForm form) {
    List<PackedWeights> all = packed.get(form.index());
    for (int i = all.size(); i < cells.size(); i++) {
      Placed placed = cells.get(i);
      all.add(
          PackedWeights.allocate(
              "packed weights of " + placed, placed.code().packing(), form.mode(), form.format()));
    }
    return all.get(cell);
  }

  /// Bytes of a cell's parameters, of what is computed from them, and of their layout.
  static long bytes(CellCode code, WeightForm form) {
    return Memory.bytes(code.blockFloats())
        + ComputedWeights.bytes(code, Mode.INFERENCE)
        + code.packing().bytes(form.mode(), form.format());
  }

  boolean isUpToDate(WeightForm form, long version) {
    return packedVersion[form.index()] == version;
  }

  /// Computes and lays out what has changed since the last version.
  ///
  /// @throws IllegalArgumentException when the format can't hold a weight
  void update(WeightForm form, long version) {
    if (isUpToDate(form, version)) {
      return;
    }
    if (computedVersion != version) {
      computed.forEach(weights -> weights.ifPresent(ComputedWeights::compute));
      computedVersion = version;
    }
    if (form.format() == WeightFormat.INT8) {
      checkFinite();
    }
    List<PackedWeights> all = packed.get(form.index());
    for (int i = 0; i < cells.size(); i++) {
      all.get(i).clear();
      cells.get(i).code().pack(blocks.get(i), all.get(i), form.mode());
    }
    packedVersion[form.index()] = version;
  }

  /// An infinite weight leaves the others of its row nothing, and no whole number is NaN.
  private void checkFinite() {
    for (int i = 0; i < cells.size(); i++) {
      for (ParameterSlot slot : cells.get(i).code().parameters()) {
        checkFinite(i, slot, "parameter %s is %s: weights as INT8 are finite; correct it");
      }
      for (ParameterSlot slot : cells.get(i).code().computed()) {
        checkFinite(
            i,
            slot,
            "%s, computed from parameters, is %s: weights as INT8 are finite; correct what it is"
                + " computed from");
      }
    }
  }

  private void checkFinite(int cell, ParameterSlot slot, String message) {
    for (long i = 0; slot.rank() == 2 && i < slot.floats(); i++) {
      float value = blocks.get(cell).get(ValueLayout.JAVA_FLOAT, (slot.offset() + i) * Float.BYTES);
      if (!Float.isFinite(value)) {
        String name = Weights.label(cells, cells.get(cell).name(slot.name()));
        String element = "%s[%d, %d]".formatted(name, i / slot.columns(), i % slot.columns());
        throw new IllegalArgumentException(
            message.formatted(element, value) + ", or keep weights as BFLOAT16 or FLOAT32");
      }
    }
  }

  @Override
  public void close() {
    computed.forEach(weights -> weights.ifPresent(ComputedWeights::close));
    packed.forEach(all -> all.forEach(PackedWeights::close));
  }
}
