package dev.sluice.samples.baseline;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A right operand [inner, columns] of a product, cut into panels of up to four vectors side by
/// side, each contiguous, and the products themselves in register tiles of four rows by four
/// vectors.
///
/// The columns are gates of equal length, interleaved vector by vector, so that one panel holds all
/// gates of its units: column `(unit / L · gates + gate) · L + unit % L` for vectors of L floats.
final class Panels {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int L = SPECIES.length();

  private static final int TILE = 4;

  private final int inner;
  private final int columns;
  private final float[] data;

  /// @param columns a multiple of [#L]
  Panels(int inner, int columns) {
    this.inner = inner;
    this.columns = columns;
    data = new float[inner * columns];
  }

  /// `n` rounded up to whole vectors.
  static int pad(int n) {
    return (n + L - 1) / L * L;
  }

  static int column(int gates, int gate, int unit) {
    return (unit / L * gates + gate) * L + unit % L;
  }

  void set(int k, int column, float value) {
    int panel = column / (TILE * L);
    data[panel * TILE * L * inner + k * width(panel) + column % (TILE * L)] = value;
  }

  private int width(int panel) {
    return Math.min(TILE * L, columns - panel * TILE * L);
  }

  /// Copies rows of a dense matrix: `data[k] = m[mFrom + k·mRow …]`, `count ≤ inner` rows of
  /// `length` floats.
  void load(float[] m, int mFrom, int mRow, int length, int count) {
    for (int from = 0, panel = 0; from < length; from += TILE * L, panel++) {
      int width = width(panel);
      int n = Math.min(TILE * L, length - from);
      for (int k = 0; k < count; k++) {
        System.arraycopy(m, mFrom + k * mRow + from, data, from * inner + k * width, n);
      }
    }
  }

  /// `c[r] += Σ_{k < count} a[aFrom + r·aRow + k·aColumn] · this[k]` for `rows` rows.
  void multiply(
      float[] a,
      int aFrom,
      int aRow,
      int aColumn,
      int count,
      float[] c,
      int cFrom,
      int cRow,
      int rows) {
    for (int from = 0, panel = 0; from < columns; from += TILE * L, panel++) {
      int width = width(panel);
      int base = from * inner;
      int r = 0;
      for (; r + TILE <= rows; r += TILE) {
        int at = aFrom + r * aRow;
        int to = cFrom + r * cRow + from;
        if (width == TILE * L) {
          tile4x4(a, at, aRow, aColumn, base, count, c, to, cRow);
        } else {
          for (int v = 0; v < width; v += L) {
            tile4x1(a, at, aRow, aColumn, base + v, width, count, c, to + v, cRow);
          }
        }
      }
      for (; r < rows; r++) {
        int at = aFrom + r * aRow;
        int to = cFrom + r * cRow + from;
        if (width == TILE * L) {
          tile1x4(a, at, aColumn, base, count, c, to);
        } else {
          for (int v = 0; v < width; v += L) {
            tile1x1(a, at, aColumn, base + v, width, count, c, to + v);
          }
        }
      }
    }
  }

  private static FloatVector at(float[] array, int i) {
    return FloatVector.fromArray(SPECIES, array, i);
  }

  private static FloatVector all(float[] array, int i) {
    return FloatVector.broadcast(SPECIES, array[i]);
  }

