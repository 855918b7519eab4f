package dev.sluice.runtime.spi;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// How operands lie in memory for the register tiles, and why a tile's loop has few checks.
///
/// A check of bounds in the loop costs instructions and, as it keeps all accumulators alive,
/// registers. Left operands are therefore copied next to each other first, rows at one constant
/// distance. They are read through layouts of a constant size: that the whole lies in its segment
/// is checked before the loop, and that a masked index lies in the layout the compiler knows. The
/// sizes bound the inner length of one tile, [#DEPTH]; longer sums go through their target.
///
/// Measured on 16 registers of 256 bits, 512 steps of the inner loop, in percent of the peak of
/// multiply-adds: 6 rows by 2 vectors 91, 5 by 2 93, 4 by 2 90, 3 by 2 68, 2 by 2 47, 1 by 8 36
/// (as many as its loads allow); with a check at every access 4 by 2 has 32.
///
/// On 32 registers of 512 bits, 2 MB of panels in turn, the same: 6 rows by 2 vectors 65, 9 by 2
/// 71, 12 by 2 76; with 256 steps 4 rows by 4 vectors 55, 6 by 4 73. A library's product of large
/// matrices reached 72 there. Rows cost less than vectors, whose panels have to come from the L2
/// cache; fewer rows than 7 need 4 vectors for enough sums. Two steps in one round of the loop are
/// slower by a tenth. A tile of 256 steps, whose panels stay in the L1 cache while three tiles of
/// 11
/// rows pass over them, had 176 GFLOP/s where one of 512 had 165.
///
/// The compiler moves all loads of a loop's body to its front, where those of 5 and 6 rows need
/// more registers than there are: branches that are never taken hold them back (without them: 32
/// and 39).
final class Tiling {
  /// Whether tiles may keep 24 sums in registers rather than 12.
  static final boolean LARGE = Lanes.VECTORS && Vectors.REGISTERS == 32;

  /// Most rows of a tile.
  static final int ROWS = LARGE ? 12 : 6;

  /// Vectors of a tile: those of one panel.
  static final int VECTORS = 2;

  /// Most steps of the inner loop of one tile.
  static final int DEPTH = 256;

  /// An offset that no loop reaches.
  static final long NEVER = -1;

  /// Steps come round after the last: an index is always one of [#DEPTH].
  static final long MASK = DEPTH - 1;

  /// Bytes from row to row of a left operand; not a power of two, whose multiples would share a few
  /// sets of the cache.
  static final long LEFT_ROW = DEPTH * Float.BYTES + 64;

  static final long LEFT_TILE = ROWS * LEFT_ROW;

  /// Bytes from step to step of columns of a left operand, which lie side by side.
  static final long COLUMN_STEP = (LARGE ? 16 : 8) * Float.BYTES;

  static final long COLUMN_TILE = DEPTH * COLUMN_STEP;
  static final long PANEL_STEP = VECTORS * (long) Lanes.BYTES;

  /// Bytes of a panel that one tile goes through at most. Memory of panels has as many more at its
  /// end, for [#window].
  static final long WINDOW = DEPTH * PANEL_STEP;

  // Coordinates: segment, offset of the tile, step.
  static final VarHandle ROW_0 = row(0);
  static final VarHandle ROW_1 = row(1);
  static final VarHandle ROW_2 = row(2);
  static final VarHandle ROW_3 = row(3);
  static final VarHandle ROW_4 = row(4);
  static final VarHandle ROW_5 = row(5);
  static final VarHandle ROW_6 = row(6);
  static final VarHandle ROW_7 = row(7);
  static final VarHandle ROW_8 = row(8);
  static final VarHandle ROW_9 = row(9);
  static final VarHandle ROW_10 = row(10);
  static final VarHandle ROW_11 = row(11);
  static final VarHandle COLUMN_0 = column(0);
  static final VarHandle COLUMN_1 = column(1);
  static final VarHandle COLUMN_2 = column(2);
  static final VarHandle COLUMN_3 = column(3);
  static final VarHandle COLUMN_4 = column(4);
  static final VarHandle COLUMN_5 = column(5);
  static final VarHandle COLUMN_6 = column(6);
  static final VarHandle COLUMN_7 = column(7);
  static final VarHandle COLUMN_8 = column(8);
  static final VarHandle COLUMN_9 = column(9);
  static final VarHandle COLUMN_10 = column(10);
  static final VarHandle COLUMN_11 = column(11);

