package dev.sluice.runtime.spi;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The matrix products of every cell, in register tiles. Offsets and strides are in bytes.
///
/// All segments are off-heap ones of [Memory]. Every access is checked against its segment: an
/// offset that is wrong throws an [IndexOutOfBoundsException], memory that is closed an
/// [IllegalStateException].
public final class Products {
  /// Most rows that one call of [#load] and [#multiply] takes: what they leave in scratch stays in
  /// a near cache, and weights that don't fit into one are read once for so many rows.
  public static final int ROWS = Tiling.LARGE ? 96 : 48;

  /// Vectors side by side in one panel.
  public static final int PANEL_VECTORS = Tiling.VECTORS;

  /// Where sums start that start from nothing.
  static final MemorySegment ZEROS = Memory.allocate("zeros", 8L * Lanes.COUNT).segment();

  private Products() {}

  /// Floats that [#load] fills for rows of `k` floats.
  public static int leftFloats(int k) {
    long bytes = (long) Tiling.tiles(ROWS) * Tiling.depths(k) * Tiling.LEFT_TILE;
    // Products that start within a tile read as far past its end.
    return Lanes.pad(Math.toIntExact(bytes / Float.BYTES) + Tiling.DEPTH);
  }

  /// Brings rows of a left operand to where [#multiply] reads them.
  ///
  /// Values that follow each other are brought there in their order: up to a vector's floats after
  /// one are overwritten.
  ///
  /// @param row first row; `rowBytes` from row to row; `k` floats of each count
  /// @param rows 1 to [#ROWS]
  /// @param left offset of [#leftFloats] floats for `inner`
  /// @param first where the floats go in a row of `inner`
  public static void load(
      MemorySegment work,
      long row,
      long rowBytes,
      int k,
      int rows,
      long left,
      int first,
      int inner) {
    checkRows(rows);
    Objects.checkFromIndexSize(first, k, inner);
    Tiling.load(work, row, rowBytes, k, rows, left, first, inner);
  }

  private static void checkRows(int rows) {
    if (rows < 1 || rows > ROWS) {
      throw new IllegalArgumentException("rows: " + rows + ", expected 1 to " + ROWS);
    }
  }

  /// `c[r] = init[r] + Σ_k a[r][k] · panel[k]` for each row, over panels that follow each other.
  /// Whole panels are written: rows have room for an even number of vectors.
  ///
  /// @param work holds `a` and `c`
  /// @param left where [#load] has brought `a`
  /// @param packed holds the panels, the first at `panel`: `inner` times [#PANEL_VECTORS] vectors
  /// each, of which `k` from `first` on are multiplied
  /// @param initFrom holds `init`; `initRow` is 0 to use one row for all; null starts from 0. It
  /// may be `c` itself.
  /// @param vectors of all panels
  public static void multiply(
      MemorySegment work,
      long left,
      int k,
      MemorySegment packed,
      long panel,
      int first,
      int inner,
      @Nullable MemorySegment initFrom,
      long init,
      long initRow,
      long c,
      long cRow,
      int rows,
      int vectors) {
    checkRows(rows);
    int panels = (vectors + PANEL_VECTORS - 1) / PANEL_VECTORS;
    // The kernels' loops end at a panel's end, which must not overflow.
    Objects.checkFromIndexSize(first, k, inner);
    Objects.checkFromIndexSize(panel, panels * (inner * Tiling.PANEL_STEP), packed.byteSize());
    long b = panel + first * Tiling.PANEL_STEP;
    MemorySegment from = initFrom == null ? ZEROS : initFrom;
    long start = initFrom == null ? 0 : init;
    long startRow = initFrom == null ? 0 : initRow;
    long startPanel = initFrom == null ? 0 : Tiling.PANEL_STEP;
    if (Lanes.VECTORS) {
      PanelProduct.run(
          work,
          left,
          k,
          packed,
          b,
          inner,
          from,
          start,
          startRow,
          startPanel,
          c,
          cRow,
          rows,
          panels);
    } else {
      ScalarProducts.multiply(
          work,
          left,
          k,
          packed,
          b,
          inner,
          from,
          start,
          startRow,
          startPanel,
          c,
          cRow,
          rows,
          panels);
    }
  }

  /// `c[r] = init[r] + Σ_k a[r][k] · panel[k]` for each row, over packed weights of any format,
  /// from a block of units on that starts a panel.
  ///
  /// @param part the first part that is multiplied; `k` floats are whole parts
  /// @param initFrom holds `init`; `initRow` is 0 to use one row for all; null starts from 0. It
  /// may be `c` itself.
  /// @param blocks of units
  public static void multiply(
      MemorySegment work,
      long left,
      int k,
      PackedWeights packed,
      Panel panel,
      int block,
      int part,
      @Nullable MemorySegment initFrom,
      long init,
      long initRow,
      long c,
      long cRow,
      int rows,
      int blocks) {
    int vector = block * panel.slots();
    int vectors = panel.vectors(block, blocks);
    int first = panel.first(part);
    if (packed.format() == WeightFormat.FLOAT32) {
      long at = panel.at(vector, 0, Float.BYTES);
      int inner = panel.inner();
      MemorySegment panels = packed.panels();
      Objects.checkFromIndexSize(
          at,
          (vectors + PANEL_VECTORS - 1) / PANEL_VECTORS * (inner * Tiling.PANEL_STEP),
          panels.byteSize() - Tiling.WINDOW);
      multiply(
          work, left, k, panels, at, first, inner, initFrom, init, initRow, c, cRow, rows, vectors);
      return;
    }
    checkRows(rows);
    Objects.checkFromIndexSize(first, k, panel.inner());
    NarrowProduct.run(
        work,
        left,
        k,
        packed,
        panel,
        vector,
        first,
        initFrom == null ? ZEROS : initFrom,
        initFrom == null ? 0 : init,
        initFrom == null ? 0 : initRow,
        initFrom == null ? 0 : Tiling.PANEL_STEP,
        c,
        cRow,
        rows,
        (vectors + PANEL_VECTORS - 1) / PANEL_VECTORS);
  }

  /// `gradient[i] += Σ_r values[r][i]`.
  public static void columnSums(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    if (Lanes.VECTORS) {
      Sums.columns(work, values, valuesRow, columns, count, gradients, gradient);
    } else {
      ScalarSums.columns(work, values, valuesRow, columns, count, gradients, gradient);
    }
  }

  /// `gradient += Σ_r Σ_i values[r][i]`.
  public static void total(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient) {
    if (Lanes.VECTORS) {
      Sums.total(work, values, valuesRow, columns, count, gradients, gradient);
    } else {
      ScalarSums.total(work, values, valuesRow, columns, count, gradients, gradient);
    }
  }

  /// `result[r][0] = Σ_i values[r][i]`, a sum for each row.
  public static void rowSums(
      MemorySegment work,
      long values,
      long valuesRow,
      int columns,
      int count,
      long result,
      long resultRow) {
    if (Lanes.VECTORS) {
      Sums.rows(work, values, valuesRow, columns, count, result, resultRow);
    } else {
      ScalarSums.rows(work, values, valuesRow, columns, count, result, resultRow);
    }
  }
}