  private void tile4x4(
      float[] a, int a0, int aRow, int aColumn, int b, int count, float[] c, int c0, int cRow) {
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    FloatVector s00 = at(c, c0),
        s01 = at(c, c0 + L),
        s02 = at(c, c0 + 2 * L),
        s03 = at(c, c0 + 3 * L);
    FloatVector s10 = at(c, c1),
        s11 = at(c, c1 + L),
        s12 = at(c, c1 + 2 * L),
        s13 = at(c, c1 + 3 * L);
    FloatVector s20 = at(c, c2),
        s21 = at(c, c2 + L),
        s22 = at(c, c2 + 2 * L),
        s23 = at(c, c2 + 3 * L);
    FloatVector s30 = at(c, c3),
        s31 = at(c, c3 + L),
        s32 = at(c, c3 + 2 * L),
        s33 = at(c, c3 + 3 * L);
    int end = b + count * TILE * L;
    for (int o = 0; b < end; b += TILE * L, o += aColumn) {
      FloatVector b0 = at(data, b),
          b1 = at(data, b + L),
          b2 = at(data, b + 2 * L),
          b3 = at(data, b + 3 * L);
      FloatVector row = all(a, a0 + o);
      s00 = row.fma(b0, s00);
      s01 = row.fma(b1, s01);
      s02 = row.fma(b2, s02);
      s03 = row.fma(b3, s03);
      row = all(a, a1 + o);
      s10 = row.fma(b0, s10);
      s11 = row.fma(b1, s11);
      s12 = row.fma(b2, s12);
      s13 = row.fma(b3, s13);
      row = all(a, a2 + o);
      s20 = row.fma(b0, s20);
      s21 = row.fma(b1, s21);
      s22 = row.fma(b2, s22);
      s23 = row.fma(b3, s23);
      row = all(a, a3 + o);
      s30 = row.fma(b0, s30);
      s31 = row.fma(b1, s31);
      s32 = row.fma(b2, s32);
      s33 = row.fma(b3, s33);
    }
    store(c, c0, s00, s01, s02, s03);
    store(c, c1, s10, s11, s12, s13);
    store(c, c2, s20, s21, s22, s23);
    store(c, c3, s30, s31, s32, s33);
  }

  private static void store(
      float[] c, int at, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
    s0.intoArray(c, at);
    s1.intoArray(c, at + L);
    s2.intoArray(c, at + 2 * L);
    s3.intoArray(c, at + 3 * L);
  }

  private void tile4x1(
      float[] a,
      int a0,
      int aRow,
      int aColumn,
      int b,
      int bRow,
      int count,
      float[] c,
      int c0,
      int cRow) {
    FloatVector s0 = at(c, c0);
    FloatVector s1 = at(c, c0 + cRow);
    FloatVector s2 = at(c, c0 + 2 * cRow);
    FloatVector s3 = at(c, c0 + 3 * cRow);
    for (int k = 0, o = a0; k < count; k++, o += aColumn) {
      FloatVector row = at(data, b + k * bRow);
      s0 = row.fma(all(a, o), s0);
      s1 = row.fma(all(a, o + aRow), s1);
      s2 = row.fma(all(a, o + 2 * aRow), s2);
      s3 = row.fma(all(a, o + 3 * aRow), s3);
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c0 + cRow);
    s2.intoArray(c, c0 + 2 * cRow);
    s3.intoArray(c, c0 + 3 * cRow);
  }

  private void tile1x4(float[] a, int a0, int aColumn, int b, int count, float[] c, int c0) {
    FloatVector s0 = at(c, c0), s1 = at(c, c0 + L), s2 = at(c, c0 + 2 * L), s3 = at(c, c0 + 3 * L);
    FloatVector t0 = FloatVector.zero(SPECIES), t1 = t0, t2 = t0, t3 = t0;
    int k = 0;
    for (; k + 2 <= count; k += 2) {
      FloatVector even = all(a, a0 + k * aColumn);
      FloatVector odd = all(a, a0 + (k + 1) * aColumn);
      int i = b + k * TILE * L;
      s0 = even.fma(at(data, i), s0);
      s1 = even.fma(at(data, i + L), s1);
      s2 = even.fma(at(data, i + 2 * L), s2);
      s3 = even.fma(at(data, i + 3 * L), s3);
      t0 = odd.fma(at(data, i + 4 * L), t0);
      t1 = odd.fma(at(data, i + 5 * L), t1);
      t2 = odd.fma(at(data, i + 6 * L), t2);
      t3 = odd.fma(at(data, i + 7 * L), t3);
    }
    if (k < count) {
      FloatVector last = all(a, a0 + k * aColumn);
      int i = b + k * TILE * L;
      s0 = last.fma(at(data, i), s0);
      s1 = last.fma(at(data, i + L), s1);
      s2 = last.fma(at(data, i + 2 * L), s2);
      s3 = last.fma(at(data, i + 3 * L), s3);
    }
    store(c, c0, s0.add(t0), s1.add(t1), s2.add(t2), s3.add(t3));
  }

  private void tile1x1(
      float[] a, int a0, int aColumn, int b, int bRow, int count, float[] c, int c0) {
    FloatVector s = at(c, c0);
    for (int k = 0; k < count; k++) {
      s = at(data, b + k * bRow).fma(all(a, a0 + k * aColumn), s);
    }
    s.intoArray(c, c0);
  }
}
