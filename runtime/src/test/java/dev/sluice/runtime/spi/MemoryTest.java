package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 17, 100_003})
  void blocksAreNativeAlignedZeroedAndHaveSlack(long floats) {
    try (Memory.Block block = Memory.allocate("weights", floats)) {
      MemorySegment segment = block.segment();
      assertThat(block.floats()).isEqualTo(floats);
      assertThat(segment.isNative()).isTrue();
      assertThat(segment.address() % Memory.ALIGNMENT).isZero();
      assertThat(segment.byteSize()).isEqualTo(floats * Float.BYTES + Memory.SLACK);
      assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void useAfterCloseSaysWhose() {
    Memory.Block block = Memory.allocate("weights of lstm", 10);
    MemorySegment kept = block.segment();
    block.close();
    block.close();
    assertThat(block.isClosed()).isTrue();
    assertThatThrownBy(block::segment)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("weights of lstm: used after close");
    assertThatThrownBy(() -> kept.get(ValueLayout.JAVA_FLOAT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 4})
  void impossibleSizesAreRefused(long floats) {
    assertThatThrownBy(() -> Memory.allocate("frame", floats))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("frame: " + floats + " floats; expected 0 to");
  }

  @Test
  void noRoomIsAClearError() {
    assertThatThrownBy(() -> Memory.allocate("frame", 1L << 58))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("frame: no room for")
        .hasMessageContaining("-XX:MaxDirectMemorySize");
  }
}
