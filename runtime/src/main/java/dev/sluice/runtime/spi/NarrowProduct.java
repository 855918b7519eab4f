package dev.sluice.runtime.spi;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// [PanelProduct] with weights of fewer bits than floats.
///
/// One row goes through the panels as they are. For more, some steps of a panel are made floats
/// first, in scratch that stays in the cache, and all rows go through those. A row's result is the
/// same to the bit either way, and for bf16 the same as of floats that are rounded alike.
final class NarrowProduct {
  /// Panels that a single row goes through side by side.
  private static final int WIDE = 4;

  private NarrowProduct() {}

  /// Floats of scratch for panels of an inner length: some steps of one, and a row of sums each.
  static long scratchFloats(int inner) {
    return (widened(inner) + Products.ROWS * Tiling.PANEL_STEP) / Float.BYTES;
  }

  /// Bytes of the steps of a panel that are floats at the same time.
  private static long widened(int inner) {
    return Math.min(inner, Tiling.DEPTH) * Tiling.PANEL_STEP;
  }

  /// `c[r] = from[init + r] + Σ_k left[r][k] · panel[k]`; see [Products#multiply].
  ///
  /// @param vector the first, which starts a panel
  /// @param first where the `k` steps start along the inner length
  /// @param initPanel bytes from a panel's start of `init` to the next one's; 0 to use the same
  static void run(
      MemorySegment work,
      long left,
      int k,
      PackedWeights packed,
      Panel panel,
      int vector,
      int first,
      MemorySegment from,
      long init,
      long initRow,
      long initPanel,
      long c,
      long cRow,
      int rows,
      int panels) {
    int width = packed.format().bytes();
    Objects.checkFromIndexSize(
        panel.at(vector, 0, width),
        panels * (panel.inner() * Narrow.step(packed.format())),
        packed.panels().byteSize());
    boolean direct = Lanes.VECTORS && rows == 1;
    int depths = Tiling.depths(k);
    int done = 0;
    do {
      int depth = done / Tiling.DEPTH;
      int begin = done - depth * Tiling.DEPTH;
      int place = first + done;
      int part = panel.partAt(place);
      int some = Math.min(Tiling.DEPTH - begin, k - done);
      if (packed.format() == WeightFormat.INT8) {
        // Each part has scales of its own.
        some = Math.min(some, panel.first(part + 1) - place);
      }
      long b = panel.at(vector, place, width);
      long scales = panel.scalesAt(part, vector);
      if (direct) {
        long a = Tiling.left(left, 0, depth, depths) + (long) begin * Float.BYTES;
        row(work, a, some, packed, panel, b, scales, from, init, initPanel, c, panels);
      } else {
        rows(
            work, left, depth, depths, begin, some, packed, panel, b, scales, from, init, initRow,
            initPanel, c, cRow, rows, panels);
      }
      // Longer sums go on from what they have reached.
      from = work;
      init = c;
      initRow = cRow;
      initPanel = Tiling.PANEL_STEP;
      done += some;
    } while (done < k);
  }

  /// One row, through some panels side by side.
  private static void row(
      MemorySegment work,
      long a,
      int k,
      PackedWeights packed,
      Panel panel,
      long b,
      long scales,
      MemorySegment from,
      long init,
      long initPanel,
      long c,
      int panels) {
    long next = panel.inner() * Narrow.step(packed.format());
    for (int p = 0; p < panels; ) {
      int together = panels - p >= WIDE ? WIDE : 1;
      long column = p * Tiling.PANEL_STEP;
      tile(
          together,
          work,
          a,
          packed,
          b + p * next,
          next,
          k,
          scales + column,
          from,
          init + p * initPanel,
          c + column);
      p += together;
    }
  }

  private static void tile(
      int panels,
      MemorySegment work,
      long a,
      PackedWeights packed,
      long b,
      long next,
      int k,
      long scale,
      MemorySegment from,
      long init,
      long c) {
    MemorySegment p = packed.panels();
    MemorySegment scales = packed.scales();
    if (packed.format() == WeightFormat.BFLOAT16) {
      if (panels == WIDE) {
        Bfloat16Tile.panels(work, a, p, b, next, k, from, init, work, c);
      } else {
        Bfloat16Tile.panel(work, a, p, b, k, from, init, work, c);
      }
    } else if (panels == WIDE) {
      Int8Tile.panels(work, a, p, b, next, k, scales, scale, from, init, work, c);
    } else {
      Int8Tile.panel(work, a, p, b, k, scales, scale, from, init, work, c);
    }
  }

