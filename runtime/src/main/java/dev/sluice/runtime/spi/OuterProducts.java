package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The gradients of a pass's weights: `gradient[i][j] += Σ_r left[r][i] · right[r][j]` for several
/// pairs of operands, over the same rows r.
///
/// An operand that several weights have is copied into its tiles' order once for all of them: the
/// gates' gradients are left operands of the input's and of the state's weights, input and state
/// right ones of all gates.
///
/// Members of a team share out a parameter's rows: an element is summed by one of them, in an order
/// that doesn't depend on their number, whatever parts of the parameter the products belong to.
public final class OuterProducts {
  /// Pairs of rows that are multiplied at a time.
  private static final int CHUNK = Tiling.DEPTH;

  /// Panels of right operands at a time: with 256 pairs, 256 KiB on vectors of 256 bits and 512 KiB
  /// on longer ones, half of a small L2 cache.
  private static final int PANELS = 16;

  /// Tiles of a left operand whose columns are copied together, and rows of it at a time: the
  /// tiles'
  /// columns share cache lines.
  private static final int TOGETHER = 4;

  private static final int ROWS_TOGETHER = 16;

  private static final long COLUMNS_AT = 0;
  private static final long TARGET_AT = TOGETHER * Tiling.COLUMN_TILE;
  private static final long TARGET_ROW = Tiling.PANEL_STEP;
  private static final long PANELS_AT = TARGET_AT + Tiling.ROWS * TARGET_ROW;
  private static final int WIDTH = Tiling.VECTORS * Lanes.COUNT;

  /// Rows of a buffer.
  ///
  /// @param later steps after the one that the products are summed at
  private record Operand(int buffer, int later, int floats) {
    long at(Frame frame, int step) {
      return frame.row(buffer, step + later);
    }

    long row() {
      return (long) Lanes.pad(floats) * Float.BYTES;
    }

    int panels() {
      return (floats + WIDTH - 1) / WIDTH;
    }
  }

  /// A left operand whose floats belong to the rows of a parameter of `all` rows, from `first` on.
  private record Rows(Operand operand, int first, int all) {
    int begin(Frame frame) {
      return Math.clamp(frame.firstOwn(all) - first, 0, operand.floats);
    }

    int end(Frame frame) {
      return Math.clamp(frame.endOwn(all) - first, 0, operand.floats);
    }
  }

  /// @param gradient first float of the target, in bytes; `gradientRow` from row to row
  private record Product(Rows left, Operand right, long gradient, long gradientRow) {}

  /// Panels of a right operand that are in scratch at the same time as others.
  private record Part(Operand right, int first, int panels, long at) {
    int column() {
      return first * WIDTH;
    }

    /// Columns up to the end of the operand.
    int columns() {
      return Math.min(right.floats - column(), panels * WIDTH);
    }
  }

  /// Of a product, the columns of a part.
  private record Tiles(Product product, Part part) {}

  /// All that is done with a left operand's columns while they are in scratch.
  private record Uses(Rows left, Tiles[] tiles) {}

  /// Parts that are in scratch at the same time.
  private record Round(Part[] parts, Uses[] uses) {}

  // Arrays, for their loops allocate nothing.
  private final Product[] products;
  private final Round[] rounds;

  private OuterProducts(List<Product> products) {
    this.products = products.toArray(Product[]::new);
    this.rounds =
        parts(products.stream().map(Product::right).distinct().toList()).stream()
            .map(parts -> round(parts, products))
            .toArray(Round[]::new);
  }

  private static Round round(List<Part> parts, List<Product> products) {
    Map<Rows, List<Tiles>> uses = new LinkedHashMap<>();
    for (Product product : products) {
      for (Part part : parts) {
        if (part.right.equals(product.right)) {
          uses.computeIfAbsent(product.left, _ -> new ArrayList<>()).add(new Tiles(product, part));
        }
      }
    }
    return new Round(
        parts.toArray(Part[]::new),
        uses.entrySet().stream()
            .map(e -> new Uses(e.getKey(), e.getValue().toArray(Tiles[]::new)))
            .toArray(Uses[]::new));
  }

