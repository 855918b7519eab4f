package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Line;
import dev.sluice.compiler.ir.Schedule.Stage;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The inference pass of a cell with random masks: elementwise work reads what a mask is on
/// average, a number, in its place.
final class Means {
  private final Map<Symbol, Expr> means = new HashMap<>();

  private Means(Cell cell, Set<Symbol> kept) {
    for (Cell.Mask mask : cell.masks()) {
      if (!kept.contains(mask.symbol())) {
        means.put(mask.symbol(), new Expr.Literal(mask.mean()));
      }
    }
  }

  /// Masks that a pass reads as whole rows, for which no number can stand.
  static Set<Symbol> rows(Cell cell, List<Draft> drafts) {
    Set<Symbol> rows = new HashSet<>();
    for (Draft draft : drafts) {
      switch (draft) {
        case Draft.Row(Equation e) -> Reads.values(e.value()).forEach(v -> rows.add(v.symbol()));
        case Draft.Tiles tiles ->
            tiles
                .families()
                .forEach(f -> f.operands().forEach(operand -> rows.add(operand.symbol())));
      }
    }
    rows.retainAll(cell.masks().stream().map(Cell.Mask::symbol).toList());
    return rows;
  }

  /// @param kept masks that have memory in inference
  static Schedule.Pass inference(Schedule.Pass pass, Cell cell, Set<Symbol> kept) {
    Means means = new Means(cell, kept);
    return means.means.isEmpty()
        ? pass
        : new Schedule.Pass(
            means.stages(pass.before()),
            means.stages(pass.step()),
            means.stages(pass.after()),
            pass.accumulations(),
            pass.places(),
            pass.uniform(),
            pass.parts());
  }

  private List<Stage> stages(List<Stage> stages) {
    return stages.stream().map(this::stage).toList();
  }

  private Stage stage(Stage stage) {
    return switch (stage) {
      case Schedule.Tiles t ->
          new Schedule.Tiles(t.shape(), t.families(), lines(t.lines()), lines(t.ends()));
      case Schedule.RowWork work -> work;
    };
  }

  private List<Line> lines(List<Line> lines) {
    return lines.stream().map(this::line).toList();
  }

  private Line line(Line line) {
    Equation e = line.equation();
    return new Line(
        new Equation(e.target(), mean(e.value()), e.origin()),
        line.fromFamily(),
        line.rest().stream().map(this::mean).toList(),
        line.stored());
  }

  private Expr mean(Expr e) {
    return e instanceof Expr.Value v
        ? means.getOrDefault(v.symbol(), v)
        : Operands.map(e, this::mean);
  }
}
