package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Shape;
import java.util.List;

/// The methods that bring weights into the layout that the kernels read.
final class PackMethods {
  private final Context context;

  PackMethods(Context context) {
    this.context = context;
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