  /// Collects the products of a pass.
  public static final class Builder {
    private final List<Product> products = new ArrayList<>();

    /// A whole parameter's.
    ///
    /// @param left index of a buffer of rows of `rows` floats, `leftLater` steps after the current
    /// one
    /// @param right index of one of rows of `columns` floats
    /// @param gradient first float of the target in [Frame#gradients], in bytes
    /// @param gradientFloats floats from row to row of it
    public Builder add(
        int left,
        int leftLater,
        int rows,
        int right,
        int rightLater,
        int columns,
        long gradient,
        int gradientFloats) {
      return add(
          left, leftLater, rows, right, rightLater, columns, gradient, gradientFloats, 0, rows);
    }

    /// Of a part of a parameter.
    ///
    /// @param firstRow of the parameter's `allRows` that the part starts at
    public Builder add(
        int left,
        int leftLater,
        int rows,
        int right,
        int rightLater,
        int columns,
        long gradient,
        int gradientFloats,
        int firstRow,
        int allRows) {
      Objects.checkFromIndexSize(firstRow, rows, allRows);
      products.add(
          new Product(
              new Rows(new Operand(left, leftLater, rows), firstRow, allRows),
              new Operand(right, rightLater, columns),
              gradient,
              (long) gradientFloats * Float.BYTES));
      return this;
    }

    public OuterProducts build() {
      return new OuterProducts(products);
    }
  }

  /// Right operands, in groups that have room in scratch.
  private static List<List<Part>> parts(List<Operand> rights) {
    List<List<Part>> rounds = new ArrayList<>();
    int taken = PANELS;
    for (Operand right : rights) {
      for (int first = 0; first < right.panels(); ) {
        if (taken == PANELS) {
          rounds.add(new ArrayList<>());
          taken = 0;
        }
        int panels = Math.min(PANELS - taken, right.panels() - first);
        long at = PANELS_AT + taken * CHUNK * Tiling.PANEL_STEP;
        rounds.getLast().add(new Part(right, first, panels, at));
        first += panels;
        taken += panels;
      }
    }
    return rounds;
  }

  /// Floats of scratch that [#addTo] needs.
  public int scratchFloats() {
    long bytes = 0;
    for (Round round : rounds) {
      Part last = round.parts[round.parts.length - 1];
      bytes = Math.max(bytes, last.at + last.panels * CHUNK * Tiling.PANEL_STEP);
    }
    return Lanes.pad(Math.toIntExact(bytes / Float.BYTES));
  }

  /// Adds this member's share of the gradients.
  ///
  /// @param step whose rows are the first of `count`
  /// @param scratch a buffer of [#scratchFloats]
  public void addTo(Frame frame, int step, int count, int scratch) {
    for (Product product : products) {
      check(frame, step, count, product);
      if (!Lanes.VECTORS) {
        scalar(frame, step, count, product);
      }
    }
    if (!Lanes.VECTORS) {
      return;
    }
    for (int done = 0; done < count; done += CHUNK) {
      int some = Math.min(CHUNK, count - done);
      for (Round round : rounds) {
        for (Part part : round.parts) {
          loadPanels(frame, step, done, some, part, scratch);
        }
        for (Uses uses : round.uses) {
          tiles(frame, step, done, some, uses, scratch);
        }
      }
    }
  }

  /// The loops below run to the operands' ends.
  private static void check(Frame frame, int step, int count, Product product) {
    check(frame, step, count, product.left.operand);
    check(frame, step, count, product.right);
    Objects.checkFromIndexSize(
        product.gradient,
        (product.left.operand.floats - 1) * product.gradientRow
            + (long) product.right.floats * Float.BYTES,
        frame.gradients().byteSize());
  }

  private static void check(Frame frame, int step, int count, Operand operand) {
    Objects.checkFromIndexSize(
        operand.at(frame, step), count * operand.row(), frame.work().byteSize());
  }

