package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Place;
import dev.sluice.compiler.ir.Schedule.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/// The methods of one way through time: work before the loop, the loop, work after it, gradients of
/// parameters.
final class PassMethods {
  private final Context context;
  private final Schedule.Pass pass;
  private final String name;
  private final boolean backward;
  private final Set<Stage> shared;
  private final Map<Stage, String> known;
  private final List<ElementwiseMethod> elementwise;
  private final List<MethodSpec> methods = new ArrayList<>();

  /// @param shared stages of both forward passes
  /// @param known stages that have methods already, with their names: passes share what is the same
  /// @param elementwise takes the stages' elementwise methods, which are declared here
  private PassMethods(
      Context context,
      Schedule.Pass pass,
      String name,
      boolean backward,
      Set<Stage> shared,
      Map<Stage, String> known,
      List<ElementwiseMethod> elementwise) {
    this.context = context;
    this.pass = pass;
    this.name = name;
    this.backward = backward;
    this.shared = shared;
    this.known = known;
    this.elementwise = elementwise;
  }

  static List<MethodSpec> of(
      Context context,
      Schedule.Pass pass,
      String name,
      boolean backward,
      Set<Stage> shared,
      Map<Stage, String> known,
      List<ElementwiseMethod> elementwise) {
    PassMethods it = new PassMethods(context, pass, name, backward, shared, known, elementwise);
    it.loop();
    return it.methods;
  }

  private String word(String wish) {
    return context.names().word(wish);
  }

