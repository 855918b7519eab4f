package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PanelsTest {
  /// The layout float by float, as the class describes it.
  @ParameterizedTest
  @CsvSource({"false, 1", "true, 1", "false, 2", "true, 2", "false, 3", "true, 3", "true, 4"})
  void packFollowsTheFormula(boolean transposed, int slots) {
    for (int rows : new int[] {1, 3, 5, 16, 17, 33, 64, 100}) {
      for (int k : new int[] {1, 3, 17, 64, 130, 300}) {
        pack(transposed, slots, rows, k);
      }
    }
  }

  private static void pack(boolean transposed, int slots, int rows, int k) {
    int row = (transposed ? rows : k) + 2;
    int stored = transposed ? k : rows;
    long floats = Panels.floats(rows, k, slots);
    try (Memory.Block parameters = Memory.allocate("parameters", 1 + (long) stored * row);
        Memory.Block packed = Memory.allocate("packed", floats + 16)) {
      // No slack after the last weight: a tail must not read past it.
      MemorySegment source = parameters.segment().asSlice(0, 4L * (1 + (long) stored * row - 2));
      for (long i = 0; i < source.byteSize() / 4; i++) {
        source.setAtIndex(JAVA_FLOAT, i, i);
      }
      MemorySegment target = packed.segment().asSlice(0, 4 * (floats + 16));
      target.fill((byte) 0x55);
      target.asSlice(64, 4 * floats).fill((byte) 0);
      for (int slot = 0; slot < slots; slot++) {
        Panels.pack(source, 4, row, transposed, rows, k, target, 64, 0, k, slots, slot);
      }
      float[] expected = new float[(int) floats + 16];
      Arrays.fill(expected, 0, 16, Float.intBitsToFloat(0x55555555));
      for (int unit = 0; unit < rows; unit++) {
        for (int slot = 0; slot < slots; slot++) {
          int lane = lane(unit, rows, slot, slots);
          int vector = lane / Lanes.COUNT;
          for (int i = 0; i < k; i++) {
            int at = ((vector / 2 * k + i) * 2 + vector % 2) * Lanes.COUNT + lane % Lanes.COUNT;
            expected[16 + at] = 1 + (transposed ? i * row + unit : unit * row + i);
          }
        }
      }
      assertThat(target.toArray(JAVA_FLOAT)).as("%d x %d", rows, k).isEqualTo(expected);
    }
  }

  /// Whole blocks of units, one slot's after the other's; then what is left, in as few vectors.
  private static int lane(int unit, int units, int slot, int slots) {
    int whole = units / Lanes.COUNT * Lanes.COUNT;
    return unit < whole
        ? (unit / Lanes.COUNT * slots + slot) * Lanes.COUNT + unit % Lanes.COUNT
        : whole * slots + slot * (units - whole) + unit - whole;
  }

  @Test
  void gatesShareTheVectorsOfTheirLastUnits() {
    int units = 8 * Lanes.COUNT + 2;
    int vectors = 8 * 4 + Lanes.blocks(8);
    assertThat(Panels.floats(units, 1, 4))
        .isEqualTo((long) Lanes.COUNT * (vectors + vectors % 2))
        .isLessThan(9L * 4 * Lanes.COUNT);
  }

  /// Packing and multiplying is a product with the weight as it is stored.
  @Test
  void panelsAreWhatMultiplyReads() {
    int rows = 2 * Lanes.COUNT + 3;
    int k = 5;
    try (Memory.Block parameters = Memory.allocate("parameters", (long) rows * k);
        Memory.Block packed = Memory.allocate("packed", Panels.floats(rows, k, 1));
        Memory.Block work =
            Memory.allocate("work", Lanes.pad(k) + Lanes.pad(rows) + Products.leftFloats(k))) {
      for (int i = 0; i < rows * k; i++) {
        parameters.segment().setAtIndex(JAVA_FLOAT, i, i % 7);
      }
      for (int i = 0; i < k; i++) {
        work.segment().setAtIndex(JAVA_FLOAT, i, i + 1);
      }
      Panels.pack(parameters.segment(), 0, k, false, rows, k, packed.segment(), 0, 0, k, 1, 0);
      long result = 4L * Lanes.pad(k);
      long left = result + 4L * Lanes.pad(rows);
      Products.load(work.segment(), 0, 0, k, 1, left, 0, k);
      Products.multiply(
          work.segment(),
          left,
          k,
          packed.segment(),
          0,
          0,
          k,
          null,
          0,
          0,
          result,
          0,
          1,
          Lanes.blocks(rows));
      for (int unit = 0; unit < rows; unit++) {
        float sum = 0;
        for (int i = 0; i < k; i++) {
          sum += (unit * k + i) % 7 * (i + 1);
        }
        assertThat(work.segment().getAtIndex(JAVA_FLOAT, Lanes.pad(k) + unit)).isEqualTo(sum);
      }
    }
  }

  @Test
  void vectorsAreAddedToTheirSlots() {
    for (int length : new int[] {1, 5, Lanes.COUNT, Lanes.COUNT + 1, 3 * Lanes.COUNT - 1}) {
      int slots = 3;
      long floats = (long) Lanes.pad(length) * slots;
      try (Memory.Block parameters = Memory.allocate("parameters", length + 1);
          Memory.Block packed = Memory.allocate("packed", floats)) {
        MemorySegment source = parameters.segment().asSlice(0, 4L * (length + 1));
        for (int i = 0; i <= length; i++) {
          source.setAtIndex(JAVA_FLOAT, i, i);
        }
        MemorySegment target = packed.segment().asSlice(0, 4 * floats);
        float[] expected = new float[(int) floats];
        for (int i = 0; i < floats; i++) {
          target.setAtIndex(JAVA_FLOAT, i, 1000);
          expected[i] = 1000;
        }
        Panels.addVector(source, 4, length, target, 0, slots, 2);
        for (int i = 0; i < length; i++) {
          expected[lane(i, length, 2, slots)] += i + 1;
        }
        assertThat(target.toArray(JAVA_FLOAT)).isEqualTo(expected);
      }
    }
  }

  @Test
  void slotsThatAreNoneAreRefused() {
    assertThatThrownBy(
            () ->
                Panels.pack(
                    MemorySegment.NULL, 0, 1, false, 1, 1, MemorySegment.NULL, 0, 0, 1, 2, 2))
        .hasMessage("slot 2 of 2");
  }

  @Test
  void columnsBecomePaddedRows() {
    for (int rows : new int[] {1, 3, 16, 130, 300}) {
      for (int columns : new int[] {1, 5, 17}) {
        int stride = columns + 2;
        int padded = Lanes.pad(rows);
        try (Memory.Block parameters = Memory.allocate("parameters", 1 + (long) rows * stride);
            Memory.Block packed = Memory.allocate("packed", 3 + (long) columns * padded)) {
          for (long i = 0; i < parameters.floats(); i++) {
            parameters.segment().setAtIndex(JAVA_FLOAT, i, i);
          }
          Panels.copyColumns(parameters.segment(), 4, stride, rows, columns, packed.segment(), 12);
          float[] expected = new float[3 + columns * padded];
          for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
              expected[3 + j * padded + i] = 1 + i * stride + j;
            }
          }
          assertThat(packed.segment().asSlice(0, 4L * expected.length).toArray(JAVA_FLOAT))
              .isEqualTo(expected);
        }
      }
    }
  }
}
