package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RunningSumsTest {
  private static final int COLUMNS = 3;
  private static final long ROW = 4 * Float.BYTES;
  private static final long SUMS = 2 * ROW;

  private static MemorySegment work() {
    return MemorySegment.ofArray(new float[] {1, 2, 4, 9, 10, 20, 40, 9, 7, 7, 7, 7, 7, 7, 7, 7});
  }

  private static float[] sums(MemorySegment work) {
    return work.asSlice(SUMS).toArray(JAVA_FLOAT);
  }

  @Test
  void fromTheFirstElementOn() {
    MemorySegment work = work();
    RunningSums.forwards(work, 0, SUMS, ROW, COLUMNS, 2);
    assertThat(sums(work)).containsExactly(1, 3, 7, 7, 10, 30, 70, 7);
  }

  @Test
  void fromTheLastElementBackwards() {
    MemorySegment work = work();
    RunningSums.backwards(work, 0, SUMS, ROW, COLUMNS, 2);
    assertThat(sums(work)).containsExactly(7, 6, 4, 7, 70, 60, 40, 7);
  }
}
