package dev.sluice.runtime;

import dev.sluice.runtime.spi.Memory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The memory of one frame, or of the frames of several cells in turn.
final class Workspace implements AutoCloseable {
  private final String what;
  private Memory.@Nullable Block block;
  private @Nullable Unit holder;
  private int firstStep;

  Workspace(String what) {
    this.what = what;
  }

  /// Room for so many floats; what it held is lost when it grows.
  MemorySegment room(long floats) {
    Memory.Block current = block;
    if (current == null || current.floats() < floats) {
      close();
      current = Memory.allocate(what, floats);
      block = current;
    }
    return current.segment();
  }

  /// Remembers whose steps it holds now, from which step on.
  void holds(Unit unit, int from) {
    holder = unit;
    firstStep = from;
  }

  /// Whether it still holds what a cell left there.
  boolean isHeld(Unit unit, int from) {
    return holder == unit && firstStep == from;
  }

  long bytes() {
    return block == null ? 0 : block.bytes();
  }

  @Override
  public void close() {
    holder = null;
    if (block != null) {
      block.close();
      block = null;
    }
  }
}
