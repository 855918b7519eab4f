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
    String unit = names.word("unit");
    String row = names.word("row");
    method.addStatement(
        "final $T $L = $L.work()", Types.SEGMENT, names.word("work"), names.word("frame"));
    if (lines.readsPacked()) {
      method.addStatement(
          "final $T $L = $L.packed()", Types.SEGMENT, names.word("packed"), names.word("frame"));
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
    totals.start(method);
    method.beginControlFlow(
        "for (int $1L = 0; $1L < $2L; $1L++)", names.word("b"), names.word("blocks"));
    method.addStatement(
        "final long $L = ($L + $L) * (long) $T.BYTES",
        unit,
        names.word("block"),
        names.word("b"),
        Types.LANES);
    method.addStatement(
        "final long $L = $L * $L + $L", names.word("at"), row, lengths.row(stage.length()), unit);
    if (arithmetic instanceof ScalarArithmetic(String lane, _)) {
      method.beginControlFlow(
          "for (long $1L = 0; $1L < $2T.BYTES; $1L += Float.BYTES)", lane, Types.LANES);
    }
    totals.inside(method);
    loads(method, arithmetic, lines);
    compute(method, arithmetic, lines, stored, totals);
    if (arithmetic instanceof ScalarArithmetic) {
      method.endControlFlow();
    }
    method.endControlFlow();
    totals.end(method, this::comment);
    return method.endControlFlow().build();
  }

  private Map<Symbol, String> elementwiseAddresses(MethodSpec.Builder method, Lines lines) {
    Set<Expr.Value> all = new LinkedHashSet<>(lines.rowScalars());
    all.addAll(lines.loads());
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

  private CodeBlock within(Place place) {
    String at = names.word("at");
    if (place.slots() == 1) {
      return CodeBlock.of("$L", at);
    }
    return place.slot() == 0
        ? CodeBlock.of("$L * $L", place.slots(), at)
        : CodeBlock.of("$L * $L + $L * $T.BYTES", place.slots(), at, place.slot(), Types.LANES);
  }

  private void comment(MethodSpec.Builder method, Line line) {
    method.addComment(
        "$L", derived ? Comments.derived(line.equation()) : Comments.source(line.equation()));
  }

  private void compute(
      MethodSpec.Builder method,
      Arithmetic arithmetic,
      Lines lines,
      Map<Symbol, String> stored,
      RowTotals totals) {
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
        : CodeBlock.of("($L * $L + $L) * $T.BYTES", b, slots, slot, Types.LANES);
  }
}
