package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The matrix products of every cell, in register tiles. Offsets and strides are in bytes.
///
/// All segments are off-heap ones of [Memory]. Every access is checked against its segment: an
/// offset that is wrong throws an [IndexOutOfBoundsException], memory that is closed an
/// [IllegalStateException].
public final class Products {
  /// Vectors side by side in one panel.
  public static final int PANEL_VECTORS = 4;

  /// Where sums start that start from nothing.
  private static final MemorySegment ZEROS =
      Memory.allocate("zeros", (long) PANEL_VECTORS * Lanes.COUNT).segment();

  private Products() {}

  /// `c[r] = init[r] + Σ_k a[r][k] · panel[k]` for each row, over the panel's vectors.
  ///
  /// @param work holds `a` and `c`
  /// @param a first row of the left operand; `aRow` from row to row; `k` floats of each count
  /// @param packed holds the panel: `k` times `vectors` vectors
  /// @param initFrom holds `init`; `initRow` is 0 to use one row for all; null starts from 0. It
  /// may be `c` itself.
  /// @param vectors 1 to [#PANEL_VECTORS]
  public static void multiply(
      MemorySegment work,
      long a,
      long aRow,
      int k,
      MemorySegment packed,
      long panel,
      @Nullable MemorySegment initFrom,
      long init,
      long initRow,
      long c,
      long cRow,
      int rows,
      int vectors) {
    if (vectors < 1 || vectors > PANEL_VECTORS) {
      throw new IllegalArgumentException(
          "vectors of a panel: " + vectors + ", expected 1 to " + PANEL_VECTORS);
    }
    long step = (long) vectors * Lanes.BYTES;
    // The kernels' loops end at the panel's end, which must not overflow.
    Objects.checkFromIndexSize(panel, k * step, packed.byteSize());
    MemorySegment from = initFrom == null ? ZEROS : initFrom;
    if (!Lanes.VECTORS) {
      long start = initFrom == null ? 0 : init;
      long startRow = initFrom == null ? 0 : initRow;
      ScalarProducts.multiply(
          work, a, aRow, k, packed, panel, from, start, startRow, c, cRow, rows, vectors);
      return;
    }
    Tiles.accumulate(
        work,
        a,
        aRow,
        Float.BYTES,
        packed,
        panel,
        step,
        k,
        from,
        initFrom == null ? 0 : init,
        initFrom == null ? 0 : initRow,
        work,
        c,
        cRow,
        rows,
        vectors);
  }

  /// `gradient[i][j] += Σ_r left[r][i] · right[r][j]`: what `count` pairs add to the gradient of a
  /// weight.
  ///
  /// @param left rows of `rows` floats; `right` rows of `columns` floats, both in `work`
  /// @param gradient first float of the target in `gradients`; `gradientRow` from row to row
  public static void outer(
      MemorySegment work,
      long left,
      long leftRow,
      int rows,
      long right,
      long rightRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient,
      long gradientRow) {
    if (rightRow <= 0 && count > 1) {
      throw new IllegalArgumentException(
          "bytes from row to row of the right operand: " + rightRow + ", expected more");
    }
    if (count > 0) {
      Objects.checkFromIndexSize(
          right, (count - 1) * rightRow + (long) columns * Float.BYTES, work.byteSize());
    }
    if (!Lanes.VECTORS) {
      ScalarProducts.outer(
          work,
          left,
          leftRow,
          rows,
          right,
          rightRow,
          columns,
          count,
          gradients,
          gradient,
          gradientRow);
      return;
    }
    for (int done = 0; done < count; done += OUTER_CHUNK) {
      outerChunk(
          work,
          left + done * leftRow,
          leftRow,
          rows,
          right + done * rightRow,
          rightRow,
          columns,
          Math.min(OUTER_CHUNK, count - done),
          gradients,
          gradient,
          gradientRow);
    }
  }

  /// Pairs that are added at a time: what they touch of the right operand stays in the cache.
  private static final int OUTER_CHUNK = 256;

  private static void outerChunk(
      MemorySegment work,
      long left,
      long leftRow,
      int rows,
      long right,
      long rightRow,
      int columns,
      int count,
      MemorySegment gradients,
      long gradient,
      long gradientRow) {
    int whole = columns / Lanes.COUNT;
    for (int block = 0; block < whole; block += PANEL_VECTORS) {
      long shift = (long) block * Lanes.BYTES;
      // The left operand's columns are the tile's rows.
      Tiles.accumulate(
          work,
          left,
          Float.BYTES,
          leftRow,
          work,
          right + shift,
          rightRow,
          count,
          gradients,
          gradient + shift,
          gradientRow,
          gradients,
          gradient + shift,
          gradientRow,
          rows,
          Math.min(PANEL_VECTORS, whole - block));
    }
    int rest = columns - whole * Lanes.COUNT;
    if (rest > 0) {
      long shift = (long) whole * Lanes.BYTES;
      MaskedTile.accumulate(
          work,
          left,
          leftRow,
          right + shift,
          rightRow,
          count,
          gradients,
          gradient + shift,
          gradientRow,
          rows,
          rest);
    }
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
