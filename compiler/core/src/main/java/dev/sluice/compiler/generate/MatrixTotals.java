package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule.Line;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;

/// Totals of the rows and columns of matrices, gathered while a matrix is gone through row by row:
/// a row's in a register, the columns' in their own buffer, which each row is added to.
final class MatrixTotals {
  private final Arithmetic arithmetic;
  private final Names names;
  private final Lengths lengths;
  private final Tiles stage;
  private final Lines lines;
  private final List<Line> totals;

  MatrixTotals(Context context, Arithmetic arithmetic, Tiles stage, Lines lines) {
    this.arithmetic = arithmetic;
    this.names = context.names();
    this.lengths = context.lengths();
    this.stage = stage;
    this.lines = lines;
    this.totals = stage.lines().stream().filter(Line::isMatrixTotal).toList();
  }

  /// Whether columns are totalled.
  boolean ofColumns() {
    return totals.stream().anyMatch(line -> !isOfRows(line));
  }

  private List<Line> ofRows() {
    return totals.stream().filter(MatrixTotals::isOfRows).toList();
  }

  private static boolean isOfRows(Line line) {
    return ((Expr.Total) line.equation().value()).axis() == Expr.Axis.ROWS;
  }

  /// At the start of a row of a matrix.
  void start(MethodSpec.Builder method) {
    for (Line line : ofRows()) {
      method.addStatement(
          "$T $L = $L", arithmetic.type(), gathered(line), arithmetic.spread(CodeBlock.of("0f")));
    }
  }

  /// At the start of a block, or of a unit: which units lie within the row.
  void inside(MethodSpec.Builder method) {
    if (!ofRows().isEmpty()) {
      RowTotals.inside(method, arithmetic, names, lengths.of(stage.length()));
    }
  }

  void gather(MethodSpec.Builder method, Line line) {
    CodeBlock x = lines.totalled(line).code();
    String so = gathered(line);
    if (isOfRows(line)) {
      String inside = names.word("inside");
      switch (arithmetic) {
        case VectorArithmetic _ -> method.addStatement("$1L = $1L.add($2L, $3L)", so, x, inside);
        case ScalarArithmetic _ -> method.addStatement("$1L += $2L ? $3L : 0", so, inside, x);
      }
      return;
    }
    CodeBlock at =
        CodeBlock.of("$L + $L", names.address(line.equation().now()), names.word("along"));
    method.addStatement(
        "final $T $L = $L == 0 ? $L : $L",
        arithmetic.type(),
        so,
        names.word("i"),
        x,
        arithmetic
            .binary(
                Expr.BinaryOp.ADD,
                new Term(arithmetic.load(names.word("work"), at), Term.Binding.ATOM),
                new Term(x, Term.Binding.SUM))
            .code());
    method.addStatement("$L", arithmetic.store(so, names.word("work"), at));
  }

  /// After the last block of a row of a matrix.
  void end(MethodSpec.Builder method) {
    for (Line line : ofRows()) {
      CodeBlock total =
          switch (arithmetic) {
            case VectorArithmetic _ ->
                CodeBlock.of(
                    "(($T) $T.SUM.invokeExact($L)).lane(0)",
                    Types.FLOAT_VECTOR,
                    Types.LANE_TOTALS,
                    gathered(line));
            case ScalarArithmetic _ -> CodeBlock.of("$L", gathered(line));
          };
      method.addStatement(
          "$L.set($T.JAVA_FLOAT, $L + $L * $L + (long) $L * Float.BYTES, $L)",
          names.word("work"),
          Types.VALUE_LAYOUT,
          names.address(line.equation().now()),
          names.word("row"),
          lengths.row(line.equation().shape().side()),
          names.word("i"),
          total);
    }
  }

  private String gathered(Line line) {
    Symbol target = line.equation().target();
    return names.get("gathered " + target, target.plain() + "_so_far");
  }
}
