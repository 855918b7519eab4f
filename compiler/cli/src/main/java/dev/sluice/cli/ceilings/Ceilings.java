package dev.sluice.cli.ceilings;

import java.util.ArrayList;
import java.util.List;

/// What some cores of this machine can do at most, together.
///
/// @param threads as many cores at once
/// @param fma GFLOP/s of fused multiply-adds in registers
/// @param loads from the nearest memory to the farthest; the last one holds anything
public record Ceilings(int threads, double fma, List<Load> loads) {
  public Ceilings {
    loads = List.copyOf(loads);
  }

  /// Reading from one level of memory.
  ///
  /// @param level `L1`, `L2`, `L3`, `DRAM`
  /// @param capacity bytes of it that a core has
  /// @param footprint bytes that were read over and over
  /// @param speed GB/s
  public record Load(String level, long capacity, long footprint, double speed) {}

  /// The level that holds so many bytes of each core.
  public Load holding(double bytes) {
    return loads.stream()
        .filter(load -> load.capacity >= bytes)
        .findFirst()
        .orElse(loads.getLast());
  }

  /// The better of two measurements: whatever disturbs one only makes it lower.
  public Ceilings or(Ceilings other) {
    List<Load> better = new ArrayList<>();
    for (int i = 0; i < loads.size(); i++) {
      Load mine = loads.get(i);
      Load theirs = other.loads.get(i);
      better.add(mine.speed >= theirs.speed ? mine : theirs);
    }
    return new Ceilings(threads, Math.max(fma, other.fma), better);
  }
}
