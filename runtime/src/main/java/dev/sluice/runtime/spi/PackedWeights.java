package dev.sluice.runtime.spi;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The weights of a cell as the kernels read them, in memory that [Packing] describes.
public final class PackedWeights implements AutoCloseable {
  private final WeightFormat format;
  private final List<Memory.Block> blocks;
  private final MemorySegment vectors;
  private final MemorySegment panels;
  private final MemorySegment scales;
  private final MemorySegment scratch;
  private final long scratchAt;

  private PackedWeights(
      WeightFormat format, List<Memory.Block> blocks, MemorySegment scratch, long scratchAt) {
    this.format = format;
    this.blocks = blocks;
    this.vectors = blocks.get(0).segment();
    this.panels = blocks.get(1).segment();
    this.scales = format == WeightFormat.INT8 ? blocks.get(2).segment() : MemorySegment.NULL;
    this.scratch = scratch;
    this.scratchAt = scratchAt;
  }

  /// Room for packed weights, zeroed.
  ///
  /// @param what whose they are, for error messages
  public static PackedWeights allocate(
      String what, Packing packing, Mode mode, WeightFormat format) {
    Packing.Counts counts = packing.counts(mode);
    Memory.Block vectors = Memory.allocate("vectors of " + what, counts.vectors());
    try {
      Memory.Block panels = Memory.allocate(what, Packing.weightFloats(counts, format));
      try {
        List<Memory.Block> blocks =
            format == WeightFormat.INT8
                ? List.of(vectors, panels, Memory.allocate("scales of " + what, counts.scales()))
                : List.of(vectors, panels);
        return new PackedWeights(format, blocks, MemorySegment.NULL, 0);
      } catch (Throwable e) {
        panels.close();
        throw e;
      }
    } catch (Throwable e) {
      vectors.close();
      throw e;
    }
  }

  /// Floats of scratch that products of several rows need, 0 for weights that are floats.
  public static long scratchFloats(Packing packing, WeightFormat format) {
    return format == WeightFormat.FLOAT32 ? 0 : NarrowProduct.scratchFloats(packing.depth());
  }

  /// The same weights for one member of a team, with scratch of its own.
  ///
  /// @param at byte offset of [#scratchFloats]
  public PackedWeights withScratch(MemorySegment scratch, long at) {
    return new PackedWeights(format, blocks, scratch, at);
  }

  public WeightFormat format() {
    return format;
  }

  /// Biases and coefficients.
  public MemorySegment vectors() {
    return vectors;
  }

  MemorySegment panels() {
    return panels;
  }

  MemorySegment scales() {
    return scales;
  }

  MemorySegment scratch() {
    return scratch;
  }

  long scratchAt() {
    return scratchAt;
  }

  public long bytes() {
    return blocks.stream().mapToLong(Memory.Block::bytes).sum();
  }

  /// Fills everything with 0, before [CellCode#pack].
  public void clear() {
    blocks.forEach(block -> block.segment().fill((byte) 0));
  }

  /// Gives the memory back, that of [#withScratch] too but for the scratch.
  @Override
  public void close() {
    blocks.forEach(Memory.Block::close);
  }
}
