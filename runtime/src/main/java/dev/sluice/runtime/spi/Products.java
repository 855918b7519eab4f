package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;

/// The matrix products of every cell, in register tiles. Offsets and strides are in bytes.
public final class Products {
  /// Vectors side by side in one panel.
  public static final int PANEL_VECTORS = 4;

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
      MemorySegment initFrom,
      long init,
      long initRow,
      long c,
      long cRow,
      int rows,
      int vectors) {
    throw new UnsupportedOperationException("kernel");
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
    throw new UnsupportedOperationException("kernel");
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
    throw new UnsupportedOperationException("kernel");
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
    throw new UnsupportedOperationException("kernel");
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
    throw new UnsupportedOperationException("kernel");
  }
}
