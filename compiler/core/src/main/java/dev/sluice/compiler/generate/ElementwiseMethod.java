package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Family;
import dev.sluice.compiler.ir.Schedule.Line;
import dev.sluice.compiler.ir.Schedule.Place;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/// The method of one [Tiles] stage that does its elementwise work, in one pass over rows and
/// blocks: on vectors, and on floats where there are none.
final class ElementwiseMethod {
  private final Context context;
  private final Schedule.Pass pass;
  private final Tiles stage;
  private final String name;
  private final boolean derived;
  private final Names names;
  private final Lengths lengths;

  /// @param derived whether comments show derived formulas rather than the user's equations
  ElementwiseMethod(
      Context context, Schedule.Pass pass, Tiles stage, String name, boolean derived) {
    this.context = context;
    this.pass = pass;
    this.stage = stage;
    this.name = name;
    this.derived = derived;
    this.names = context.names();
    this.lengths = context.lengths();
  }

  /// What [#onVectors] and [#onFloats] implement.
  MethodSpec declaration() {
    return signature().addModifiers(Modifier.ABSTRACT).addException(Throwable.class).build();
  }

  MethodSpec onVectors() {
    return method(
        new VectorArithmetic(context.precise()),
        signature().addAnnotation(Override.class).addException(Throwable.class));
  }

  MethodSpec onFloats() {
    return method(
        new ScalarArithmetic(names.word("lane"), context.precise()),
        signature().addAnnotation(Override.class));
  }

  private MethodSpec.Builder signature() {
    return MethodSpec.methodBuilder(name + "Lines")
        .addParameter(Types.FRAME, names.word("frame"))
        .addParameter(TypeName.INT, names.word("step"))
        .addParameter(TypeName.INT, names.word("first"))
        .addParameter(TypeName.INT, names.word("some"))
        .addParameter(TypeName.INT, names.word("block"))
        .addParameter(TypeName.INT, names.word("blocks"))
        .addParameter(TypeName.LONG, names.word("scratch"))
        .addParameter(TypeName.LONG, names.word("scratch_row"));
  }

  private MethodSpec method(Arithmetic arithmetic, MethodSpec.Builder method) {
    Lines lines = new Lines(context, arithmetic, pass, stage);
    RowTotals totals = new RowTotals(context, arithmetic, stage, lines);
    MatrixTotals matrixTotals = new MatrixTotals(context, arithmetic, stage, lines);
    String unit = names.word("unit");
    String row = names.word("row");
    method.addStatement(
        "final $T $L = $L.work()", Types.SEGMENT, names.word("work"), names.word("frame"));
    if (lines.readsPacked()) {
      method.addStatement(
          "final $T $L = $L.packed().vectors()",
          Types.SEGMENT,
          names.word("packed"),
          names.word("frame"));
    }
    Map<Symbol, String> stored = elementwiseAddresses(method, lines);
    lines
        .constants()
        .forEach(
            (register, code) ->
                method.addStatement("final $T $L = $L", arithmetic.type(), register, code));
    method.beginControlFlow(
        "for (int $1L = $2L; $1L < $2L + $3L; $1L++)",
        row,
        names.word("first"),
        names.word("some"));
    if (lines.written().stream().anyMatch(Line::fromFamily)) {
      method.addStatement(
          "final long $L = $L + ($L - $L) * $L",
          names.word("sums"),
          names.word("scratch"),
          row,
          names.word("first"),
          names.word("scratch_row"));
    }
    for (Expr.Value scalar : lines.rowScalars()) {
      method.addStatement(
          "final $T $L = $L",
          arithmetic.type(),
          names.local(scalar),
          arithmetic.spread(
              CodeBlock.of(
                  "$L.get($T.JAVA_FLOAT, $L + $L * $L)",
                  names.word("work"),
                  Types.VALUE_LAYOUT,
                  names.address(scalar),
                  row,
                  lengths.row(Dim.ONE))));
    }
    if (stage.isMatrix()) {
      startMatrixRow(method, arithmetic, lines, matrixTotals);
    }
    totals.start(method);
    method.beginControlFlow(
        "for (int $1L = 0; $1L < $2L; $1L++)", names.word("b"), names.word("blocks"));
    method.addStatement(
        "final long $L = ($L + $L) * (long) $T.BYTES",
        unit,
        names.word("block"),
        names.word("b"),
        Types.LANES);
    if (stage.isMatrix()) {
      method.addStatement(
          "final long $L = $L + $L", names.word("at"), names.word("matrix_row"), unit);
      if (!lines.rows().isEmpty() || matrixTotals.ofColumns()) {
        method.addStatement(
            "final long $L = $L * $L + $L",
            names.word("along"),
            row,
            lengths.row(stage.length()),
            unit);
      }
    } else {
      method.addStatement(
          "final long $L = $L * $L + $L", names.word("at"), row, lengths.row(stage.length()), unit);
    }
    if (readsSlots(lines)) {
      method.addStatement(
          "final long $L = $T.slotBytes($L, $L)",
          names.word("slot"),
          Types.LANES,
          lengths.of(stage.length()),
          unit);
    }
    if (arithmetic instanceof ScalarArithmetic(String lane, _)) {
      method.beginControlFlow(
          "for (long $1L = 0; $1L < $2T.BYTES; $1L += Float.BYTES)", lane, Types.LANES);
    }
    totals.inside(method);
    matrixTotals.inside(method);
    loads(method, arithmetic, lines);
    compute(method, arithmetic, lines, stored, totals, matrixTotals);
    if (arithmetic instanceof ScalarArithmetic) {
      method.endControlFlow();
    }
    method.endControlFlow();
    totals.end(method, this::comment);
    if (stage.isMatrix()) {
      matrixTotals.end(method);
      method.endControlFlow();
    }
    return method.endControlFlow().build();
  }

