package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.BufferPlan;
import dev.sluice.compiler.ir.Schedule.Stage;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The methods that tell the runtime what a cell has: inputs, states, output, parameters, buffers.
final class SlotMethods {
  private final Context context;
  private final Cell cell;

  SlotMethods(Context context) {
    this.context = context;
    this.cell = context.schedule().cell();
  }

  List<MethodSpec> slots() {
    Schedule schedule = context.schedule();
    List<CodeBlock> inputs = new ArrayList<>();
    for (Cell.Input input : cell.inputs()) {
      Symbol gradient = schedule.adjoint().inputGradients().get(input.symbol());
      String to =
          gradient == null
              ? "-1"
              : context.bufferConstant(schedule.backward().place(gradient).buffer());
      inputs.add(slot(input.symbol(), input.shape().side(), 0, to));
    }
    List<CodeBlock> states = new ArrayList<>();
    for (Cell.State state : cell.states()) {
      Symbol carry = schedule.adjoint().carry(state.symbol());
      String to = context.bufferConstant(schedule.backward().place(carry).buffer());
      states.add(stateSlot(state, to));
    }
    Symbol outputGradient = schedule.adjoint().outputGradient();
    CodeBlock output =
        slot(
            cell.output(),
            cell.outputShape().side(),
            0,
            context.bufferConstant(schedule.backward().place(outputGradient).buffer()));
    List<MethodSpec> getters = new ArrayList<>();
    if (!cell.masks().isEmpty()) {
      getters.add(getter("masks", list(Types.MASK_SLOT), listOf(masks())));
    }
    getters.addAll(slots(inputs, states, output));
    getters.addAll(computed());
    return getters;
  }

  private List<CodeBlock> masks() {
    List<CodeBlock> masks = new ArrayList<>();
    for (Cell.Mask mask : cell.masks()) {
      masks.add(
          CodeBlock.of(
              "new $T($S, $L, $L, $Lf, $L, $L)",
              Types.MASK_SLOT,
              mask.symbol().plain(),
              units(mask.shape()),
              mask.probability(),
              (float) mask.scale(),
              mask.everyStep(),
              context.bufferConstant(context.schedule().training().place(mask.symbol()).buffer())));
    }
    return masks;
  }

  /// The length of a vector; rows and columns of a matrix.
  private CodeBlock units(Shape shape) {
    CodeBlock length = CodeBlock.of("$L", context.lengths().of(shape.side()));
    return shape instanceof Shape.Matrix(Dim rows, Dim _)
        ? CodeBlock.of("$L, $L", context.lengths().of(rows), length)
        : length;
  }

  private List<MethodSpec> slots(List<CodeBlock> inputs, List<CodeBlock> states, CodeBlock output) {
    return List.of(
        getter("inputs", list(Types.SLOT), listOf(inputs)),
        getter("states", list(Types.SLOT), listOf(states)),
        getter("output", Types.SLOT, output),
        getter("parameters", list(Types.PARAMETER_SLOT), listOf(parameters())));
  }

  /// Weights that are computed once per update, if there are any.
  private List<MethodSpec> computed() {
    List<CodeBlock> list = new ArrayList<>();
    for (Cell.State weight : cell.computed()) {
      list.add(
          parameter(
              new Expr.Parameter(weight.symbol(), weight.shape()), new Initialiser.Default()));
    }
    return list.isEmpty()
        ? List.of()
        : List.of(getter("computed", list(Types.PARAMETER_SLOT), listOf(list)));
  }

  private CodeBlock stateSlot(Cell.State state, String gradient) {
    boolean matrix = state.shape() instanceof Shape.Matrix;
    if (state.startsAs().equals(state.symbol()) && !matrix) {
      return slot(state.symbol(), state.shape().side(), state.initial(), gradient);
    }
    return CodeBlock.of(
        "new $T($S, $L, $L, $S, $L, $L)",
        Types.SLOT,
        state.symbol().plain(),
        units(state.shape()),
        start(state.initial()),
        state.startsAs().plain(),
        context.bufferConstant(context.schedule().training().place(state.symbol()).buffer()),
        gradient);
  }

  /// Where a state starts; a running maximum starts from −∞.
  private static CodeBlock start(double initial) {
    return Double.isInfinite(initial)
        ? CodeBlock.of("$T.$L_INFINITY", Float.class, initial > 0 ? "POSITIVE" : "NEGATIVE")
        : CodeBlock.of("$Lf", (float) initial);
  }

  private CodeBlock slot(Symbol symbol, Dim length, double initial, String gradient) {
    return CodeBlock.of(
        "new $T($S, $L, $L, $L, $L)",
        Types.SLOT,
        symbol.plain(),
        context.lengths().of(length),
        start(initial),
        context.bufferConstant(context.schedule().training().place(symbol).buffer()),
        gradient);
  }

