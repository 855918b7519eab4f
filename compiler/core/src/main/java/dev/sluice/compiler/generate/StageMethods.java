package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Family;
import dev.sluice.compiler.ir.Schedule.Place;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
  private final boolean inStep;
  private final Names names;
  private final Lengths lengths;

  /// @param derived whether comments show derived formulas rather than the user's equations
  /// @param inStep whether members of a team may share out the units of a row
  StageMethods(
      Context context,
      Schedule.Pass pass,
      Tiles stage,
      String name,
      boolean derived,
      boolean inStep) {
    this.inStep = inStep;
    this.context = context;
    this.pass = pass;
    this.stage = stage;
    this.name = name;
    this.derived = derived;
    this.names = context.names();
    this.lengths = context.lengths();
  }

  /// @param elementwise where the method goes that the driver calls
  List<MethodSpec> methods(List<ElementwiseMethod> elementwise) {
    List<MethodSpec> methods = new ArrayList<>();
    methods.add(driver());
    if (!stage.lines().isEmpty()) {
      ElementwiseMethod lines = new ElementwiseMethod(context, pass, stage, name, derived);
      elementwise.add(lines);
      methods.add(lines.declaration());
    }
    return methods;
  }

  // ---- products

  static List<Family> scratchFamilies(Tiles stage) {
    return stage.families().stream().filter(f -> f.into().isEmpty()).toList();
  }

  /// Slots of all families that go through scratch.
  static int scratchSlots(Tiles stage) {
    return stage.families().stream().filter(f -> f.into().isEmpty()).mapToInt(Family::slots).sum();
  }

  /// Blocks of units that products and elementwise work go through together when there are many
  /// rows: whole panels of every family.
  static int chunk(Tiles stage) {
    return stage.families().stream()
        .mapToInt(f -> Context.blocksPerPanel(f.slots()))
        .max()
        .orElse(1);
  }

  /// Left operands of a stage's products, those of sums that may join it among them.
  static Set<Expr.Value> operands(Schedule.Pass pass, Tiles stage) {
    Set<Expr.Value> values = new LinkedHashSet<>();
    for (Family family : stage.families()) {
      family.operands().forEach(o -> values.add(o.value()));
      joined(pass, family).ifPresent(h -> h.operands().forEach(o -> values.add(o.value())));
    }
    return values;
  }

  private MethodSpec driver() {
    String frame = names.word("frame");
    String step = names.word("step");
    String from = names.word("from");
    String to = names.word("to");
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE)
            .addException(Throwable.class)
            .addParameter(Types.FRAME, frame)
            .addParameter(TypeName.INT, step)
            .addParameter(TypeName.INT, from)
            .addParameter(TypeName.INT, to);
    if (stage.families().isEmpty()) {
      return linesAlone(method).build();
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
    if (stage.lines().isEmpty()) {
      method.addStatement("final int $L = $L", chunk, all);
    } else {
      method.addStatement(
          "final int $L = $L - $L <= FEW_ROWS ? $T.pad($L) / $T.COUNT : $L",
          chunk,
          to,
          from,
          Types.LANES,
          lengths.of(stage.length()),
          Types.LANES,
          chunk(stage));
    }
    if (!scratchFamilies(stage).isEmpty()) {
      method.addStatement(
          "final long $L = $L.base($L)", names.word("scratch"), frame, context.scratchConstant());
      method.addStatement(
          "final long $L = (long) $L * $L * $T.BYTES",
          names.word("scratch_row"),
          chunk,
          scratchSlots(stage),
          Types.LANES);
    }
    lefts(method);
    String end = endBlock(method);
    method.beginControlFlow(
        "for (int $1L = $2L; $1L < $3L; $1L += $4T.ROWS)", row, from, to, Types.PRODUCTS);
    method.addStatement("final int $L = Math.min($T.ROWS, $L - $L)", some, Types.PRODUCTS, to, row);
    loads(method);
    method.beginControlFlow(
        "for (int $1L = $2L; $1L < $3L; $1L += $4L)", block, firstBlock(), end, chunk);
    method.addStatement("final int $L = Math.min($L, $L - $L)", blocks, chunk, end, block);
    int slotsBefore = 0;
    for (Family family : stage.families()) {
      products(method, family, slotsBefore);
      slotsBefore += family.into().isEmpty() ? family.slots() : 0;
    }
    if (!stage.lines().isEmpty()) {
      String scratch = scratchFamilies(stage).isEmpty() ? "0" : names.word("scratch");
      String scratchRow = scratchFamilies(stage).isEmpty() ? "0" : names.word("scratch_row");
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

  private String left(Expr.Value operand) {
    return names.get("left " + operand, names.address(operand) + "_left");
  }

  /// Where each operand is laid out for the products.
  private void lefts(MethodSpec.Builder method) {
    Expr.Value before = null;
    for (Expr.Value operand : operands(pass, stage)) {
      if (before == null) {
        method.addStatement(
            "final long $L = $L.base($L)",
            left(operand),
            names.word("frame"),
            context.leftConstant());
      } else {
        method.addStatement(
            "final long $L = $L + (long) $T.leftFloats($L) * Float.BYTES",
            left(operand),
            left(before),
            Types.PRODUCTS,
            lengths.of(Shapes.length(before.shape())));
      }
      before = operand;
    }
  }

  /// Lays the operands of some rows out.
  private void loads(MethodSpec.Builder method) {
    Set<Expr.Value> here = new LinkedHashSet<>();
    stage.families().forEach(f -> f.operands().forEach(o -> here.add(o.value())));
    here.forEach(operand -> method.addStatement(load(operand)));
    Set<Expr.Value> joining = new LinkedHashSet<>(operands(pass, stage));
    joining.removeAll(here);
    if (!joining.isEmpty()) {
      method.beginControlFlow("if ($L)", names.word("joined"));
      joining.forEach(operand -> method.addStatement(load(operand)));
      method.endControlFlow();
    }
  }

  private CodeBlock load(Expr.Value operand) {
    Dim length = Shapes.length(operand.shape());
    return CodeBlock.of(
        "$T.load($L,$W$L + $L * $L,$W$L,$W$L,$W$L,$W$L)",
        Types.PRODUCTS,
        names.word("work"),
        names.address(operand),
        names.word("row"),
        lengths.row(length),
        lengths.row(length),
        lengths.of(length),
        names.word("some"),
        left(operand));
  }

  private MethodSpec.Builder linesAlone(MethodSpec.Builder method) {
    String block = names.word("block");
    method.addStatement("final int $L = $L", block, firstBlock());
    return method.addStatement(
        "$1LLines($2L, $3L, $4L, $5L - $4L, $6L, $7L - $6L, 0, 0)",
        name,
        names.word("frame"),
        names.word("step"),
        names.word("from"),
        names.word("to"),
        block,
        endBlock(method));
  }

  /// First block of units of a member of a team.
  private CodeBlock firstBlock() {
    return inStep
        ? CodeBlock.of(
            "$L.firstBlock($L, $L)",
            names.word("frame"),
            lengths.blocks(stage.length()),
            chunk(stage))
        : CodeBlock.of("0");
  }

  private String endBlock(MethodSpec.Builder method) {
    String all = lengths.blocks(stage.length());
    if (!inStep) {
      return all;
    }
    String end = names.word("end");
    method.addStatement(
        "final int $L = $L.endBlock($L, $L)", end, names.word("frame"), all, chunk(stage));
    return end;
  }

  /// Where the rows of operands, hoisted sums and results start.
  private void addresses(MethodSpec.Builder method) {
    Set<Integer> buffers = new LinkedHashSet<>();
    for (Family family : stage.families()) {
      if (family.start() instanceof Schedule.FromHoisted(int buffer)) {
        buffers.add(buffer);
      }
      family.into().ifPresent(buffers::add);
    }
    if (stage.families().stream().anyMatch(f -> joined(pass, f).isPresent())) {
      method.addStatement(
          "final boolean $L = $L.batch() >= JOIN_ROWS", names.word("joined"), names.word("frame"));
    }
    for (Expr.Value value : operands(pass, stage)) {
      method.addStatement("final long $L = $L", names.address(value), rowOf(context, pass, value));
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

  /// Byte offset of the first row of a value at its step.
  static CodeBlock rowOf(Context context, Schedule.Pass pass, Expr.Value value) {
    Names names = context.names();
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
    for (Symbol target : family.targets()) {
      method.addComment("$L", productComment(target));
    }
    String row = names.word("row");
    CodeBlock unit = CodeBlock.of("$L * $T.BYTES", names.word("block"), Types.LANES);
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
      into =
          slotsBefore == 0
              ? CodeBlock.of("$L", names.word("scratch"))
              : CodeBlock.of(
                  "$L + (long) $L * $L * $T.BYTES",
                  names.word("scratch"),
                  names.word("chunk"),
                  slotsBefore,
                  Types.LANES);
    }
    String target = names.get("sums of family " + stage.families().indexOf(family), "sums");
    method.addStatement("final long $L = $L", target, into);
    CodeBlock again = CodeBlock.of("$L,$W$L,$W$L", names.word("work"), target, intoRow);
    CodeBlock start = start(family, unit);
    Optional<Family> hoisted = joined(pass, family);
    if (hoisted.isPresent()) {
      start = joinedStart(method, family, hoisted.get(), unit, target, intoRow);
    }
    for (Schedule.Operand operand : family.operands()) {
      method.addStatement(product(operand, slots, unit, start, target, intoRow));
      start = again;
    }
  }

  /// The hoisted sums that a family continues, if they can join it.
  private static Optional<Family> joined(Schedule.Pass pass, Family family) {
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
    String start = names.get("start of " + target, "start");
    String startRow = names.get("start_row of " + target, "start_row");
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
    return CodeBlock.of(
        "$T.multiply($L,$W$L,$W$L,$W$L,$W$L + (long) $L * $L,$W$L,$W$L,$W$L,$W$L,$W$L)",
        Types.PRODUCTS,
        names.word("work"),
        left(operand.value()),
        lengths.of(inner),
        names.word("packed"),
        context.packedField(operand.panel()),
        lengths.of(inner),
        times(slots, unit),
        start,
        target,
        intoRow,
        names.word("some"),
        times(slots, CodeBlock.of("$L", names.word("blocks"))));
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
}