  /// The rows of a matrix, one after another; what is the same for all of one.
  private void startMatrixRow(
      MethodSpec.Builder method, Arithmetic arithmetic, Lines lines, MatrixTotals totals) {
    String i = names.word("i");
    String rows = lengths.of(((Shape.Matrix) stage.shape()).rows());
    method.beginControlFlow("for (int $1L = 0; $1L < $2L; $1L++)", i, rows);
    method.addStatement(
        "final long $L = ((long) $L * $L + $L) * $L",
        names.word("matrix_row"),
        names.word("row"),
        rows,
        i,
        lengths.row(stage.length()));
    for (Expr.Spread column : lines.columns()) {
      CodeBlock at =
          column.x() instanceof Expr.Value value
              ? CodeBlock.of(
                  "$L, $L + $L * $L + (long) $L * Float.BYTES",
                  Types.VALUE_LAYOUT_FLOAT,
                  names.address(value),
                  names.word("row"),
                  lengths.row(value.shape().side()),
                  i)
              : CodeBlock.of(
                  "$L, $L + (long) $L * Float.BYTES",
                  Types.VALUE_LAYOUT_FLOAT,
                  lines.packedField(column),
                  i);
      method.addStatement(
          "final $T $L = $L",
          arithmetic.type(),
          lines.register(column),
          arithmetic.spread(CodeBlock.of("$L.get($L)", segment(column), at)));
    }
    totals.start(method);
  }

  /// Where the vector lies that is spread.
  private String segment(Expr.Spread spread) {
    return names.word(spread.x() instanceof Expr.Value ? "work" : "packed");
  }

  private Map<Symbol, String> elementwiseAddresses(MethodSpec.Builder method, Lines lines) {
    Set<Expr.Value> all = new LinkedHashSet<>(lines.rowScalars());
    all.addAll(lines.loads());
    Stream.concat(lines.columns().stream(), lines.rows().stream())
        .map(Expr.Spread::x)
        .filter(Expr.Value.class::isInstance)
        .forEach(x -> all.add((Expr.Value) x));
    for (Expr.Value value : all) {
      method.addStatement(
          "final long $L = $L", names.address(value), StageMethods.rowOf(context, pass, value));
    }
    Map<Symbol, String> stored = new HashMap<>();
    for (Line line : Stream.concat(lines.written().stream(), lines.ends().stream()).toList()) {
      if (line.stored()) {
        Expr.Value now = line.equation().now();
        method.addStatement(
            "final long $L = $L", names.address(now), StageMethods.rowOf(context, pass, now));
        stored.put(now.symbol(), names.address(now));
      }
    }
    return stored;
  }

  private void loads(MethodSpec.Builder method, Arithmetic arithmetic, Lines lines) {
    loadRows(method, arithmetic, lines);
    lines
        .vectors()
        .forEach(
            (register, code) ->
                method.addStatement("final $T $L = $L", arithmetic.type(), register, code));
    for (Expr.Value value : lines.loads()) {
      Place place = pass.place(value.symbol());
      method.addStatement(
          "final $T $L = $L",
          arithmetic.type(),
          names.local(value),
          arithmetic.load(
              names.word("work"), CodeBlock.of("$L + $L", names.address(value), within(place))));
    }
  }

