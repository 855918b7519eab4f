package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Family;
import dev.sluice.compiler.ir.Schedule.Tiles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// The statements of a stage's products: left operands are laid out side by side for some rows,
/// then multiplied with panels.
///
/// The operands of a family follow each other, as the parts of its panel do, and are multiplied in
/// one go. A family that continues hoisted sums has two ways: alone, or joined with what was
/// hoisted.
final class ProductCode {
  private final Context context;
  private final Schedule.Pass pass;
  private final Tiles stage;
  private final Names names;
  private final Lengths lengths;

  ProductCode(Context context, Schedule.Pass pass, Tiles stage) {
    this.context = context;
    this.pass = pass;
    this.stage = stage;
    this.names = context.names();
    this.lengths = context.lengths();
  }

  /// Operands that are multiplied in one go, those of hoisted sums that may join them first.
  ///
  /// @param hoisted how many of them join
  private record Operands(List<Expr.Value> values, int hoisted) {
    Dim length() {
      return sum(values);
    }

    List<Expr.Value> own() {
      return values.subList(hoisted, values.size());
    }

    static Dim sum(List<Expr.Value> values) {
      return values.stream().map(v -> v.shape().side()).reduce(Dim.ZERO, Dim::plus);
    }
  }

  private static Operands operands(Schedule.Pass pass, Family family) {
    List<Expr.Value> values = new ArrayList<>();
    joined(pass, family).ifPresent(hoisted -> values.addAll(hoisted.operands()));
    int hoisted = values.size();
    values.addAll(family.operands());
    return new Operands(values, hoisted);
  }

  /// The hoisted sums that a family continues, if they can join it.
  private static Optional<Family> joined(Schedule.Pass pass, Family family) {
    return family.start() instanceof Schedule.FromHoisted(int buffer)
        ? Optional.ofNullable(pass.joinable().get(buffer))
        : Optional.empty();
  }

  private SequencedSet<Operands> allOperands() {
    SequencedSet<Operands> all = new LinkedHashSet<>();
    stage.families().forEach(family -> all.add(operands(pass, family)));
    return all;
  }

  /// Whether a family of the stage has two ways.
  boolean mayJoin() {
    return stage.families().stream().anyMatch(family -> joined(pass, family).isPresent());
  }

  /// Every value that is multiplied.
  Set<Expr.Value> values() {
    Set<Expr.Value> values = new LinkedHashSet<>();
    allOperands().forEach(operands -> values.addAll(operands.values()));
    return values;
  }

  // ---- left operands

  /// Inner lengths of what a stage lays out.
  static List<Dim> leftLengths(Schedule.Pass pass, Tiles stage) {
    Set<Operands> all = new LinkedHashSet<>();
    stage.families().forEach(family -> all.add(operands(pass, family)));
    return all.stream().map(Operands::length).toList();
  }

  private String left(Operands operands) {
    int index = List.copyOf(allOperands()).indexOf(operands);
    return names.get("left operands " + index, "left");
  }

  /// Declares where operands are laid out.
  void declareLefts(MethodSpec.Builder method) {
    Operands before = null;
    for (Operands operands : allOperands()) {
      if (before == null) {
        method.addStatement(
            "final long $L = $L.base($L)",
            left(operands),
            names.word("frame"),
            context.leftConstant());
      } else {
        method.addStatement(
            "final long $L = $L + (long) $T.leftFloats($L) * Float.BYTES",
            left(operands),
            left(before),
            Types.PRODUCTS,
            lengths.of(before.length()));
      }
      before = operands;
    }
  }

  /// Lays the operands of some rows out.
  void load(MethodSpec.Builder method) {
    for (Operands operands : allOperands()) {
      if (operands.hoisted() > 0) {
        method.beginControlFlow("if ($L)", names.word("joined"));
        load(method, operands, operands.values());
        method.nextControlFlow("else");
        load(method, operands, operands.own());
        method.endControlFlow();
      } else {
        load(method, operands, operands.values());
      }
    }
  }

  private void load(MethodSpec.Builder method, Operands operands, List<Expr.Value> values) {
    Dim at = Dim.ZERO;
    for (Expr.Value value : values) {
      Dim length = value.shape().side();
      method.addStatement(
          "$T.load($L,$W$L + $L * $L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L)",
          Types.PRODUCTS,
          names.word("work"),
          names.address(value),
          names.word("row"),
          lengths.row(length),
          lengths.row(length),
          lengths.of(length),
          names.word("some"),
          left(operands),
          lengths.of(at),
          lengths.of(Operands.sum(values)));
      at = at.plus(length);
    }
  }

  // ---- products

  /// Where the sums of a family go.
  ///
  /// @param start of the first row, a variable; `row` bytes from row to row
  record Sums(String start, CodeBlock row) {}

  void multiply(MethodSpec.Builder method, Family family, Sums sums) {
    Operands operands = operands(pass, family);
    Optional<Family> hoisted = joined(pass, family);
    if (hoisted.isEmpty()) {
      method.addStatement(
          product(family, operands, operands.values(), family.firstPart(), family.start(), sums));
      return;
    }
    method.beginControlFlow("if ($L)", names.word("joined"));
    method.addStatement(
        product(family, operands, operands.values(), 0, hoisted.get().start(), sums));
    method.nextControlFlow("else");
    method.addStatement(
        product(family, operands, operands.own(), family.firstPart(), family.start(), sums));
    method.endControlFlow();
  }

  private CodeBlock product(
      Family family,
      Operands operands,
      List<Expr.Value> values,
      int firstPart,
      Schedule.Start start,
      Sums sums) {
    return CodeBlock.of(
        "$T.multiply($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L)",
        Types.PRODUCTS,
        names.word("work"),
        left(operands),
        lengths.of(Operands.sum(values)),
        names.word("packed"),
        context.packedField(family.panel()),
        names.word("block"),
        firstPart,
        start(family, start, times(family.slots(), unit())),
        sums.start(),
        sums.row(),
        names.word("some"),
        names.word("blocks"));
  }

  /// Bytes of the units before the current block.
  CodeBlock unit() {
    return CodeBlock.of("$L * $T.BYTES", names.word("block"), Types.LANES);
  }

  /// The three arguments that say what the sums start from.
  private CodeBlock start(Family family, Schedule.Start start, CodeBlock unit) {
    return switch (start) {
      case Schedule.FromZero() -> CodeBlock.of("null,$W0,$W0");
      case Schedule.FromBias(int bias) ->
          CodeBlock.of(
              "$L.vectors(),$W$L + $L,$W0", names.word("packed"), context.packedField(bias), unit);
      case Schedule.FromHoisted(int buffer) -> {
        CodeBlock row = times(family.slots(), lengths.row(stage.length()));
        yield CodeBlock.of(
            "$L,$W$L + $L * $L + $L,$W$L",
            names.word("work"),
            bufferAddress(buffer),
            names.word("row"),
            row,
            unit,
            row);
      }
    };
  }

  String bufferAddress(int buffer) {
    return names.get("buffer address " + buffer, context.buffer(buffer).name() + "_rows");
  }

  static CodeBlock times(int factor, Object what) {
    if (factor == 1) {
      return CodeBlock.of("$L", what);
    }
    boolean simple = what.toString().matches("\\w+");
    return CodeBlock.of(simple ? "$L * $L" : "$L * ($L)", factor, what);
  }
}
