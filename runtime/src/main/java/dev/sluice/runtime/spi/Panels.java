package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;

/// Weights in the layout that [Products#multiply] reads.
///
/// Units (rows of the weight) are cut into blocks of [Lanes#COUNT], and the blocks of `slots` gates
/// of the same length are interleaved: vector `block · slots + slot`. Two vectors make a panel:
/// float `((vector / 2 · k + i) · 2 + vector % 2) · COUNT + lane` is `weight[unit][i]` of that
/// slot. Lanes past the last unit, and a vector past the last of an odd number, are 0.
public final class Panels {
  /// Columns that are transposed at a time: what they touch on both sides stays in the L1 cache.
  private static final int CHUNK = 128;

  private Panels() {}

  /// Floats of the panels of `slots` weights of `rows` × `columns`.
  public static long floats(int rows, int columns, int slots) {
    int vectors = Lanes.blocks(rows) * slots;
    return (long) (vectors + vectors % Tiling.VECTORS) * Lanes.COUNT * columns;
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
      int vector = block * slots + slot;
      long target =
          panel
              + ((long) (vector / Tiling.VECTORS) * inner + first) * Tiling.PANEL_STEP
              + (long) (vector % Tiling.VECTORS) * Lanes.BYTES;
      int unit = block * Lanes.COUNT;
      int units = Math.min(Lanes.COUNT, rows - unit);
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

  /// Adds a vector of `length` floats to a row of interleaved slots, one bias of a panel: float
  /// `(block · slots + slot) · COUNT + lane`.
  public static void addVector(
      MemorySegment parameters,
      long vector,
      int length,
      MemorySegment packed,
      long row,
      int slots,
      int slot) {
    for (int i = 0; i < length; i++) {
      int block = i / Lanes.COUNT;
      long lane = ((long) block * slots + slot) * Lanes.COUNT + i % Lanes.COUNT;
      long target = row + lane * Float.BYTES;
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
