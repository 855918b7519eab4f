package dev.sluice.cli.ceilings;

import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Vectors;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Fused multiply-adds on registers alone: ten sums that don't wait for each other, as two units of
/// four cycles each need eight, and twelve registers suit machines with sixteen.
///
/// @param rounds of one multiply-add per sum
record FmaKernel(int rounds) implements Kernel {
  private static final int SUMS = 10;

  @Override
  public double work() {
    return 2.0 * SUMS * Lanes.COUNT * rounds;
  }

  @Override
  public float run() {
    FloatVector a = FloatVector.broadcast(Vectors.SPECIES, 1.0000001f);
    FloatVector b = FloatVector.broadcast(Vectors.SPECIES, 1e-9f);
    FloatVector s0 = b;
    FloatVector s1 = b.add(1);
    FloatVector s2 = b.add(2);
    FloatVector s3 = b.add(3);
    FloatVector s4 = b.add(4);
    FloatVector s5 = b.add(5);
    FloatVector s6 = b.add(6);
    FloatVector s7 = b.add(7);
    FloatVector s8 = b.add(8);
    FloatVector s9 = b.add(9);
    for (int i = 0; i < rounds; i++) {
      s0 = a.fma(b, s0);
      s1 = a.fma(b, s1);
      s2 = a.fma(b, s2);
      s3 = a.fma(b, s3);
      s4 = a.fma(b, s4);
      s5 = a.fma(b, s5);
      s6 = a.fma(b, s6);
      s7 = a.fma(b, s7);
      s8 = a.fma(b, s8);
      s9 = a.fma(b, s9);
    }
    FloatVector low = s0.add(s1).add(s2).add(s3).add(s4);
    FloatVector high = s5.add(s6).add(s7).add(s8).add(s9);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }
}
