package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Place;
import dev.sluice.compiler.ir.Shape;
import java.util.List;
import javax.lang.model.element.Modifier;

/// The gradients of parameters, over the rows of all steps at once.
final class GradientMethods {
  private final Context context;
  private final Schedule.Pass pass;

  GradientMethods(Context context, Schedule.Pass pass) {
    this.context = context;
    this.pass = pass;
  }

  private String word(String wish) {
    return context.names().word(wish);
  }

  private static boolean isProduct(Adjoint.Accumulation a) {
    return a.contribution() instanceof Expr.Outer;
  }

  private List<Adjoint.Accumulation> products() {
    return pass.accumulations().stream().filter(GradientMethods::isProduct).toList();
  }

  /// Whether any weight has a gradient.
  boolean multiplies() {
    return !products().isEmpty();
  }

  /// Fills the constructor's field of the weights' gradients, which share their operands; empty
  /// without any.
  CodeBlock products(String field) {
    if (!multiplies()) {
      return CodeBlock.of("");
    }
    CodeBlock.Builder code =
        CodeBlock.builder()
            .add("$L = new $T.Builder()", field, Types.OUTER_PRODUCTS)
            .indent()
            .indent();
    for (Adjoint.Accumulation a : products()) {
      Expr.Outer outer = (Expr.Outer) a.contribution();
      WeightView target = WeightView.of(a.target());
      code.add(
          "\n.add($L, $L, $L, $L$L)",
          operand((Expr.Value) outer.a()),
          operand((Expr.Value) outer.b()),
          PackMethods.offset(context, target),
          context.lengths().of(target.stride()),
          target.hasAllRows() ? CodeBlock.of("") : CodeBlock.of(", $L", rowsOf(target)));
    }
    return code.add("\n.build();\n").unindent().unindent().build();
  }

  /// Its buffer, how many steps later its row is, and its length.
  private CodeBlock operand(Expr.Value value) {
    Place place = pass.place(value.symbol());
    return CodeBlock.of(
        "$L, $L, $L",
        context.bufferConstant(place.buffer()),
        place.row(value.delay()),
        length(value));
  }

  MethodSpec method(String name) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE)
            .addParameter(Types.FRAME, word("frame"))
            .addParameter(TypeName.INT, word("step"))
            .addStatement(
                "final int $L = $L.spanRows($L)", word("rows"), word("frame"), word("step"));
    if (multiplies()) {
      products().forEach(a -> comment(method, a));
      method.addStatement(
          "$L.addTo($L, $L, $L, $L)",
          context.outerProducts(),
          word("frame"),
          word("step"),
          word("rows"),
          context.outerConstant());
    }
    for (Adjoint.Accumulation a : pass.accumulations()) {
      if (!isProduct(a)) {
        comment(method, a);
        sums(method, a);
      }
    }
    return method.build();
  }

  private void comment(MethodSpec.Builder method, Adjoint.Accumulation a) {
    method.addComment("$L", context.comment(Notation.accumulation(a)));
  }

  /// Where the part starts in its parameter, and the parameter's rows: by these, members of a team
  /// share it out.
  private CodeBlock rowsOf(WeightView part) {
    return CodeBlock.of(
        "$L,$W$L", context.lengths().of(part.fromRow()), context.lengths().of(part.allRows()));
  }

  private void sums(MethodSpec.Builder method, Adjoint.Accumulation a) {
    WeightView target = WeightView.of(a.target());
    CodeBlock at = PackMethods.offset(context, target);
    switch (a.contribution()) {
      case Expr.Reduce(_, Expr.Value x) -> method.addStatement(sums("total", x, at));
      case Expr.Value x when x.shape() instanceof Shape.Matrix -> matrixSums(method, target, x);
      case Expr.Value x when target.hasAllRows() -> method.addStatement(sums("columnSums", x, at));
      case Expr.Value x ->
          method.addStatement(sums("columnSums", x, CodeBlock.of("$L,$W$L", at, rowsOf(target))));
      default -> throw new IllegalStateException("contribution " + a.contribution());
    }
  }

  private CodeBlock sums(String kernel, Expr.Value x, CodeBlock at) {
    return CodeBlock.of(
        "$T.$L($L,$W$L,$W$L,$W$L,$W$L,$W$L)",
        Types.WEIGHT_GRADIENTS,
        kernel,
        word("frame"),
        StageMethods.rowOf(context, pass, x),
        rowBytes(x),
        length(x),
        word("rows"),
        at);
  }

  private void matrixSums(MethodSpec.Builder method, WeightView target, Expr.Value matrix) {
    method.addStatement(
        "$T.$L($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W(long) $L * Float.BYTES,$W$L)",
        Types.WEIGHT_GRADIENTS,
        target.transposed() ? "transposed" : "matrixSums",
        word("frame"),
        StageMethods.rowOf(context, pass, matrix),
        rowBytes(matrix),
        context.lengths().of(target.units()),
        length(matrix),
        word("rows"),
        PackMethods.offset(context, target),
        context.lengths().of(target.stride()),
        rowsOf(target));
  }

  private String rowBytes(Expr e) {
    return context.lengths().row(e.shape().side());
  }

  private String length(Expr e) {
    return context.lengths().of(e.shape().side());
  }
}
