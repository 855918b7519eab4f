package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Stage;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

  /// The rows that a member of a team works on; methods of the runtime's frame.
  private enum Range {
    /// Of a step, with its share of the units.
    STEP("from", "to"),
    /// Of a step, alone.
    WHOLE_ROWS("wholeFrom", "wholeTo"),
    /// Of many steps as one block.
    SPAN("spanFrom", "spanTo");

    private final String from;
    private final String to;

    Range(String from, String to) {
      this.from = from;
      this.to = to;
    }
  }

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
    for (int i = 0; i < pass.before().size(); i++) {
      Stage stage = pass.before().get(i);
      CodeBlock call =
          CodeBlock.builder()
              .addStatement(call(stageMethod(stage, "Before", i), Range.SPAN))
              .addStatement("$L.barrier()", word("frame"))
              .build();
      before.add(pass.isJoinable(stage) ? unlessJoined(call) : call);
    }
    spans(method, before);
    steps(method);
    List<CodeBlock> after = new ArrayList<>();
    for (int i = 0; i < pass.after().size(); i++) {
      Stage stage = pass.after().get(i);
      if (readsLaterStep(stage)) {
        spans(method, after);
        after.clear();
      }
      after.add(
          CodeBlock.builder()
              .addStatement(call(stageMethod(stage, "After", i), Range.SPAN))
              .addStatement("$L.barrier()", word("frame"))
              .build());
    }
    if (!pass.accumulations().isEmpty()) {
      after.add(
          CodeBlock.builder()
              .addStatement("$LGradients($L, $L)", name, word("frame"), word("step"))
              .build());
    }
    spans(method, after);
    methods.addFirst(method.build());
    if (!pass.accumulations().isEmpty()) {
      methods.add(new GradientMethods(context, pass).method(name + "Gradients"));
    }
  }

  /// Whether a stage after the loop reads what one of the others there makes at the step after: all
  /// steps of that must be complete.
  private boolean readsLaterStep(Stage stage) {
    Set<Symbol> made = new HashSet<>();
    pass.after().forEach(other -> made.addAll(targets(other)));
    List<Expr.Value> read = new ArrayList<>();
    switch (stage) {
      case Schedule.RowWork(Equation e) -> Operands.values(e.value(), read::add);
      case Schedule.Tiles tiles ->
          Stream.concat(tiles.lines().stream(), tiles.ends().stream())
              .forEach(line -> Operands.values(line.equation().value(), read::add));
    }
    return read.stream().anyMatch(v -> v.delay() < 0 && made.contains(v.symbol()));
  }

  private static Set<Symbol> targets(Stage stage) {
    Set<Symbol> targets = new HashSet<>();
    switch (stage) {
      case Schedule.RowWork(Equation e) -> targets.add(e.target());
      case Schedule.Tiles tiles -> {
        tiles.families().forEach(f -> targets.addAll(f.targets()));
        tiles.lines().forEach(line -> targets.add(line.equation().target()));
        tiles.ends().forEach(line -> targets.add(line.equation().target()));
      }
    }
    return targets;
  }

  private void steps(MethodSpec.Builder method) {
    if (!pass.step().isEmpty()) {
      String header =
          backward
              ? "for (int $1L = $2L.steps() - 1; $1L >= 0; $1L--)"
              : "for (int $1L = 0; $1L < $2L.steps(); $1L++)";
      method.beginControlFlow(header, word("step"), word("frame"));
      for (int i = 0; i < pass.step().size(); i++) {
        Stage stage = pass.step().get(i);
        String called = stageMethod(stage, "Step", i);
        Range range = needsWholeRows(stage) ? Range.WHOLE_ROWS : Range.STEP;
        method.addStatement(call(called, range));
        method.addStatement("$L.stepBarrier()", word("frame"));
      }
      method.endControlFlow();
      if (!pass.after().isEmpty() || !pass.accumulations().isEmpty()) {
        method.addStatement("$L.barrier()", word("frame"));
      }
    }
  }

  /// Whether nobody may take a part of the units.
  private static boolean needsWholeRows(Stage stage) {
    return switch (stage) {
      case Schedule.RowWork _ -> true;
      case Schedule.Tiles tiles -> !tiles.totals().isEmpty() || tiles.isMatrix();
    };
  }

  /// Work without recurrence takes many steps as one block of rows.
  private CodeBlock unlessJoined(CodeBlock call) {
    return CodeBlock.builder()
        .beginControlFlow("if (!joins($L))", word("frame"))
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
    calls.forEach(method::addCode);
    method.endControlFlow();
  }

  private CodeBlock call(String method, Range range) {
    return CodeBlock.of(
        "$1L($2L, $3L, $2L.$4L($3L), $2L.$5L($3L))",
        method,
        word("frame"),
        word("step"),
        range.from,
        range.to);
  }

  /// The method of a stage, which is new unless another pass has it.
  private String stageMethod(Stage stage, String section, int index) {
    String method = known.get(stage);
    if (method == null) {
      method = (shared.contains(stage) ? "forward" : name) + section + (index + 1);
      known.put(stage, method);
      switch (stage) {
        case Schedule.Tiles tiles ->
            methods.addAll(
                new StageMethods(
                        context, pass, tiles, method, backward, isSharedOut(stage, section))
                    .methods(elementwise));
        case Schedule.RowWork work -> methods.add(rowWork(work, method));
      }
    }
    return method;
  }

  private static boolean isSharedOut(Stage stage, String section) {
    return section.equals("Step") && !needsWholeRows(stage);
  }

  // ---- rows

  private CodeBlock rowOf(Expr.Value value) {
    if (pass.place(value.symbol()).slots() != 1) {
      throw new IllegalStateException("no row of its own for " + value);
    }
    return StageMethods.rowOf(context, pass, value);
  }

  /// Where a value's first row of a range is.
  private CodeBlock firstRow(Expr.Value value) {
    return CodeBlock.of("$L + $L * $L", rowOf(value), word("from"), rowBytes(value));
  }

  private String rowBytes(Expr e) {
    return context.lengths().row(e.shape().side());
  }

  private String length(Expr e) {
    return context.lengths().of(e.shape().side());
  }

  private MethodSpec rowWork(Schedule.RowWork work, String name) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE)
            .addParameter(Types.FRAME, word("frame"))
            .addParameter(TypeName.INT, word("step"))
            .addParameter(TypeName.INT, word("from"))
            .addParameter(TypeName.INT, word("to"))
            .addStatement("final $T $L = $L.work()", Types.SEGMENT, word("work"), word("frame"));
    Expr.Value target = work.equation().now();
    method.addComment("$L", context.comment(work.equation()));
    switch (work.equation().value()) {
      case Expr.Running(boolean backwards, Expr.Value x) ->
          method.addStatement(
              "$T.$L($L,$W$L,$W$L,$W$L,$W$L,$W$L - $L)",
              Types.RUNNING_SUMS,
              backwards ? "backwards" : "forwards",
              word("work"),
              firstRow(x),
              firstRow(target),
              rowBytes(x),
              length(x),
              word("to"),
              word("from"));
      case Expr.Slice(Expr.Value x, _, var from, var length) ->
          copy(method, x, from, target, Dim.ZERO, length);
      case Expr.Concat(List<Expr> parts) -> {
        Dim at = Dim.ZERO;
        for (Expr part : parts) {
          Dim length = part.shape().side();
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
        "$T.copy($L,$W$L + $L,$W$L,$W$L,$W$L + $L,$W$L,$W$L,$W$L - $L)",
        Types.ROWS,
        word("work"),
        firstRow(source),
        bytes(first),
        rowBytes(source),
        word("work"),
        firstRow(to),
        bytes(at),
        rowBytes(to),
        context.lengths().of(length),
        word("to"),
        word("from"));
  }

  private CodeBlock bytes(Dim floats) {
    return CodeBlock.of("(long) $L * Float.BYTES", context.lengths().of(floats));
  }
}
