package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;

/// Weights in the layout that [Products#multiply] reads.
///
/// Units (rows of the weight) are cut into blocks of [Lanes#COUNT], and the blocks of `slots` gates
/// of the same length are interleaved: vector `block · slots + slot`, lane `unit % COUNT`. In a
/// last
/// block of fewer units the slots' units follow each other without gaps: four gates of 2 units take
/// 8 lanes of one vector instead of four vectors. Two vectors make a panel: float
/// `((vector / 2 · k + i) · 2 + vector % 2) · COUNT + lane` is `weight[unit][i]` of that slot.
/// Lanes
/// past the last unit, and a vector past the last of an odd number, are 0.
public final class Panels {
  /// Columns that are transposed at a time: what they touch on both sides stays in the L1 cache.
  private static final int CHUNK = 128;

  private Panels() {}

  /// Floats of the panels of `slots` weights of `rows` × `columns`.
  public static long floats(int rows, int columns, int slots) {
    int vectors = vectors(rows, slots);
    return (long) (vectors + vectors % Tiling.VECTORS) * Lanes.COUNT * columns;
  }

  /// Vectors side by side of `slots` weights of so many units.
  static int vectors(int units, int slots) {
    int rest = units % Lanes.COUNT;
    return Math.addExact(
        Math.multiplyExact(units / Lanes.COUNT, slots), Lanes.blocks(rest * slots));
  }

  /// The lane of a unit of a slot, counted from the first vector's first one.
  static int lane(int units, int slots, int unit, int slot) {
    int block = unit / Lanes.COUNT * Lanes.COUNT;
    return block * slots + slot * Math.min(Lanes.COUNT, units - block) + unit - block;
  }

  /// Packs one weight into its slot.
  ///
  /// @param weight byte offset of its first float in `parameters`; `weightRow` floats from row to
  /// row
  /// @param transposed whether the rows of the product are the columns of what is stored
  /// @param rows units of the product (after transposition); `columns` its inner length
  /// @param panel byte offset of the panels in `packed`, whose padding is 0
  /// @param first where the weight starts along the inner length of the panels, which is `inner`
  public static void pack(
      MemorySegment parameters,
      long weight,
      int weightRow,
      boolean transposed,
      int rows,
      int columns,
      MemorySegment packed,
      long panel,
      int first,
      int inner,
      int slots,
      int slot) {
    if (slot < 0 || slot >= slots) {
      throw new IllegalArgumentException("slot " + slot + " of " + slots);
    }
    long row = (long) weightRow * Float.BYTES;
    long step = Tiling.PANEL_STEP;
    int blocks = Lanes.blocks(rows);
    for (int block = 0; block < blocks; block++) {
      int unit = block * Lanes.COUNT;
      int units = Math.min(Lanes.COUNT, rows - unit);
      if (slots > 1 && units < Lanes.COUNT) {
        long unitBytes = transposed ? Float.BYTES : row;
        long columnBytes = transposed ? row : Float.BYTES;
        for (; unit < rows; unit++) {
          int lane = lane(rows, slots, unit, slot);
          long source = weight + unit * unitBytes;
          copyLane(parameters, source, columnBytes, columns, packed, at(panel, lane, first, inner));
        }
        return;
      }
      long target = at(panel, lane(rows, slots, unit, slot), first, inner);
      if (transposed) {
        copyColumns(
            parameters,
            weight + (long) unit * Float.BYTES,
            row,
            units,
            columns,
            packed,
            target,
            step);
      } else {
        transposeRows(parameters, weight + unit * row, row, units, columns, packed, target, step);
      }
    }
  }

  /// Byte offset of a lane at a place along the inner length.
  private static long at(long panel, int lane, int place, int inner) {
    int vector = lane / Lanes.COUNT;
    return panel
        + ((long) (vector / Tiling.VECTORS) * inner + place) * Tiling.PANEL_STEP
        + (long) (vector % Tiling.VECTORS) * Lanes.BYTES
        + (long) (lane % Lanes.COUNT) * Float.BYTES;
  }

  private static void copyLane(
      MemorySegment from, long source, long step, int columns, MemorySegment packed, long target) {
    for (int i = 0; i < columns; i++) {
      float weight = from.get(JAVA_FLOAT, source + i * step);
      packed.set(JAVA_FLOAT, target + i * Tiling.PANEL_STEP, weight);
    }
  }

