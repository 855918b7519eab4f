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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/// The methods of one [Tiles] stage: products tile by tile, then one pass of elementwise work over
/// what they gave.
final class StageMethods {
  private final Context context;
  private final Schedule.Pass pass;
  private final Tiles stage;
  private final String name;
  private final boolean derived;
  private final Names names;
  private final Lengths lengths;

  /// @param derived whether comments show derived formulas rather than the user's equations
  StageMethods(Context context, Schedule.Pass pass, Tiles stage, String name, boolean derived) {
    this.context = context;
    this.pass = pass;
    this.stage = stage;
    this.name = name;
    this.derived = derived;
    this.names = context.names();
    this.lengths = context.lengths();
  }

  List<MethodSpec> methods() {
    List<MethodSpec> methods = new ArrayList<>();
    methods.add(driver());
    if (!stage.lines().isEmpty()) {
      methods.add(elementwise());
    }
    return methods;
  }

  // ---- products

  private List<Family> scratchFamilies() {
    return stage.families().stream().filter(f -> f.into().isEmpty()).toList();
  }

  /// Slots of all families that go through scratch.
  static int scratchSlots(Tiles stage) {
    return stage.families().stream().filter(f -> f.into().isEmpty()).mapToInt(Family::slots).sum();
  }

  /// Blocks of units that products and elementwise work go through together when there are many
  /// rows.
  static int chunk(Tiles stage) {
    return stage.families().stream()
        .mapToInt(f -> Context.blocksPerTile(f.slots()))
        .max()
        .orElse(1);
  }