  private void loop() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE)
            .addException(Throwable.class)
            .addParameter(Types.FRAME, word("frame"));
    List<CodeBlock> before = new ArrayList<>();
    List<CodeBlock> calls = calls(pass.before(), "Before");
    for (int i = 0; i < calls.size(); i++) {
      CodeBlock call = CodeBlock.builder().addStatement(calls.get(i)).build();
      before.add(pass.isJoinable(pass.before().get(i)) ? unlessJoined(call) : call);
    }
    spans(method, before);
    List<CodeBlock> step = calls(pass.step(), "Step");
    if (!step.isEmpty()) {
      String header =
          backward
              ? "for (int $1L = $2L.steps() - 1; $1L >= 0; $1L--)"
              : "for (int $1L = 0; $1L < $2L.steps(); $1L++)";
      method.beginControlFlow(header, word("step"), word("frame"));
      method.addStatement("final int $L = $L.rows($L)", word("rows"), word("frame"), word("step"));
      step.forEach(method::addStatement);
      method.endControlFlow();
    }
    List<CodeBlock> after = new ArrayList<>(calls(pass.after(), "After"));
    if (!pass.accumulations().isEmpty()) {
      after.add(call(name + "Gradients"));
    }
    spans(method, after.stream().map(c -> CodeBlock.builder().addStatement(c).build()).toList());
    methods.addFirst(method.build());
    if (!pass.accumulations().isEmpty()) {
      methods.add(gradients());
    }
  }

  /// Work without recurrence takes many steps as one block of rows.
  private CodeBlock unlessJoined(CodeBlock call) {
    return CodeBlock.builder()
        .beginControlFlow("if ($L.batch() < JOIN_ROWS)", word("frame"))
        .add(call)
        .endControlFlow()
        .build();
  }

  private void spans(MethodSpec.Builder method, List<CodeBlock> calls) {
    if (calls.isEmpty()) {
      return;
    }
    method.beginControlFlow(
        "for (int $1L = 0; $1L < $2L.steps(); $1L = $2L.spanEnd($1L))",
        word("step"),
        word("frame"));
    method.addStatement(
        "final int $1L = $2L.rows($3L) * ($2L.spanEnd($3L) - $3L)",
        word("rows"),
        word("frame"),
        word("step"));
    calls.forEach(method::addCode);
    method.endControlFlow();
  }

  private CodeBlock call(String method) {
    return CodeBlock.of("$L($L, $L, $L)", method, word("frame"), word("step"), word("rows"));
  }

  private List<CodeBlock> calls(List<Stage> stages, String section) {
    List<CodeBlock> calls = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      String method = known.get(stage);
      if (method == null) {
        method = (shared.contains(stage) ? "forward" : name) + section + (i + 1);
        known.put(stage, method);
        switch (stage) {
          case Schedule.Tiles tiles ->
              methods.addAll(
                  new StageMethods(context, pass, tiles, method, backward).methods(elementwise));
          case Schedule.RowWork work -> methods.add(rowWork(work, method));
        }
      }
      calls.add(call(method));
    }
    return calls;
  }

  // ---- rows

  private Place place(Expr.Value value) {
    Place place = pass.place(value.symbol());
    if (place.slots() != 1) {
      throw new IllegalStateException("no row of its own for " + value);
    }
    return place;
  }

  private CodeBlock rowOf(Expr.Value value) {
    int delay = value.delay();
    String step = word("step");
    return CodeBlock.of(
        "$L.row($L, $L)",
        word("frame"),
        context.bufferConstant(place(value).buffer()),
        delay == 0 ? step : delay > 0 ? step + " - " + delay : step + " + " + -delay);
  }

  private String rowBytes(Expr e) {
    return context.lengths().row(Shapes.length(e.shape()));
  }

  private String length(Expr e) {
    return context.lengths().of(Shapes.length(e.shape()));
  }

  private MethodSpec.Builder rowMethod(String method) {
    return MethodSpec.methodBuilder(method)
        .addModifiers(Modifier.PRIVATE)
        .addParameter(Types.FRAME, word("frame"))
        .addParameter(TypeName.INT, word("step"))
        .addParameter(TypeName.INT, word("rows"))
        .addStatement("final $T $L = $L.work()", Types.SEGMENT, word("work"), word("frame"));
  }

  private MethodSpec rowWork(Schedule.RowWork work, String name) {
    MethodSpec.Builder method = rowMethod(name);
    Expr.Value target = work.equation().now();
    method.addComment("$L", Comments.derived(work.equation()));
    CodeBlock result = rowOf(target);
    switch (work.equation().value()) {
      case Expr.Reduce(Expr.ReduceOp op, Expr.Value x) ->
          method.addStatement(
              "$T.$L($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L)",
              Types.PRODUCTS,
              switch (op) {
                case SUM -> "rowSums";
              },
              word("work"),
              rowOf(x),
              rowBytes(x),
              length(x),
              word("rows"),
              result,
              rowBytes(target));
      case Expr.Slice(Expr.Value x, _, var from, var length) ->
          copy(method, x, from, target, Dim.ZERO, length);
      case Expr.Concat(List<Expr> parts) -> {
        Dim at = Dim.ZERO;
        for (Expr part : parts) {
          Dim length = Shapes.length(part.shape());
          copy(method, part, Dim.ZERO, target, at, length);
          at = at.plus(length);
        }
      }
      default -> throw new IllegalStateException("not work on rows: " + work.equation());
    }
    return method.build();
  }

  private void copy(
      MethodSpec.Builder method, Expr from, Dim first, Expr.Value to, Dim at, Dim length) {
    if (!(from instanceof Expr.Value source)) {
      throw new IllegalStateException("rows of " + from);
    }
    method.addStatement(
        "$T.copy($L,$W$L + $L,$W$L,$W$L,$W$L + $L,$W$L,$W$L,$W$L)",
        Types.ROWS,
        word("work"),
        rowOf(source),
        bytes(first),
        rowBytes(source),
        word("work"),
        rowOf(to),
        bytes(at),
        rowBytes(to),
        context.lengths().of(length),
        word("rows"));
  }

  private CodeBlock bytes(Dim floats) {
    return CodeBlock.of("(long) $L * Float.BYTES", context.lengths().of(floats));
  }

  // ---- gradients of parameters

  private MethodSpec gradients() {
    MethodSpec.Builder method = rowMethod(name + "Gradients");
    method.addStatement(
        "final $T $L = $L.gradients()", Types.SEGMENT, word("gradients"), word("frame"));
    for (Adjoint.Accumulation a : pass.accumulations()) {
      method.addComment("$L", Comments.safe(Formulas.accumulation(a)));
      method.addStatement(accumulate(a));
    }
    return method.build();
  }

  private CodeBlock accumulate(Adjoint.Accumulation a) {
    WeightView target = WeightView.of(a.target());
    CodeBlock at = PackMethods.offset(context, target);
    String work = word("work");
    String gradients = word("gradients");
    return switch (a.contribution()) {
      case Expr.Outer(Expr.Value left, Expr.Value right) ->
          CodeBlock.of(
              "$T.outer($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W(long) $L * Float.BYTES,"
                  + "$W$L.base($L))",
              Types.PRODUCTS,
              work,
              rowOf(left),
              rowBytes(left),
              length(left),
              rowOf(right),
              rowBytes(right),
              length(right),
              word("rows"),
              gradients,
              at,
              context.lengths().of(target.stride()),
              word("frame"),
              context.outerConstant());
      case Expr.Reduce(_, Expr.Value x) -> sums("total", x, at);
      case Expr.Value x -> sums("columnSums", x, at);
      default -> throw new IllegalStateException("contribution " + a.contribution());
    };
  }

  private CodeBlock sums(String kernel, Expr.Value x, CodeBlock at) {
    return CodeBlock.of(
        "$T.$L($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L)",
        Types.PRODUCTS,
        kernel,
        word("work"),
        rowOf(x),
        rowBytes(x),
        length(x),
        word("rows"),
        word("gradients"),
        at);
  }
}
