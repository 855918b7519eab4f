package dev.sluice.cli.ceilings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.spi.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Ceilings and the kernels that measure them.
class MeasurementTest {
  @Test
  void loadsReadEveryFloatOnce() {
    try (Arena arena = Arena.ofShared()) {
      int floats = 3 * LoadKernel.STRIDE / Float.BYTES;
      MemorySegment memory = arena.allocate(floats * 4L, 64);
      for (int i = 0; i < floats; i++) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      LoadKernel kernel = new LoadKernel(memory, 2);
      assertThat(kernel.run()).isEqualTo((float) floats * (floats - 1));
      assertThat(kernel.work()).isEqualTo(8.0 * floats);
    }
  }

  @Test
  void multiplyAddsChangeTheSums() {
    // The sums start from nearly 0, 1 … 9; a round adds 1e-9, which only the first is small enough
    // for.
    float before = new FmaKernel(0).run();
    assertThat(before).isEqualTo(45f * Lanes.COUNT);
    assertThat(new FmaKernel(2_000_000).run()).isGreaterThan(before);
    assertThat(new FmaKernel(7).work()).isEqualTo(2.0 * 10 * Lanes.COUNT * 7);
  }

  @Test
  void measuresEveryLevel() {
    try (Measurement machine = new Measurement(2, 0.001)) {
      Ceilings ceilings = machine.measure();
      assertThat(ceilings.threads()).isEqualTo(2);
      assertThat(ceilings.fma()).isPositive();
      assertThat(ceilings.loads()).extracting(Ceilings.Load::level).contains("L1", "L2", "DRAM");
      assertThat(ceilings.loads()).allMatch(load -> load.speed() > 0 && load.footprint() > 0);
      assertThat(ceilings.holding(1e30).level()).isEqualTo("DRAM");
      assertThat(ceilings.holding(100).level()).isEqualTo("L1");
    }
  }

  @Test
  void theBetterOfTwoMeasurementsCounts() {
    Ceilings one = new Ceilings(1, 90, List.of(load("L1", 100), load("DRAM", 20)));
    Ceilings two = new Ceilings(1, 80, List.of(load("L1", 110), load("DRAM", 10)));
    Ceilings both = new Ceilings(1, 90, List.of(load("L1", 110), load("DRAM", 20)));
    assertThat(one.or(two)).isEqualTo(both);
    assertThat(two.or(one)).isEqualTo(both);
  }

  private static Ceilings.Load load(String level, double speed) {
    return new Ceilings.Load(level, 1, 1, speed);
  }
}