  private List<CodeBlock> parameters() {
    List<CodeBlock> list = new ArrayList<>();
    for (Cell.Parameter p : cell.parameters()) {
      list.add(parameter(p.expr(), p.initialiser()));
    }
    return list;
  }

  private CodeBlock parameter(Expr.Parameter p, Initialiser initialiser) {
    WeightView view = WeightView.of(p);
    return CodeBlock.of(
        "new $T($S, $L, $L, $L, $L / Float.BYTES, $S)",
        Types.PARAMETER_SLOT,
        p.symbol().plain(),
        Shapes.rank(p.shape()),
        context.lengths().of(view.rows()),
        context.lengths().of(view.columns()),
        CodeType.gradientField(context, p.symbol()),
        spelled(initialiser));
  }

  private static String spelled(Initialiser initialiser) {
    return switch (initialiser) {
      case Initialiser.Default() -> "default";
      case Initialiser.Constant(double value) -> "constant " + value;
      case Initialiser.Orthogonal() -> "orthogonal";
      case Initialiser.Glorot() -> "glorot";
      case Initialiser.Uniform(double bound) -> "uniform " + bound;
      case Initialiser.Normal(double deviation) -> "normal " + deviation;
      case Initialiser.Identity() -> "identity";
    };
  }

  private static TypeName list(TypeName of) {
    return ParameterizedTypeName.get(com.palantir.javapoet.ClassName.get(List.class), of);
  }

  private static CodeBlock listOf(List<CodeBlock> elements) {
    return elements.isEmpty()
        ? CodeBlock.of("$T.of()", List.class)
        : CodeBlock.of("$T.of(\n$L)", List.class, CodeBlock.join(elements, ",\n"));
  }

  private static MethodSpec getter(String name, TypeName type, CodeBlock value) {
    return CodeType.override(name).returns(type).addStatement("return $L", value).build();
  }

  MethodSpec buffers() {
    List<CodeBlock> list = new ArrayList<>();
    for (BufferPlan plan : context.schedule().buffers()) {
      CodeBlock stride =
          CodeBlock.of("$T.pad($L)", Types.LANES, context.lengths().of(plan.shape().side()));
      if (plan.shape() instanceof Shape.Matrix(Dim rows, Dim _)) {
        stride = CodeBlock.of("Math.multiplyExact($L, $L)", context.lengths().of(rows), stride);
      }
      list.add(
          buffer(
              plan.name(),
              plan.slots() == 1
                  ? stride
                  : CodeBlock.of("Math.multiplyExact($L, $L)", plan.slots(), stride),
              plan.inference().name(),
              plan.training().name()));
    }
    list.add(buffer("scratch", scratchFloats(), "ONCE", "ONCE"));
    list.add(buffer("left", leftFloats(), "ONCE", "ONCE"));
    list.add(buffer("outer", outerFloats(), "NONE", "ONCE"));
    return getter("buffers", list(Types.BUFFER), listOf(list));
  }

  private static CodeBlock buffer(
      String name, CodeBlock stride, String inference, String training) {
    return CodeBlock.of(
        "new $1T($2S,$W$3L,$W$4T.$5L,$W$4T.$6L)",
        Types.BUFFER,
        name,
        stride,
        Types.BUFFER_ROWS,
        inference,
        training);
  }

  private CodeBlock outerFloats() {
    boolean products =
        context.schedule().passes().stream()
            .anyMatch(p -> new GradientMethods(context, p).multiplies());
    return products
        ? CodeBlock.of("$L.scratchFloats()", context.outerProducts())
        : CodeBlock.of("0");
  }

  private CodeBlock scratchFloats() {
    int vectors = 0;
    for (Stage stage : stages()) {
      if (stage instanceof Tiles tiles) {
        vectors = Math.max(vectors, StageMethods.chunk(tiles) * StageMethods.scratchSlots(tiles));
      }
    }
    return CodeBlock.of("$T.ROWS * $L * $T.COUNT", Types.PRODUCTS, vectors, Types.LANES);
  }

  /// What the stage with the longest operands needs.
  private CodeBlock leftFloats() {
    Set<String> sums = new LinkedHashSet<>();
    for (Schedule.Pass pass : context.schedule().passes()) {
      for (Stage stage : CodeType.stages(pass)) {
        if (stage instanceof Tiles tiles && !tiles.families().isEmpty()) {
          List<String> sizes =
              ProductCode.leftLengths(pass, tiles).stream()
                  .map(length -> "Products.leftFloats(%s)".formatted(context.lengths().of(length)))
                  .toList();
          sums.add(String.join(" + ", sizes));
        }
      }
    }
    String most = "0";
    for (String sum : sums) {
      most = most.equals("0") ? sum : "Math.max(%s, %s)".formatted(most, sum);
    }
    return CodeBlock.of("$L", most);
  }

  private List<Stage> stages() {
    Schedule s = context.schedule();
    return s.passes().stream().flatMap(p -> CodeType.stages(p).stream()).toList();
  }
}
