package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Shape;
import java.util.List;
import java.util.stream.Collectors;

/// The methods that bring weights into the layout that the kernels read.
final class PackMethods {
  private final Context context;

  PackMethods(Context context) {
    this.context = context;
  }

  /// Where the pieces of the packed weights are: byte offsets of vectors, and panels.
  void pieces(TypeSpec.Builder type, MethodSpec.Builder method) {
    String pieces = context.names().word("pieces");
    method.addStatement("final $1T $2L = new $1T()", Types.PACKING_BUILDER, pieces);
    Schedule schedule = context.schedule();
    for (int i = 0; i < schedule.packed().size(); i++) {
      if (i == schedule.forwardPacked()) {
        method.addStatement("$L.endForward()", pieces);
      }
      Schedule.Packed piece = schedule.packed().get(i);
      CodeType.field(
          type,
          piece instanceof Schedule.Panel ? Types.PANEL : TypeName.LONG,
          context.packedField(i));
      method.addStatement("$L = $L.$L", context.packedField(i), pieces, room(piece));
    }
    String packing = context.names().word("packing");
    CodeType.field(type, Types.PACKING, packing);
    method.addStatement("$L = $L.build()", packing, pieces);
  }

  private CodeBlock room(Schedule.Packed piece) {
    Lengths lengths = context.lengths();
    return switch (piece) {
      case Schedule.Panel panel ->
          CodeBlock.of(
              "panel($L, $L, $L)",
              lengths.of(WeightView.of(panel.weight(0, 0)).units()),
              panel.parts().getFirst().size(),
              panel.parts().stream()
                  .map(weights -> lengths.of(WeightView.of(weights.getFirst()).inner()))
                  .collect(Collectors.joining(", ")));
      case Schedule.Bias(Dim length, List<List<Expr>> terms) ->
          CodeBlock.of("vectors($L, $L)", lengths.of(length), terms.size());
      case Schedule.Coefficient(Expr parameter) when parameter.shape() instanceof Shape.Matrix ->
          CodeBlock.of(
              "matrix($L, $L)",
              lengths.of(WeightView.of(parameter).units()),
              lengths.of(WeightView.of(parameter).inner()));
      case Schedule.Coefficient(Expr parameter) ->
          CodeBlock.of("vectors($L, 1)", lengths.of(WeightView.of(parameter).rows()));
    };
  }

  MethodSpec packing() {
    return CodeType.override("packing")
        .returns(Types.PACKING)
        .addStatement("return $L", context.names().word("packing"))
        .build();
  }

  MethodSpec pack() {
    String parameters = context.names().word("parameters");
    String packed = context.names().word("packed");
    MethodSpec.Builder method =
        CodeType.override("pack")
            .addParameter(Types.SEGMENT, parameters)
            .addParameter(Types.PACKED_WEIGHTS, packed)
            .addParameter(Types.MODE, "mode");
    Schedule schedule = context.schedule();
    for (int i = 0; i < schedule.packed().size(); i++) {
      if (i == schedule.forwardPacked()) {
        method.beginControlFlow("if (mode == $T.INFERENCE)", Types.MODE);
        method.addStatement("return").endControlFlow();
      }
      packPiece(method, schedule.packed().get(i), context.packedField(i), parameters, packed);
    }
    return method.build();
  }

  private void packPiece(
      MethodSpec.Builder method,
      Schedule.Packed piece,
      String at,
      String parameters,
      String packed) {
    switch (piece) {
      case Schedule.Panel panel -> packPanel(method, panel, at, parameters, packed);
      case Schedule.Bias(_, List<List<Expr>> terms) -> {
        for (int slot = 0; slot < terms.size(); slot++) {
          for (Expr term : terms.get(slot)) {
            addVector(method, term, parameters, packed, at, terms.size(), slot);
          }
        }
      }
      case Schedule.Coefficient(Expr parameter) when parameter.shape() instanceof Shape.Matrix -> {
        WeightView view = WeightView.of(parameter);
        method.addStatement(
            "$T.$L($L,$W$L,$W$L,$W$L,$W$L,$W$L.vectors(),$W$L)",
            Types.PANELS,
            view.transposed() ? "copyColumns" : "copyRows",
            parameters,
            offset(context, view),
            context.lengths().of(view.stride()),
            context.lengths().of(view.rows()),
            context.lengths().of(view.columns()),
            packed,
            at);
      }
      case Schedule.Coefficient(Expr parameter) ->
          addVector(method, parameter, parameters, packed, at, 1, 0);
    }
  }

  private void packPanel(
      MethodSpec.Builder method,
      Schedule.Panel panel,
      String at,
      String parameters,
      String packed) {
    for (int part = 0; part < panel.parts().size(); part++) {
      List<Expr> weights = panel.parts().get(part);
      for (int slot = 0; slot < weights.size(); slot++) {
        WeightView view = WeightView.of(weights.get(slot));
        method.addStatement(
            "$T.pack($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L)",
            Types.PANELS,
            parameters,
            offset(context, view),
            context.lengths().of(view.stride()),
            view.transposed(),
            context.lengths().of(view.units()),
            context.lengths().of(view.inner()),
            packed,
            at,
            part,
            slot);
      }
    }
  }

  private void addVector(
      MethodSpec.Builder method,
      Expr term,
      String parameters,
      String packed,
      String at,
      int slots,
      int slot) {
    WeightView view = WeightView.of(term);
    method.addStatement(
        "$T.addVector($L, $L, $L, $L.vectors(), $L, $L, $L)",
        Types.PANELS,
        parameters,
        offset(context, view),
        context.lengths().of(view.rows()),
        packed,
        at,
        slots,
        slot);
  }

  /// Byte offset of the first float of a part of a parameter.
  static CodeBlock offset(Context context, WeightView view) {
    String start = CodeType.gradientField(context, view.parameter());
    if (view.fromRow().equals(Dim.ZERO) && view.fromColumn().equals(Dim.ZERO)) {
      return CodeBlock.of("$L", start);
    }
    return CodeBlock.of(
        "$L + ((long) $L * $L + $L) * Float.BYTES",
        start,
        context.lengths().of(view.fromRow()),
        context.lengths().of(view.stride()),
        context.lengths().of(view.fromColumn()));
  }
}