  /// Vectors along the rows of matrices.
  private void loadRows(MethodSpec.Builder method, Arithmetic arithmetic, Lines lines) {
    for (Expr.Spread spread : lines.rows()) {
      CodeBlock at =
          spread.x() instanceof Expr.Value value
              ? CodeBlock.of("$L + $L", names.address(value), names.word("along"))
              : CodeBlock.of("$L + $L", lines.packedField(spread), names.word("unit"));
      method.addStatement(
          "final $T $L = $L",
          arithmetic.type(),
          lines.register(spread),
          arithmetic.load(segment(spread), at));
    }
  }

  private CodeBlock within(Place place) {
    String at = names.word("at");
    if (place.slots() == 1) {
      return CodeBlock.of("$L", at);
    }
    return place.slot() == 0
        ? CodeBlock.of("$L * $L", place.slots(), at)
        : CodeBlock.of(
            "$L * $L + $L", place.slots(), at, ProductCode.times(place.slot(), names.word("slot")));
  }

  private void comment(MethodSpec.Builder method, Line line) {
    method.addComment(
        "$L", derived ? context.comment(line.equation()) : Comments.source(line.equation()));
  }

  private void compute(
      MethodSpec.Builder method,
      Arithmetic arithmetic,
      Lines lines,
      Map<Symbol, String> stored,
      RowTotals totals,
      MatrixTotals matrixTotals) {
    Origin shown = Origin.NONE;
    for (Line line : lines.written()) {
      Symbol target = line.equation().target();
      Origin origin = line.equation().origin();
      if (derived || !origin.equals(shown) || origin.equals(Origin.NONE)) {
        comment(method, line);
        shown = origin;
      }
      if (line.isTotal()) {
        totals.gather(method, line);
        continue;
      }
      if (line.isMatrixTotal()) {
        matrixTotals.gather(method, line);
        continue;
      }
      CodeBlock slot = line.fromFamily() ? scratchSlot(arithmetic, target) : CodeBlock.of("");
      method.addStatement(
          "final $T $L = $L", arithmetic.type(), names.local(target), lines.value(line, slot));
      if (line.stored()) {
        method.addStatement(
            "$L",
            arithmetic.store(
                names.local(target),
                names.word("work"),
                CodeBlock.of("$L + $L", stored.get(target), names.word("at"))));
      }
    }
  }

  /// Whether a line reads what lies behind the first slot of a block.
  private boolean readsSlots(Lines lines) {
    return lines.loads().stream().anyMatch(value -> pass.place(value.symbol()).slot() > 0)
        || lines.written().stream()
            .filter(Line::fromFamily)
            .anyMatch(line -> slotOf(line.equation().target()) > 0);
  }

  private int slotOf(Symbol target) {
    return StageMethods.scratchFamilies(stage).stream()
        .mapToInt(family -> family.targets().indexOf(target))
        .max()
        .orElse(0);
  }

  private CodeBlock scratchSlot(Arithmetic arithmetic, Symbol target) {
    int before = 0;
    for (Family family : StageMethods.scratchFamilies(stage)) {
      int slot = family.targets().indexOf(target);
      if (slot >= 0) {
        // A family's slots of all blocks lie together: those of the families before take chunk
        // blocks.
        CodeBlock familyStart =
            before == 0
                ? CodeBlock.of("")
                : CodeBlock.of(
                    " + $L / $L * $L",
                    names.word("scratch_row"),
                    StageMethods.scratchSlots(stage),
                    before);
        return arithmetic.load(
            names.word("work"),
            CodeBlock.of(
                "$L$L + $L", names.word("sums"), familyStart, slotOffset(family.slots(), slot)));
      }
      before += family.slots();
    }
    throw new IllegalStateException("no family sums " + target);
  }

  /// Bytes from a row's start to a slot of the current block.
  private CodeBlock slotOffset(int slots, int slot) {
    String b = names.word("b");
    if (slots == 1) {
      return CodeBlock.of("$L * $T.BYTES", b, Types.LANES);
    }
    return slot == 0
        ? CodeBlock.of("$L * $L * $T.BYTES", b, slots, Types.LANES)
        : CodeBlock.of(
            "$L * $L * $T.BYTES + $L",
            b,
            slots,
            Types.LANES,
            ProductCode.times(slot, names.word("slot")));
  }
}