  private static void loadPanels(
      Frame frame, int step, int done, int count, Part part, int scratch) {
    MemorySegment work = frame.work();
    long row = part.right.row();
    long from = part.right.at(frame, step) + done * row + (long) part.column() * Float.BYTES;
    long into = frame.base(scratch) + part.at;
    for (int panel = 0; panel < part.panels; panel++) {
      for (int r = 0; r < count; r++) {
        Copies.panel(
            work,
            from + r * row + panel * Tiling.PANEL_STEP,
            into + ((long) panel * count + r) * Tiling.PANEL_STEP);
      }
    }
  }

  /// All products of a left operand with the panels in scratch.
  private static void tiles(Frame frame, int step, int done, int count, Uses uses, int scratch) {
    Operand left = uses.left.operand;
    int row = uses.left.begin(frame);
    int end = uses.left.end(frame);
    long from = left.at(frame, step) + done * left.row();
    long columns = frame.base(scratch) + COLUMNS_AT;
    int tiles = Tiling.tiles(end - row);
    for (int tile = 0; tile < tiles; tile++) {
      if (tile % TOGETHER == 0) {
        long start = from + (long) row * Float.BYTES;
        loadColumns(frame.work(), start, left.row(), end - row, tiles - tile, count, columns);
      }
      int share = (end - row) / (tiles - tile);
      long a = columns + tile % TOGETHER * Tiling.COLUMN_TILE;
      for (Tiles use : uses.tiles) {
        tile(frame, a, share, row, count, use.product, use.part, scratch);
      }
      row += share;
    }
  }

  /// The next tiles of so many columns in so many tiles.
  private static void loadColumns(
      MemorySegment work, long left, long leftRow, int columns, int tiles, int count, long into) {
    int together = Math.min(TOGETHER, tiles);
    for (int first = 0; first < count; first += ROWS_TOGETHER) {
      int end = Math.min(count, first + ROWS_TOGETHER);
      for (int tile = 0, column = 0; tile < together; tile++) {
        int share = (columns - column) / (tiles - tile);
        long from = left + (long) column * Float.BYTES;
        long to = into + tile * Tiling.COLUMN_TILE;
        for (int r = first; r < end; r++) {
          Copies.columns(work, from + r * leftRow, to + r * Tiling.COLUMN_STEP, share);
        }
        column += share;
      }
    }
  }

  /// Some rows of a gradient, at the columns of the panels in scratch.
  private static void tile(
      Frame frame,
      long left,
      int share,
      int row,
      int count,
      Product product,
      Part part,
      int scratch) {
    MemorySegment work = frame.work();
    MemorySegment gradients = frame.gradients();
    long base = frame.base(scratch);
    for (int i = 0; i < part.panels; i++) {
      long panel = base + part.at + i * count * Tiling.PANEL_STEP;
      int column = i * WIDTH;
      int columns = part.columns() - column;
      long target =
          product.gradient
              + row * product.gradientRow
              + (long) (part.column() + column) * Float.BYTES;
      long stride = product.gradientRow;
      if (columns >= WIDTH) {
        ColumnTiles.run(
            share, work, left, panel, count, gradients, target, stride, gradients, target, stride);
      } else {
        long own = base + TARGET_AT;
        ColumnTiles.run(
            share, work, left, panel, count, Products.ZEROS, 0, 0, work, own, TARGET_ROW);
        ColumnTiles.addPart(work, own, TARGET_ROW, share, columns, gradients, target, stride);
      }
    }
  }

  private static void scalar(Frame frame, int step, int count, Product product) {
    Operand left = product.left.operand;
    Operand right = product.right;
    int row = product.left.begin(frame);
    ScalarProducts.outer(
        frame.work(),
        left.at(frame, step) + (long) row * Float.BYTES,
        left.row(),
        product.left.end(frame) - row,
        right.at(frame, step),
        right.row(),
        right.floats,
        count,
        frame.gradients(),
        product.gradient + row * product.gradientRow,
        product.gradientRow);
  }
}
