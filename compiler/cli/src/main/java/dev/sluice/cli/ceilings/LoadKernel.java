package dev.sluice.cli.ceilings;

import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Vectors;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Loads from one piece of memory, front to back, over and over: as the weights of a recurrent
/// product are read once per step.
///
/// @param memory off-heap, as the kernels' memory; a multiple of [#STRIDE] bytes
/// @param rounds times that all of it is read
record LoadKernel(MemorySegment memory, int rounds) implements Kernel {
  /// Bytes of eight loads.
  static final int STRIDE = 8 * Lanes.BYTES;

  @Override
  public double work() {
    return (double) memory.byteSize() * rounds;
  }

  @Override
  public float run() {
    float sum = 0;
    for (int i = 0; i < rounds; i++) {
      sum += sum(memory);
    }
    return sum;
  }

  private static float sum(MemorySegment memory) {
    FloatVector s0 = FloatVector.zero(Vectors.SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    int end = (int) memory.byteSize();
    for (int at = 0; at < end; at += STRIDE) {
      s0 = s0.add(Vectors.load(memory, at));
      s1 = s1.add(Vectors.load(memory, at + Lanes.BYTES));
      s2 = s2.add(Vectors.load(memory, at + 2L * Lanes.BYTES));
      s3 = s3.add(Vectors.load(memory, at + 3L * Lanes.BYTES));
      s4 = s4.add(Vectors.load(memory, at + 4L * Lanes.BYTES));
      s5 = s5.add(Vectors.load(memory, at + 5L * Lanes.BYTES));
      s6 = s6.add(Vectors.load(memory, at + 6L * Lanes.BYTES));
      s7 = s7.add(Vectors.load(memory, at + 7L * Lanes.BYTES));
    }
    FloatVector low = s0.add(s1).add(s2).add(s3);
    FloatVector high = s4.add(s5).add(s6).add(s7);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }
}