  /// Some rows, through one panel after the other.
  private static void rows(
      MemorySegment work,
      long left,
      int depth,
      int depths,
      int begin,
      int k,
      PackedWeights packed,
      Panel panel,
      long b,
      long scales,
      MemorySegment from,
      long init,
      long initRow,
      long initPanel,
      long c,
      long cRow,
      int rows,
      int panels) {
    long next = panel.inner() * Narrow.step(packed.format());
    boolean scaled = packed.format() == WeightFormat.INT8;
    MemorySegment scratch = packed.scratch();
    long saved = packed.scratchAt() + widened(panel.inner());
    for (int p = 0; p < panels; p++) {
      long column = p * Tiling.PANEL_STEP;
      long start = init + p * initPanel;
      widen(packed, b + p * next, k);
      if (!scaled) {
        sums(
            work,
            left,
            depth,
            depths,
            begin,
            k,
            packed,
            from,
            start,
            initRow,
            c + column,
            cRow,
            rows);
        continue;
      }
      // The sums may stand where they start from.
      for (int row = 0; row < rows; row++) {
        MemorySegment.copy(
            from,
            start + row * initRow,
            scratch,
            saved + row * Tiling.PANEL_STEP,
            Tiling.PANEL_STEP);
      }
      sums(
          work,
          left,
          depth,
          depths,
          begin,
          k,
          packed,
          Products.ZEROS,
          0,
          0,
          c + column,
          cRow,
          rows);
      for (int row = 0; row < rows; row++) {
        scale(
            packed.scales(),
            scales + column,
            scratch,
            saved + row * Tiling.PANEL_STEP,
            work,
            c + row * cRow + column);
      }
    }
  }

  /// All rows through the steps of a panel that are floats.
  private static void sums(
      MemorySegment work,
      long left,
      int depth,
      int depths,
      int begin,
      int k,
      PackedWeights packed,
      MemorySegment from,
      long init,
      long initRow,
      long c,
      long cRow,
      int rows) {
    long shift = (long) begin * Float.BYTES;
    if (Lanes.VECTORS) {
      PanelProduct.tiles(
          work,
          Tiling.left(left, 0, depth, depths) + shift,
          depths * Tiling.LEFT_TILE,
          packed.scratch(),
          packed.scratchAt(),
          0,
          k,
          from,
          init,
          initRow,
          c,
          cRow,
          rows,
          1);
      return;
    }
    for (int row = 0; row < rows; row++) {
      long a = Tiling.row(left, row, rows, depth, depths) + shift;
      for (long at = 0; at < Tiling.PANEL_STEP; at += Lanes.BYTES) {
        ScalarProducts.block(
            work,
            a,
            Float.BYTES,
            packed.scratch(),
            packed.scratchAt() + at,
            Tiling.PANEL_STEP,
            k,
            from,
            init + row * initRow + at,
            work,
            c + row * cRow + at);
      }
    }
  }

  private static void widen(PackedWeights packed, long b, int k) {
    MemorySegment to = packed.scratch();
    long at = packed.scratchAt();
    boolean bfloat16 = packed.format() == WeightFormat.BFLOAT16;
    if (!Lanes.VECTORS) {
      ScalarNarrow.widen(packed, b, k);
    } else if (bfloat16) {
      Bfloat16Tile.widen(packed.panels(), b, k, to, at);
    } else {
      Int8Tile.widen(packed.panels(), b, k, to, at);
    }
  }

  private static void scale(
      MemorySegment scales, long scale, MemorySegment from, long init, MemorySegment into, long c) {
    if (Lanes.VECTORS) {
      Int8Tile.scale(scales, scale, from, init, into, c);
    } else {
      ScalarNarrow.scale(scales, scale, from, init, into, c);
    }
  }
}