  private MethodSpec driver() {
    String frame = names.word("frame");
    String step = names.word("step");
    String rows = names.word("rows");
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE)
            .addException(Throwable.class)
            .addParameter(Types.FRAME, frame)
            .addParameter(TypeName.INT, step)
            .addParameter(TypeName.INT, rows);
    if (stage.families().isEmpty()) {
      return method
          .addStatement(
              "$LLines($L, $L, 0, $L, 0, $L, 0, 0)",
              name,
              frame,
              step,
              rows,
              lengths.blocks(stage.length()))
          .build();
    }
    method.addStatement("final $T $L = $L.work()", Types.SEGMENT, names.word("work"), frame);
    method.addStatement("final $T $L = $L.packed()", Types.SEGMENT, names.word("packed"), frame);
    addresses(method);
    String chunk = names.word("chunk");
    String block = names.word("block");
    String blocks = names.word("blocks");
    String row = names.word("row");
    String some = names.word("some");
    String all = lengths.blocks(stage.length());
    method.addStatement("final int $L = $L <= FEW_ROWS ? $L : $L", chunk, rows, all, chunk(stage));
    if (!scratchFamilies().isEmpty()) {
      method.addStatement(
          "final long $L = $L.base($L)", names.word("scratch"), frame, context.scratchConstant());
      method.addStatement(
          "final long $L = (long) $L * $L * $T.BYTES",
          names.word("scratch_row"),
          chunk,
          scratchSlots(stage),
          Types.LANES);
    }
    method.beginControlFlow("for (int $1L = 0; $1L < $2L; $1L += $3L)", block, all, chunk);
    method.addStatement("final int $L = Math.min($L, $L - $L)", blocks, chunk, all, block);
    method.beginControlFlow("for (int $1L = 0; $1L < $2L; $1L += TILE_ROWS)", row, rows);
    method.addStatement("final int $L = Math.min(TILE_ROWS, $L - $L)", some, rows, row);
    int slotsBefore = 0;
    for (Family family : stage.families()) {
      products(method, family, slotsBefore);
      slotsBefore += family.into().isEmpty() ? family.slots() : 0;
    }
    if (!stage.lines().isEmpty()) {
      String scratch = scratchFamilies().isEmpty() ? "0" : names.word("scratch");
      String scratchRow = scratchFamilies().isEmpty() ? "0" : names.word("scratch_row");
      method.addStatement(
          "$LLines($L, $L, $L, $L, $L, $L, $L, $L)",
          name,
          frame,
          step,
          row,
          some,
          block,
          blocks,
          scratch,
          scratchRow);
    }
    return method.endControlFlow().endControlFlow().build();
  }

  /// Where the rows of operands, hoisted sums and results start.
  private void addresses(MethodSpec.Builder method) {
    Set<Expr.Value> values = new LinkedHashSet<>();
    Set<Integer> buffers = new LinkedHashSet<>();
    for (Family family : stage.families()) {
      family.operands().forEach(o -> values.add(o.value()));
      if (family.start() instanceof Schedule.FromHoisted(int buffer)) {
        buffers.add(buffer);
      }
      family.into().ifPresent(buffers::add);
      joined(family).ifPresent(h -> h.operands().forEach(o -> values.add(o.value())));
    }
    if (stage.families().stream().anyMatch(f -> joined(f).isPresent())) {
      method.addStatement(
          "final boolean $L = $L.batch() >= JOIN_ROWS", names.word("joined"), names.word("frame"));
    }
    for (Expr.Value value : values) {
      method.addStatement("final long $L = $L", names.address(value), rowOf(value));
    }
    for (int buffer : buffers) {
      method.addStatement(
          "final long $L = $L.row($L, $L)",
          bufferAddress(buffer),
          names.word("frame"),
          context.bufferConstant(buffer),
          names.word("step"));
    }
  }

  private String bufferAddress(int buffer) {
    return names.get("buffer address " + buffer, context.buffer(buffer).name() + "_rows");
  }

  private CodeBlock rowOf(Expr.Value value) {
    Place place = pass.place(value.symbol());
    String step = names.word("step");
    return CodeBlock.of(
        "$L.row($L, $L)",
        names.word("frame"),
        context.bufferConstant(place.buffer()),
        value.delay() == 0
            ? step
            : value.delay() > 0 ? step + " - " + value.delay() : step + " + " + -value.delay());
  }

  private void products(MethodSpec.Builder method, Family family, int slotsBefore) {
    int slots = family.slots();
    String tile = names.word("tile");
    int width = Context.blocksPerTile(slots);
    for (Symbol target : family.targets()) {
      method.addComment("$L", productComment(target));
    }
    method.beginControlFlow(
        "for (int $1L = 0; $1L < $2L; $1L += $3L)", tile, names.word("blocks"), width);
    String row = names.word("row");
    CodeBlock unit = CodeBlock.of("($L + $L) * $T.BYTES", names.word("block"), tile, Types.LANES);
    CodeBlock into;
    CodeBlock intoRow;
    if (family.into().isPresent()) {
      intoRow = times(slots, lengths.row(stage.length()));
      into =
          CodeBlock.of(
              "$L + $L * $L + $L",
              bufferAddress(family.into().get()),
              row,
              intoRow,
              times(slots, unit));
    } else {
      intoRow = CodeBlock.of("$L", names.word("scratch_row"));
      CodeBlock inRow = times(slots, CodeBlock.of("$L * $T.BYTES", tile, Types.LANES));
      into =
          slotsBefore == 0
              ? CodeBlock.of("$L + $L", names.word("scratch"), inRow)
              : CodeBlock.of(
                  "$L + (long) $L * $L * $T.BYTES + $L",
                  names.word("scratch"),
                  names.word("chunk"),
                  slotsBefore,
                  Types.LANES,
                  inRow);
    }
    String target = names.word("sums");
    method.addStatement("final long $L = $L", target, into);
    CodeBlock again = CodeBlock.of("$L,$W$L,$W$L", names.word("work"), target, intoRow);
    CodeBlock start = start(family, unit);
    Optional<Family> hoisted = joined(family);
    if (hoisted.isPresent()) {
      start = joinedStart(method, family, hoisted.get(), unit, target, intoRow);
    }
    for (Schedule.Operand operand : family.operands()) {
      method.addStatement(product(operand, slots, unit, start, target, intoRow));
      start = again;
    }
    method.endControlFlow();
  }

  /// The hoisted sums that a family continues, if they can join it.
  private Optional<Family> joined(Family family) {
    return family.start() instanceof Schedule.FromHoisted(int buffer)
        ? Optional.ofNullable(pass.joinable().get(buffer))
        : Optional.empty();
  }

  /// Few sequences continue what was summed before the loop; many sum it here first.
  private CodeBlock joinedStart(
      MethodSpec.Builder method,
      Family family,
      Family hoisted,
      CodeBlock unit,
      String target,
      CodeBlock intoRow) {
    int slots = family.slots();
    String start = names.word("start");
    String startRow = names.word("start_row");
    CodeBlock row = times(slots, lengths.row(stage.length()));
    int buffer = ((Schedule.FromHoisted) family.start()).buffer();
    method.addStatement(
        "long $L = $L + $L * $L + $L",
        start,
        bufferAddress(buffer),
        names.word("row"),
        row,
        times(slots, unit));
    method.addStatement("long $L = $L", startRow, row);
    method.beginControlFlow("if ($L)", names.word("joined"));
    CodeBlock first = start(hoisted, unit);
    for (Schedule.Operand operand : hoisted.operands()) {
      method.addStatement(product(operand, slots, unit, first, target, intoRow));
      first = CodeBlock.of("$L,$W$L,$W$L", names.word("work"), target, intoRow);
    }
    method.addStatement("$L = $L", start, target);
    method.addStatement("$L = $L", startRow, intoRow);
    method.endControlFlow();
    return CodeBlock.of("$L,$W$L,$W$L", names.word("work"), start, startRow);
  }

  private CodeBlock product(
      Schedule.Operand operand,
      int slots,
      CodeBlock unit,
      CodeBlock start,
      String target,
      CodeBlock intoRow) {
    Dim inner = WeightView.of(panel(operand).weights().getFirst()).inner();
    int width = Context.blocksPerTile(slots);
    return CodeBlock.of(
        "$T.multiply($L,$W$L + $L * $L,$W$L,$W$L,$W$L,$W$L + (long) $L * $L,$W$L,$W$L,$W$L,$W$L,$W$L)",
        Types.PRODUCTS,
        names.word("work"),
        names.address(operand.value()),
        names.word("row"),
        lengths.row(inner),
        lengths.row(inner),
        lengths.of(inner),
        names.word("packed"),
        context.packedField(operand.panel()),
        lengths.of(inner),
        times(slots, unit),
        start,
        target,
        intoRow,
        names.word("some"),
        times(
            slots,
            CodeBlock.of(
                "Math.min($L, $L - $L)", width, names.word("blocks"), names.word("tile"))));
  }

  private String productComment(Symbol target) {
    return Stream.of(
            context.schedule().cell().equations(), context.schedule().adjoint().equations())
        .flatMap(List::stream)
        .filter(e -> e.target().equals(target))
        .findFirst()
        .map(Comments::derived)
        .orElseGet(() -> Comments.safe(target.display() + ": the part without recurrence"));
  }

  private Schedule.Panel panel(Schedule.Operand operand) {
    return (Schedule.Panel) context.schedule().packed().get(operand.panel());
  }

  private static CodeBlock times(int factor, Object what) {
    if (factor == 1) {
      return CodeBlock.of("$L", what);
    }
    boolean simple = what.toString().matches("\\w+");
    return CodeBlock.of(simple ? "$L * $L" : "$L * ($L)", factor, what);
  }

  /// The three arguments that say what the sums start from.
  private CodeBlock start(Family family, CodeBlock unit) {
    int slots = family.slots();
    return switch (family.start()) {
      case Schedule.FromZero() -> CodeBlock.of("null,$W0,$W0");
      case Schedule.FromBias(int bias) ->
          CodeBlock.of(
              "$L,$W$L + $L,$W0",
              names.word("packed"),
              context.packedField(bias),
              times(slots, unit));
      case Schedule.FromHoisted(int buffer) -> {
        CodeBlock row = times(slots, lengths.row(stage.length()));
        yield CodeBlock.of(
            "$L,$W$L + $L * $L + $L,$W$L",
            names.word("work"),
            bufferAddress(buffer),
            names.word("row"),
            row,
            times(slots, unit),
            row);
      }
    };
  }

  // ---- elementwise

  private MethodSpec elementwise() {
    Lines lines = new Lines(context, pass, stage);
    String unit = names.word("unit");
    String row = names.word("row");
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name + "Lines")
            .addModifiers(Modifier.PRIVATE)
            .addException(Throwable.class)
            .addParameter(Types.FRAME, names.word("frame"))
            .addParameter(TypeName.INT, names.word("step"))
            .addParameter(TypeName.INT, names.word("first"))
            .addParameter(TypeName.INT, names.word("some"))
            .addParameter(TypeName.INT, names.word("block"))
            .addParameter(TypeName.INT, names.word("blocks"))
            .addParameter(TypeName.LONG, names.word("scratch"))
            .addParameter(TypeName.LONG, names.word("scratch_row"));
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
                method.addStatement("final $T $L = $L", Types.FLOAT_VECTOR, register, code));
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
          Types.FLOAT_VECTOR,
          names.local(scalar),
          Lines.spread(
              CodeBlock.of(
                  "$L.get($T.JAVA_FLOAT, $L + $L * $L)",
                  names.word("work"),
                  Types.VALUE_LAYOUT,
                  names.address(scalar),
                  row,
                  lengths.row(Dim.ONE))));
    }
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
    loads(method, lines);
    compute(method, lines, stored);
    return method.endControlFlow().endControlFlow().build();
  }

  private Map<Symbol, String> elementwiseAddresses(MethodSpec.Builder method, Lines lines) {
    Set<Expr.Value> all = new LinkedHashSet<>(lines.rowScalars());
    all.addAll(lines.loads());
    for (Expr.Value value : all) {
      method.addStatement("final long $L = $L", names.address(value), rowOf(value));
    }
    Map<Symbol, String> stored = new HashMap<>();
    for (Line line : lines.written()) {
      if (line.stored()) {
        Expr.Value now = line.equation().now();
        method.addStatement("final long $L = $L", names.address(now), rowOf(now));
        stored.put(now.symbol(), names.address(now));
      }
    }
    return stored;
  }

  private void loads(MethodSpec.Builder method, Lines lines) {
    lines
        .vectors()
        .forEach(
            (register, code) ->
                method.addStatement("final $T $L = $L", Types.FLOAT_VECTOR, register, code));
    for (Expr.Value value : lines.loads()) {
      Place place = pass.place(value.symbol());
      method.addStatement(
          "final $T $L = $L",
          Types.FLOAT_VECTOR,
          names.local(value),
          Lines.load(
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

  private void compute(MethodSpec.Builder method, Lines lines, Map<Symbol, String> stored) {
    Origin shown = Origin.NONE;
    for (Line line : lines.written()) {
      Symbol target = line.equation().target();
      Origin origin = line.equation().origin();
      if (derived) {
        method.addComment("$L", Comments.derived(line.equation()));
      } else if (!origin.equals(shown) || origin.equals(Origin.NONE)) {
        method.addComment("$L", Comments.source(line.equation()));
        shown = origin;
      }
      CodeBlock slot = line.fromFamily() ? scratchSlot(target) : CodeBlock.of("");
      method.addStatement(
          "final $T $L = $L", Types.FLOAT_VECTOR, names.local(target), lines.value(line, slot));
      if (line.stored()) {
        method.addStatement(
            "$L",
            Lines.store(
                names.local(target),
                names.word("work"),
                CodeBlock.of("$L + $L", stored.get(target), names.word("at"))));
      }
    }
  }

  private CodeBlock scratchSlot(Symbol target) {
    int before = 0;
    for (Family family : scratchFamilies()) {
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
        return Lines.load(
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