  private Tiling() {}

  private static VarHandle row(int row) {
    return handle(row * LEFT_ROW, MemoryLayout.sequenceLayout(DEPTH, JAVA_FLOAT_UNALIGNED));
  }

  private static VarHandle column(int column) {
    MemoryLayout step =
        MemoryLayout.structLayout(
            JAVA_FLOAT_UNALIGNED, MemoryLayout.paddingLayout(COLUMN_STEP - Float.BYTES));
    return handle((long) column * Float.BYTES, MemoryLayout.sequenceLayout(DEPTH, step));
  }

  /// Steps of a layout that starts so many bytes into a tile.
  private static VarHandle handle(long start, SequenceLayout steps) {
    List<PathElement> path = new ArrayList<>(List.of(PathElement.groupElement("steps")));
    path.add(PathElement.sequenceElement());
    if (steps.elementLayout() instanceof StructLayout) {
      path.add(PathElement.groupElement(0));
    }
    List<MemoryLayout> members = new ArrayList<>();
    if (start > 0) {
      members.add(MemoryLayout.paddingLayout(start));
    }
    members.add(steps.withName("steps"));
    return MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new))
        .varHandle(path.toArray(PathElement[]::new))
        .withInvokeExactBehavior();
  }

  /// A panel from a tile's first step on, in a constant size: masked steps need no check.
  static MemorySegment window(MemorySegment panels, long panel) {
    return panels.asSlice(panel, WINDOW);
  }

  /// Tiles of an operand of so many rows.
  static int tiles(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /// Parts of an inner length; a sum of nothing has one too.
  static int depths(int k) {
    return Math.max(1, (k + DEPTH - 1) / DEPTH);
  }

  /// Where a tile's part of a left operand starts.
  static long left(long left, int tile, int depth, int depths) {
    return left + ((long) tile * depths + depth) * LEFT_TILE;
  }

  /// Where a part of one of `rows` rows starts, the tiles having equal shares of them.
  static long row(long left, int row, int rows, int depth, int depths) {
    int tiles = tiles(rows);
    int tile = 0;
    int first = 0;
    int share = rows / tiles;
    while (row >= first + share) {
      first += share;
      tile++;
      share = (rows - first) / (tiles - tile);
    }
    return left(left, tile, depth, depths) + (row - first) * LEFT_ROW;
  }

  /// Copies rows of `k` floats next to each other.
  ///
  /// @param row offset of the first of all rows, `rowBytes` from row to row; whole vectors are read
  /// @param left offset of the copy
  /// @param first where the floats go in its rows of `inner`
  static void load(
      MemorySegment work,
      long row,
      long rowBytes,
      int k,
      int rows,
      long left,
      int first,
      int inner) {
    int depths = depths(inner);
    int tiles = tiles(rows);
    for (int tile = 0, done = 0; tile < tiles; tile++) {
      int share = (rows - done) / (tiles - tile);
      for (int r = 0; r < share; r++, done++) {
        loadRow(work, row + done * rowBytes, k, left(left, tile, 0, depths) + r * LEFT_ROW, first);
      }
    }
  }

  private static void loadRow(MemorySegment work, long row, int k, long left, int first) {
    for (int done = 0; done < k; ) {
      int depth = (first + done) / DEPTH;
      int at = first + done - depth * DEPTH;
      int floats = Math.min(DEPTH - at, k - done);
      long from = row + (long) done * Float.BYTES;
      long to = left + depth * LEFT_TILE + (long) at * Float.BYTES;
      if (Lanes.VECTORS) {
        Copies.floats(work, from, to, floats);
      } else {
        MemorySegment.copy(work, from, work, to, (long) floats * Float.BYTES);
      }
      done += floats;
    }
  }
}