  /// Packs one weight into its slot of a part.
  ///
  /// @param rows units of the product (after transposition); `columns` the part's inner length
  /// @throws IllegalArgumentException when the packed weights' format can't hold a weight
  public static void pack(
      MemorySegment parameters,
      long weight,
      int weightRow,
      boolean transposed,
      int rows,
      int columns,
      PackedWeights packed,
      Panel panel,
      int part,
      int slot) {
    if (packed.format() != WeightFormat.FLOAT32) {
      Narrow.pack(
          parameters, weight, weightRow, transposed, rows, columns, packed, panel, part, slot);
      return;
    }
    pack(
        parameters,
        weight,
        weightRow,
        transposed,
        rows,
        columns,
        packed.panels(),
        panel.at(0, 0, Float.BYTES),
        panel.first(part),
        panel.inner(),
        panel.slots(),
        slot);
  }

  /// Lane `l` of vector `i` becomes `source[i][l]`.
  private static void copyColumns(
      MemorySegment from,
      long source,
      long row,
      int units,
      int columns,
      MemorySegment packed,
      long target,
      long step) {
    if (Lanes.VECTORS) {
      Columns.copy(from, source, row, units, columns, packed, target, step);
      return;
    }
    long bytes = (long) units * Float.BYTES;
    for (int i = 0; i < columns; i++) {
      MemorySegment.copy(from, source + i * row, packed, target + i * step, bytes);
      for (int lane = units; lane < Lanes.COUNT; lane++) {
        packed.set(JAVA_FLOAT, target + i * step + (long) lane * Float.BYTES, 0);
      }
    }
  }

  /// Lane `l` of vector `i` becomes `source[l][i]`.
  private static void transposeRows(
      MemorySegment from,
      long source,
      long row,
      int units,
      int columns,
      MemorySegment packed,
      long target,
      long step) {
    for (int begin = 0; begin < columns; begin += CHUNK) {
      int end = Math.min(columns, begin + CHUNK);
      for (int lane = 0; lane < units; lane++) {
        long in = source + lane * row;
        long out = target + (long) lane * Float.BYTES;
        for (int i = begin; i < end; i++) {
          packed.set(JAVA_FLOAT, out + i * step, from.get(JAVA_FLOAT, in + (long) i * Float.BYTES));
        }
      }
    }
    for (int lane = units; lane < Lanes.COUNT; lane++) {
      for (int i = 0; i < columns; i++) {
        packed.set(JAVA_FLOAT, target + (long) lane * Float.BYTES + i * step, 0);
      }
    }
  }

  /// Adds a vector of `length` floats to a row of interleaved slots, one bias of a panel's units.
  public static void addVector(
      MemorySegment parameters,
      long vector,
      int length,
      MemorySegment packed,
      long row,
      int slots,
      int slot) {
    for (int i = 0; i < length; i++) {
      long target = row + (long) lane(length, slots, i, slot) * Float.BYTES;
      float value = parameters.get(JAVA_FLOAT, vector + (long) i * Float.BYTES);
      packed.set(JAVA_FLOAT, target, packed.get(JAVA_FLOAT, target) + value);
    }
  }

  /// Copies the columns of a matrix, each to a whole number of panels: as elementwise work reads
  /// its transpose.
  ///
  /// @param matrix byte offset of its first float; `stride` floats from row to row
  /// @param rows as stored
  public static void copyColumns(
      MemorySegment parameters,
      long matrix,
      int stride,
      int rows,
      int columns,
      MemorySegment packed,
      long target) {
    long targetRow = (long) Lanes.pad(rows) * Float.BYTES;
    for (int begin = 0; begin < rows; begin += CHUNK) {
      int end = Math.min(rows, begin + CHUNK);
      for (int j = 0; j < columns; j++) {
        for (int i = begin; i < end; i++) {
          long from = matrix + ((long) i * stride + j) * Float.BYTES;
          packed.set(
              JAVA_FLOAT,
              target + j * targetRow + (long) i * Float.BYTES,
              parameters.get(JAVA_FLOAT, from));
        }
      }
    }
  }

  /// Copies the rows of a matrix, each to a whole number of panels: as elementwise work reads them.
  ///
  /// @param matrix byte offset of its first float; `stride` floats from row to row
  public static void copyRows(
      MemorySegment parameters,
      long matrix,
      int stride,
      int rows,
      int columns,
      MemorySegment packed,
      long target) {
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(
          parameters,
          matrix + (long) i * stride * Float.BYTES,
          packed,
          target + (long) i * Lanes.pad(columns) * Float.BYTES,
          (long) columns * Float.BYTES);
    }
  }
}
