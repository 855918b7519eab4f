package dev.sluice.samples.baseline;

import java.util.Arrays;

/// Matrices as arrays of rows. Inner loops index every row from 0, which is the form that HotSpot
/// turns into vector instructions by itself.
final class Rows {
  /// Rows of the right operand that stay in the cache while all rows of the result pass.
  private static final int BLOCK = 32;

  private Rows() {}

  static void copy(float[] dense, float[][] rows) {
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(dense, r * rows[r].length, rows[r], 0, rows[r].length);
    }
  }

  static void copy(float[][] rows, int first, int count, float[] dense) {
    for (int r = 0; r < count; r++) {
      float[] row = rows[first + r];
      System.arraycopy(row, 0, dense, r * row.length, row.length);
    }
  }

  static void clear(float[][] rows) {
    for (float[] row : rows) {
      Arrays.fill(row, 0f);
    }
  }

  /// `count` rows of a dense matrix [rows, columns] from `first` on, transposed: [columns, count].
  static float[][] transposed(float[] dense, int columns, int first, int count) {
    float[][] result = new float[columns][count];
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < columns; c++) {
        result[c][r] = dense[(first + r) * columns + c];
      }
    }
    return result;
  }

  /// `count` rows of a dense matrix from `first` on.
  static float[][] of(float[] dense, int columns, int first, int count) {
    float[][] result = new float[count][];
    for (int r = 0; r < count; r++) {
      result[r] = Arrays.copyOfRange(dense, (first + r) * columns, (first + r + 1) * columns);
    }
    return result;
  }

  /// `c[cFirst + r] += Σ_k a[aFirst + r][k] · m[k]`.
  static void multiply(float[][] a, int aFirst, float[][] m, float[][] c, int cFirst, int count) {
    for (int from = 0; from < m.length; from += BLOCK) {
      int to = Math.min(from + BLOCK, m.length);
      for (int r = 0; r < count; r++) {
        float[] row = a[aFirst + r];
        float[] sum = c[cFirst + r];
        int k = from;
        for (; k + 4 <= to; k += 4) {
          add(row[k], m[k], row[k + 1], m[k + 1], row[k + 2], m[k + 2], row[k + 3], m[k + 3], sum);
        }
        for (; k < to; k++) {
          add(row[k], m[k], sum);
        }
      }
    }
  }

  /// `c[i] += Σ_r left[leftFirst + r][i] · right[rightFirst + r]`: the gradient of a weight from
  /// all pairs.
  static void outer(
      float[][] left, int leftFirst, float[][] right, int rightFirst, int count, float[][] c) {
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(from + BLOCK, count);
      for (int i = 0; i < c.length; i++) {
        int r = from;
        for (; r + 4 <= to; r += 4) {
          int l = leftFirst + r;
          int m = rightFirst + r;
          add(
              left[l][i],
              right[m],
              left[l + 1][i],
              right[m + 1],
              left[l + 2][i],
              right[m + 2],
              left[l + 3][i],
              right[m + 3],
              c[i]);
        }
        for (; r < to; r++) {
          add(left[leftFirst + r][i], right[rightFirst + r], c[i]);
        }
      }
    }
  }

  private static void add(float a, float[] x, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a * x[i];
    }
  }

  private static void add(
      float a, float[] x, float b, float[] y, float c, float[] z, float d, float[] w, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a * x[i] + b * y[i] + c * z[i] + d * w[i];
    }
  }

  static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  static float tanh(float x) {
    return (float) Math.tanh(x);
  }
}
