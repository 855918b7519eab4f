package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Schedule.Line;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;
import java.util.function.BiConsumer;

/// Totals over a row, gathered while its elementwise work goes by, and what follows from them.
/// Where a row is gone through in parts, what has been gathered waits in the total's own buffer,
/// whose rows are one vector wide; in the end every lane of it holds the total.
final class RowTotals {
  private final Arithmetic arithmetic;
  private final Names names;
  private final Lengths lengths;
  private final Tiles stage;
  private final Lines lines;
  private final List<Line> totals;

  RowTotals(Context context, Arithmetic arithmetic, Tiles stage, Lines lines) {
    this.arithmetic = arithmetic;
    this.names = context.names();
    this.lengths = context.lengths();
    this.stage = stage;
    this.lines = lines;
    this.totals = stage.totals();
  }

  /// At the start of a row.
  void start(MethodSpec.Builder method) {
    for (Line line : totals) {
      CodeBlock nothing =
          arithmetic.spread(
              CodeBlock.of(
                  switch (operation(line)) {
                    case SUM, NORM -> "0f";
                    case MAX -> "Float.NEGATIVE_INFINITY";
                  }));
      CodeBlock start =
          inParts()
              ? CodeBlock.of("$L == 0 ? $L : $L", names.word("block"), nothing, load(line))
              : nothing;
      method.addStatement("$T $L = $L", arithmetic.type(), gathered(line), start);
    }
  }

  /// At the start of a block, or of a unit: which units lie within the row.
  void inside(MethodSpec.Builder method) {
    if (!totals.isEmpty()) {
      inside(method, arithmetic, names, lengths.of(stage.length()));
    }
  }

  static void inside(MethodSpec.Builder method, Arithmetic arithmetic, Names names, String length) {
    String inside = names.word("inside");
    CodeBlock first =
        CodeBlock.of("($L + $L) * $T.COUNT", names.word("block"), names.word("b"), Types.LANES);
    switch (arithmetic) {
      case VectorArithmetic _ ->
          method.addStatement(
              "final $T $L = $T.SPECIES.indexInRange($L, $L)",
              Types.FLOAT_MASK,
              inside,
              Types.VECTORS,
              first,
              length);
      case ScalarArithmetic(String lane, _) ->
          method.addStatement(
              "final boolean $L = $L + $L / Float.BYTES < $L", inside, first, lane, length);
    }
  }

  void gather(MethodSpec.Builder method, Line line) {
    String so = gathered(line);
    CodeBlock x = lines.totalled(line).code();
    String inside = names.word("inside");
    switch (arithmetic) {
      case VectorArithmetic _ -> {
        switch (operation(line)) {
          case SUM -> method.addStatement("$1L = $1L.add($2L, $3L)", so, x, inside);
          case NORM -> method.addStatement("$1L = $1L.add($2L.mul($2L), $3L)", so, x, inside);
          case MAX ->
              method.addStatement(
                  "$1L = $1L.lanewise($2T.MAX, $3L, $4L)", so, Types.OPERATORS, x, inside);
        }
      }
      case ScalarArithmetic _ -> {
        switch (operation(line)) {
          case SUM -> method.addStatement("$1L += $2L ? $3L : 0", so, inside, x);
          case NORM -> method.addStatement("$1L += $2L ? ($3L) * ($3L) : 0", so, inside, x);
          case MAX -> method.addStatement("$1L = $2L ? Math.max($1L, $3L) : $1L", so, inside, x);
        }
      }
    }
  }

  /// After the last block of a row, or of a part of it.
  ///
  /// @param comment writes what a line computes
  void end(MethodSpec.Builder method, BiConsumer<MethodSpec.Builder, Line> comment) {
    if (totals.isEmpty()) {
      return;
    }
    if (inParts()) {
      method.beginControlFlow(
          "if ($L + $L < $L)",
          names.word("block"),
          names.word("blocks"),
          lengths.blocks(stage.length()));
      totals.forEach(line -> store(method, line, gathered(line)));
      method.addStatement("continue").endControlFlow();
    }
    for (Line line : totals) {
      boolean vectors = arithmetic instanceof VectorArithmetic;
      Term total =
          Term.atom(vectors && operation(line) == ReduceOp.NORM ? "($L)" : "$L", reduced(line));
      boolean root = operation(line) == ReduceOp.NORM;
      CodeBlock value = (root ? arithmetic.unary(Expr.UnaryOp.SQRT, total) : total).code();
      method.addStatement("final $T $L = $L", arithmetic.type(), register(line), value);
      store(method, line, register(line));
    }
    for (Line line : lines.ends()) {
      comment.accept(method, line);
      method.addStatement(
          "final $T $L = $L",
          arithmetic.type(),
          register(line),
          lines.value(line, CodeBlock.of("")));
      if (line.stored()) {
        store(method, line, register(line));
      }
    }
  }

  /// What the lanes have gathered, together.
  private CodeBlock reduced(Line line) {
    return switch (arithmetic) {
      case VectorArithmetic _ ->
          CodeBlock.of(
              "($T) $T.$L.invokeExact($L)",
              Types.FLOAT_VECTOR,
              Types.LANE_TOTALS,
              operation(line) == ReduceOp.MAX ? "MAX" : "SUM",
              gathered(line));
      case ScalarArithmetic _ -> CodeBlock.of("$L", gathered(line));
    };
  }

  private CodeBlock load(Line line) {
    String work = names.word("work");
    return switch (arithmetic) {
      case VectorArithmetic vectors -> vectors.load(work, at(line));
      case ScalarArithmetic _ ->
          CodeBlock.of("$L.get($T.JAVA_FLOAT, $L)", work, Types.VALUE_LAYOUT, at(line));
    };
  }

  private void store(MethodSpec.Builder method, Line line, String register) {
    String work = names.word("work");
    switch (arithmetic) {
      case VectorArithmetic vectors ->
          method.addStatement("$L", vectors.store(register, work, at(line)));
      case ScalarArithmetic _ ->
          method.addStatement(
              "$L.set($T.JAVA_FLOAT, $L, $L)", work, Types.VALUE_LAYOUT, at(line), register);
    }
  }

  /// Whether a row may be gone through in several calls: products come in parts.
  private boolean inParts() {
    return !stage.families().isEmpty();
  }

  private CodeBlock at(Line line) {
    return CodeBlock.of(
        "$L + $L * $L",
        names.address(line.equation().now()),
        names.word("row"),
        lengths.row(Dim.ONE));
  }

  private static ReduceOp operation(Line line) {
    return ((Expr.Reduce) line.equation().value()).op();
  }

  private String register(Line line) {
    return names.local(line.equation().target());
  }

  private String gathered(Line line) {
    Symbol target = line.equation().target();
    return names.get("gathered " + target, target.plain() + "_so_far");
  }
}
