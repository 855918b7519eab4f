package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Family;
import dev.sluice.compiler.ir.Schedule.Place;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
  private final ProductCode products;

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
    this.products = new ProductCode(context, pass, stage);
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

  /// Blocks of units that can't be parted: whole panels of every family.
  static int panels(Tiles stage) {
    return stage.families().stream()
        .mapToInt(f -> Context.blocksPerPanel(f.slots()))
        .max()
        .orElse(1);
  }

  /// Blocks of units that go through products, then through elementwise work together.
  static int chunk(Tiles stage) {
    int panels = panels(stage);
    int slots = stage.families().stream().mapToInt(Family::slots).sum();
    int vectors = Math.max(1, panels * slots);
    return panels * Math.max(1, (Context.VECTORS_TOGETHER + vectors - 1) / vectors);
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
    method.addStatement(
        "final $T $L = $L.packed()", Types.PACKED_WEIGHTS, names.word("packed"), frame);
    addresses(method);
    String chunk = names.word("chunk");
    String block = names.word("block");
    String blocks = names.word("blocks");
    String row = names.word("row");
    String some = names.word("some");
    method.addStatement("final int $L = $L", chunk, chunk(stage));
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
    products.declareLefts(method);
    String end = endBlock(method);
    method.beginControlFlow(
        "for (int $1L = $2L; $1L < $3L; $1L += $4T.ROWS)", row, from, to, Types.PRODUCTS);
    method.addStatement("final int $L = Math.min($T.ROWS, $L - $L)", some, Types.PRODUCTS, to, row);
    products.load(method);
    blocks(method, end);
    int slotsBefore = 0;
    for (Family family : stage.families()) {
      multiply(method, family, slotsBefore);
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

  /// Begins the loop over blocks of units, chunk by chunk.
  private void blocks(MethodSpec.Builder method, String end) {
    String block = names.word("block");
    String chunk = names.word("chunk");
    if (inStep) {
      String done = names.word("done");
      String first = names.word("first");
      method.addStatement("final int $L = $L", first, firstBlock());
      method.beginControlFlow(
          "for (int $1L = $2L; $1L < $3L; $1L += $4L)", done, first, end, chunk);
      method.addStatement(
          "final int $L = $T.zigzag($L, $L, $L, $L, $L)",
          block,
          Types.FRAME,
          names.word("step"),
          done,
          first,
          end,
          chunk);
    } else {
      method.beginControlFlow("for (int $1L = 0; $1L < $2L; $1L += $3L)", block, end, chunk);
    }
    method.addStatement(
        "final int $L = Math.min($L, $L - $L)", names.word("blocks"), chunk, end, block);
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
            panels(stage))
        : CodeBlock.of("0");
  }

  private String endBlock(MethodSpec.Builder method) {
    String all = lengths.blocks(stage.length());
    if (!inStep) {
      return all;
    }
    String end = names.word("end");
    method.addStatement(
        "final int $L = $L.endBlock($L, $L)", end, names.word("frame"), all, panels(stage));
    return end;
  }

  /// Where the rows of operands, hoisted sums and results start.
  private void addresses(MethodSpec.Builder method) {
    SequencedMap<Integer, CodeBlock> buffers = new LinkedHashMap<>();
    for (Family family : stage.families()) {
      Symbol first = family.targets().getFirst();
      if (family.start() instanceof Schedule.FromHoisted(int buffer)) {
        buffers.put(buffer, step(context, 0));
      }
      family
          .into()
          .ifPresent(buffer -> buffers.put(buffer, step(context, pass.place(first).row(0))));
    }
    if (products.mayJoin()) {
      method.addStatement(
          "final boolean $L = joins($L)", names.word("joined"), names.word("frame"));
    }
    for (Expr.Value value : products.values()) {
      method.addStatement("final long $L = $L", names.address(value), rowOf(context, pass, value));
    }
    buffers.forEach(
        (buffer, row) ->
            method.addStatement(
                "final long $L = $L.row($L, $L)",
                products.bufferAddress(buffer),
                names.word("frame"),
                context.bufferConstant(buffer),
                row));
  }

  /// Byte offset of the first row of a value at its step.
  static CodeBlock rowOf(Context context, Schedule.Pass pass, Expr.Value value) {
    Place place = pass.place(value.symbol());
    return CodeBlock.of(
        "$L.row($L, $L)",
        context.names().word("frame"),
        context.bufferConstant(place.buffer()),
        step(context, place.row(value.delay())));
  }

  /// The number of a step so many after the current one.
  private static CodeBlock step(Context context, int later) {
    String step = context.names().word("step");
    if (later == 0) {
      return CodeBlock.of("$L", step);
    }
    return CodeBlock.of("$L $L $L", step, later > 0 ? "+" : "-", Math.abs(later));
  }

  private void multiply(MethodSpec.Builder method, Family family, int slotsBefore) {
    int slots = family.slots();
    for (Symbol target : family.targets()) {
      method.addComment("$L", productComment(target));
    }
    CodeBlock into;
    CodeBlock intoRow;
    if (family.into().isPresent()) {
      intoRow = ProductCode.times(slots, lengths.row(stage.length()));
      into =
          CodeBlock.of(
              "$L + $L * $L + $L",
              products.bufferAddress(family.into().get()),
              names.word("row"),
              intoRow,
              ProductCode.times(slots, products.unit()));
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
    String sums = names.get("sums of family " + stage.families().indexOf(family), "sums");
    method.addStatement("final long $L = $L", sums, into);
    products.multiply(method, family, new ProductCode.Sums(sums, intoRow));
  }

  private String productComment(Symbol target) {
    return Stream.of(
            context.schedule().cell().equations(), context.schedule().adjoint().equations())
        .flatMap(List::stream)
        .filter(e -> e.target().equals(target))
        .findFirst()
        .map(context::comment)
        .orElseGet(() -> Comments.safe(target.display() + ": the part without recurrence"));
  }
}
