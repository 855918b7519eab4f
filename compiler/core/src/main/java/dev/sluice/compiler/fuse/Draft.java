package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Shape;
import java.util.List;

/// A stage before buffers are assigned.
sealed interface Draft {
  /// Work on whole rows.
  record Row(Equation equation) implements Draft {}

  /// Products, elementwise work and totals on values of one shape.
  ///
  /// @param ends numbers that follow from totals, once a row has been gone through
  record Tiles(Shape shape, List<Family> families, List<Equation> lines, List<Equation> ends)
      implements Draft {
    public Tiles {
      families = List.copyOf(families);
      lines = List.copyOf(lines);
      ends = List.copyOf(ends);
    }

    Tiles withEnds(List<Equation> ends) {
      return new Tiles(shape, families, lines, ends);
    }
  }

  /// Product sums with the same operands.
  ///
  /// @param slots the sums, at most four
  /// @param direct whether the sums go into a buffer at once, with no line of their own
  record Family(List<Equation> slots, boolean direct) {
    public Family {
      slots = List.copyOf(slots);
    }

    List<Expr.Value> operands() {
      return Reads.products(slots.getFirst()).stream().map(p -> (Expr.Value) p.b()).toList();
    }
  }
}
