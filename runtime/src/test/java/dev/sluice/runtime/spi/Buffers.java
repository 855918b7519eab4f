package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A cell that has buffers, and nothing else.
record Buffers(List<Buffer> buffers) implements CellCode {
  @Override
  public List<Slot> inputs() {
    return List.of();
  }

  @Override
  public List<Slot> states() {
    return List.of();
  }

  @Override
  public Slot output() {
    return new Slot("h", 5, 0, 2, -1);
  }

  @Override
  public List<ParameterSlot> parameters() {
    return List.of();
  }

  @Override
  public Packing packing() {
    return new Packing.Builder().build();
  }

  @Override
  public void pack(MemorySegment parameters, PackedWeights packed, Mode mode) {}

  @Override
  public void forward(Frame frame) {}

  @Override
  public void backward(Frame frame) {}
}
