package dev.sluice.compiler;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;

/// Numbers that the generated code, which computes in floats, would take for infinite or 0.
final class FloatRange {
  private final Source source;
  private final List<Problem> problems = new ArrayList<>();

  private FloatRange(Source source) {
    this.source = source;
  }

  static List<Problem> problems(Cell cell, Source source) {
    FloatRange range = new FloatRange(source);
    for (Equation e : cell.equations()) {
      range.check(e.value(), e);
    }
    return range.problems;
  }

  private void check(Expr expression, Equation e) {
    switch (expression) {
      case Expr.Literal(double value) -> check(value, e);
      case Expr.Constant(_, double value) -> check(value, e);
      default -> Operands.of(expression).forEach(operand -> check(operand, e));
    }
  }

  private void check(double value, Equation e) {
    float rounded = (float) value;
    if (Double.isFinite(value) && (Float.isInfinite(rounded) || value != 0 && rounded == 0)) {
      int start = source.offset(e.origin().line());
      problems.add(
          Problem.error(
              "a number is out of range",
              new Span(start, start + source.lineText(start).length()),
              value
                  + " is "
                  + (rounded == 0 ? "0" : "infinite")
                  + " in single precision, in which the cell runs: numbers lie between 1.4e-45 and"
                  + " 3.4e38."));
    }
  }
}
