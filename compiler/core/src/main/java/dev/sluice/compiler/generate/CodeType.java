package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Initialiser;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.BufferPlan;
import dev.sluice.compiler.ir.Schedule.Stage;
import dev.sluice.compiler.ir.Schedule.Tiles;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/// The nested class that runs a cell of definite size.
final class CodeType {
  private final Context context;
  private final Cell cell;
  private final Map<String, Integer> sizes;
  private final String name;

  /// The nested class's name; a class can't have a nested one of its own name.
  static String nestedIn(String className) {
    return className.equals("Code") ? "Code_" : "Code";
  }

  /// @param name of the class
  /// @param sizes of all dimensions when the class is specialised to them, else empty
  CodeType(Context context, String name, Map<String, Integer> sizes) {
    this.name = name;
    this.context = context;
    this.cell = context.schedule().cell();
    this.sizes = sizes;
  }

  TypeSpec type() {
    List<MethodSpec> passes = passes();
    MethodSpec pack = pack();
    MethodSpec buffers = buffers();
    List<MethodSpec> slots = slots();
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
            .addSuperinterface(Types.CELL_CODE);
    constants(type);
    MethodSpec constructor = constructor(type);
    type.addMethod(constructor);
    slots.forEach(type::addMethod);
    type.addMethod(buffers).addMethod(packedFloats()).addMethod(pack);
    type.addMethod(forward()).addMethod(backward());
    passes.forEach(type::addMethod);
    return type.build();
  }

  // ---- fields

  private void constants(TypeSpec.Builder type) {
    type.addField(
        constant(
            "TILE_ROWS",
            Context.TILE_ROWS,
            "Rows that share a pass over the units: what they leave in scratch stays in the L1 cache."));
    type.addField(
        constant(
            "FEW_ROWS",
            Context.FEW_ROWS,
            "Up to so many rows all units go through the products first, then through the rest."));
    type.addField(
        constant(
            "JOIN_ROWS",
            Schedule.JOIN_ROWS,
            "From so many sequences on, sums that were hoisted out of the loop join it again."));
    for (int i = 0; i < context.schedule().buffers().size(); i++) {
      type.addField(constant(context.bufferConstant(i), i, ""));
    }
    type.addField(constant(context.scratchConstant(), context.schedule().buffers().size(), ""));
  }

  private static FieldSpec constant(String name, int value, String doc) {
    FieldSpec.Builder field =
        FieldSpec.builder(TypeName.INT, name, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
            .initializer("$L", value);
    return (doc.isEmpty() ? field : field.addJavadoc("$L", doc)).build();
  }

  /// The constructor, and the fields that it fills.
  private MethodSpec constructor(TypeSpec.Builder type) {
    MethodSpec.Builder method = MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE);
    for (String dimension : cell.dimensions().keySet()) {
      String field = context.lengths().dimension(dimension);
      String doc = "Length of " + Comments.safe(vectors(dimension)) + ".";
      if (sizes.containsKey(dimension)) {
        type.addField(constant(field, sizes.get(dimension), doc));
      } else {
        type.addField(
            FieldSpec.builder(TypeName.INT, field, Modifier.PRIVATE, Modifier.FINAL)
                .addJavadoc("$L", doc)
                .build());
        method.addParameter(TypeName.INT, field).addStatement("this.$1L = $1L", field);
      }
    }
    for (Dim dim : context.lengths().used()) {
      derived(type, method, dim);
    }
    offsets(type, method);
    return method.build();
  }

  private String vectors(String dimension) {
    List<Symbol> vectors = cell.dimensions().getOrDefault(dimension, List.of());
    return String.join(", ", vectors.stream().limit(6).map(Symbol::display).toList())
        + (vectors.size() > 6 ? ", …" : "");
  }

  private void derived(TypeSpec.Builder type, MethodSpec.Builder method, Dim dim) {
    Lengths lengths = context.lengths();
    String length = lengths.of(dim);
    boolean own = !length.equals(lengths.computed(dim));
    if (own) {
      field(type, TypeName.INT, length);
      method.addStatement("$L = $L", length, lengths.computed(dim));
    }
    field(type, TypeName.INT, lengths.blocks(dim));
    method.addStatement("$L = $T.blocks($L)", lengths.blocks(dim), Types.LANES, length);
    field(type, TypeName.LONG, lengths.row(dim));
    method.addStatement(
        "$L = (long) $L * $T.BYTES", lengths.row(dim), lengths.blocks(dim), Types.LANES);
  }

  private static void field(TypeSpec.Builder type, TypeName of, String name) {
    type.addField(FieldSpec.builder(of, name, Modifier.PRIVATE, Modifier.FINAL).build());
  }

  static String gradientField(Context context, Symbol parameter) {
    return context.names().get("parameter offset " + parameter, parameter.plain() + "_offset");
  }

  /// Byte offsets of parameters in their block, and of the pieces of the packed weights.
  private void offsets(TypeSpec.Builder type, MethodSpec.Builder method) {
    String floats = context.names().word("floats");
    method.addStatement("long $L = 0", floats);
    for (Cell.Parameter p : cell.parameters()) {
      String field = gradientField(context, p.symbol());
      field(type, TypeName.LONG, field);
      WeightView view = WeightView.of(p.expr());
      method.addStatement("$L = $L * Float.BYTES", field, floats);
      method.addStatement(
          view.columns().equals(Dim.ONE) ? "$L += $L" : "$L += (long) $L * $L",
          arguments(floats, view));
    }
    method.addStatement("$L = 0", floats);
    Schedule schedule = context.schedule();
    String forward = context.names().word("forward_floats");
    field(type, TypeName.LONG, forward);
    for (int i = 0; i < schedule.packed().size(); i++) {
      if (i == schedule.forwardPacked()) {
        method.addStatement("$L = $L", forward, floats);
      }
      field(type, TypeName.LONG, context.packedField(i));
      method.addStatement("$L = $L * Float.BYTES", context.packedField(i), floats);
      method.addStatement("$L += $L", floats, packedSize(schedule.packed().get(i)));
    }
    if (schedule.forwardPacked() == schedule.packed().size()) {
      method.addStatement("$L = $L", forward, floats);
    }
    String all = context.names().word("all_floats");
    field(type, TypeName.LONG, all);
    method.addStatement("$L = $L", all, floats);
  }

  private Object[] arguments(String floats, WeightView view) {
    String rows = context.lengths().of(view.rows());
    return view.columns().equals(Dim.ONE)
        ? new Object[] {floats, rows}
        : new Object[] {floats, rows, context.lengths().of(view.columns())};
  }

  private CodeBlock packedSize(Schedule.Packed piece) {
    return switch (piece) {
      case Schedule.Panel(List<Expr> weights) -> {
        WeightView view = WeightView.of(weights.getFirst());
        yield CodeBlock.of(
            "$T.floats($L, $L, $L)",
            Types.PANELS,
            context.lengths().of(view.units()),
            context.lengths().of(view.inner()),
            weights.size());
      }
      case Schedule.Bias(Dim length, List<List<Expr>> terms) ->
          CodeBlock.of(
              "$T.floats($L, 1, $L)", Types.PANELS, context.lengths().of(length), terms.size());
      case Schedule.Coefficient(Expr parameter) ->
          CodeBlock.of(
              "$T.floats($L, 1, 1)",
              Types.PANELS,
              context.lengths().of(WeightView.of(parameter).rows()));
    };
  }

  // ---- slots and buffers

  private List<MethodSpec> slots() {
    Schedule schedule = context.schedule();
    List<CodeBlock> inputs = new ArrayList<>();
    for (Cell.Input input : cell.inputs()) {
      Symbol gradient = schedule.adjoint().inputGradients().get(input.symbol());
      String to =
          gradient == null
              ? "-1"
              : context.bufferConstant(schedule.backward().place(gradient).buffer());
      inputs.add(slot(input.symbol(), Shapes.length(input.shape()), 0, to));
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
            Shapes.length(cell.outputShape()),
            0,
            context.bufferConstant(schedule.backward().place(outputGradient).buffer()));
    return List.of(
        getter("inputs", list(Types.SLOT), listOf(inputs)),
        getter("states", list(Types.SLOT), listOf(states)),
        getter("output", Types.SLOT, output),
        getter("parameters", list(Types.PARAMETER_SLOT), listOf(parameters())));
  }

  private CodeBlock stateSlot(Cell.State state, String gradient) {
    if (state.startsAs().equals(state.symbol())) {
      return slot(state.symbol(), Shapes.length(state.shape()), state.initial(), gradient);
    }
    return CodeBlock.of(
        "new $T($S, $L, $Lf, $S, $L, $L)",
        Types.SLOT,
        state.symbol().plain(),
        context.lengths().of(Shapes.length(state.shape())),
        (float) state.initial(),
        state.startsAs().plain(),
        context.bufferConstant(context.schedule().training().place(state.symbol()).buffer()),
        gradient);
  }

  private CodeBlock slot(Symbol symbol, Dim length, double initial, String gradient) {
    return CodeBlock.of(
        "new $T($S, $L, $Lf, $L, $L)",
        Types.SLOT,
        symbol.plain(),
        context.lengths().of(length),
        (float) initial,
        context.bufferConstant(context.schedule().training().place(symbol).buffer()),
        gradient);
  }

  private List<CodeBlock> parameters() {
    List<CodeBlock> list = new ArrayList<>();
    for (Cell.Parameter p : cell.parameters()) {
      WeightView view = WeightView.of(p.expr());
      list.add(
          CodeBlock.of(
              "new $T($S, $L, $L, $L, $L / Float.BYTES, $S)",
              Types.PARAMETER_SLOT,
              p.symbol().plain(),
              Shapes.rank(p.shape()),
              context.lengths().of(view.rows()),
              context.lengths().of(view.columns()),
              gradientField(context, p.symbol()),
              spelled(p.initialiser())));
    }
    return list;
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
    return override(name).returns(type).addStatement("return $L", value).build();
  }

  private static MethodSpec.Builder override(String name) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC);
  }

  private MethodSpec buffers() {
    List<CodeBlock> list = new ArrayList<>();
    for (BufferPlan plan : context.schedule().buffers()) {
      CodeBlock stride =
          CodeBlock.of("$T.pad($L)", Types.LANES, context.lengths().of(plan.length()));
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

  private CodeBlock scratchFloats() {
    Map<Dim, Integer> slotsByLength = new LinkedHashMap<>();
    int tiled = 0;
    for (Stage stage : stages()) {
      if (stage instanceof Tiles tiles) {
        int slots = StageMethods.scratchSlots(tiles);
        tiled = Math.max(tiled, StageMethods.chunk(tiles) * slots);
        slotsByLength.merge(tiles.length(), slots, Math::max);
      }
    }
    CodeBlock most = CodeBlock.of("TILE_ROWS * $L * $T.COUNT", tiled, Types.LANES);
    for (var entry : slotsByLength.entrySet()) {
      if (entry.getValue() > 0) {
        most =
            CodeBlock.of(
                "Math.max($L, Math.multiplyExact(FEW_ROWS * $L, $T.pad($L)))",
                most,
                entry.getValue(),
                Types.LANES,
                context.lengths().of(entry.getKey()));
      }
    }
    return most;
  }

  private List<Stage> stages() {
    Schedule s = context.schedule();
    return Stream.of(s.inference(), s.training(), s.backward())
        .flatMap(p -> stages(p).stream())
        .toList();
  }

  private static List<Stage> stages(Schedule.Pass p) {
    return Stream.of(p.before(), p.step(), p.after()).flatMap(List::stream).toList();
  }

  // ---- packing

  private MethodSpec packedFloats() {
    return override("packedFloats")
        .returns(TypeName.LONG)
        .addParameter(Types.MODE, "mode")
        .addStatement(
            "return mode == $T.INFERENCE ? $L : $L",
            Types.MODE,
            context.names().word("forward_floats"),
            context.names().word("all_floats"))
        .build();
  }

  private MethodSpec pack() {
    String parameters = context.names().word("parameters");
    String packed = context.names().word("packed");
    MethodSpec.Builder method =
        override("pack")
            .addParameter(Types.SEGMENT, parameters)
            .addParameter(Types.SEGMENT, packed)
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
      case Schedule.Panel(List<Expr> weights) -> {
        for (int slot = 0; slot < weights.size(); slot++) {
          WeightView view = WeightView.of(weights.get(slot));
          method.addStatement(
              "$T.pack($L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L,$W$L)",
              Types.PANELS,
              parameters,
              offset(context, view),
              context.lengths().of(view.stride()),
              view.transposed(),
              context.lengths().of(view.units()),
              context.lengths().of(view.inner()),
              packed,
              at,
              weights.size(),
              slot,
              Context.blocksPerTile(weights.size()));
        }
      }
      case Schedule.Bias(Dim length, List<List<Expr>> terms) -> {
        clear(method, packed, at, length, terms.size());
        for (int slot = 0; slot < terms.size(); slot++) {
          for (Expr term : terms.get(slot)) {
            addVector(method, term, parameters, packed, at, terms.size(), slot);
          }
        }
      }
      case Schedule.Coefficient(Expr parameter) -> {
        clear(method, packed, at, WeightView.of(parameter).rows(), 1);
        addVector(method, parameter, parameters, packed, at, 1, 0);
      }
    }
  }

  private void clear(MethodSpec.Builder method, String packed, String at, Dim length, int slots) {
    method.addStatement(
        "$T.clear($L, $L, 0, $L * $T.pad($L), 1)",
        Types.ROWS,
        packed,
        at,
        slots,
        Types.LANES,
        context.lengths().of(length));
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
        "$T.addVector($L, $L, $L, $L, $L, $L, $L)",
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
    String start = gradientField(context, view.parameter());
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

  // ---- passes

  private MethodSpec forward() {
    String frame = context.names().word("frame");
    CodeBlock passes =
        CodeBlock.builder()
            .beginControlFlow("switch ($L.mode())", frame)
            .addStatement("case INFERENCE -> infer($L)", frame)
            .addStatement("case TRAINING -> train($L)", frame)
            .endControlFlow()
            .build();
    return override("forward").addParameter(Types.FRAME, frame).addCode(guarded(passes)).build();
  }

  private MethodSpec backward() {
    String frame = context.names().word("frame");
    return override("backward")
        .addParameter(Types.FRAME, frame)
        .addCode(guarded(CodeBlock.builder().addStatement("backPropagate($L)", frame).build()))
        .build();
  }

  /// Method handles may throw anything by their type; those of the runtime don't.
  private static CodeBlock guarded(CodeBlock code) {
    return CodeBlock.builder()
        .beginControlFlow("try")
        .add(code)
        .nextControlFlow("catch ($T | $T e)", RuntimeException.class, Error.class)
        .addStatement("throw e")
        .nextControlFlow("catch ($T e)", Throwable.class)
        .addStatement("throw new $T(e)", IllegalStateException.class)
        .endControlFlow()
        .build();
  }

  private List<MethodSpec> passes() {
    Schedule schedule = context.schedule();
    Map<Stage, String> forward = new HashMap<>();
    Set<Stage> shared = new HashSet<>(stages(schedule.inference()));
    shared.retainAll(stages(schedule.training()));
    List<MethodSpec> methods = new ArrayList<>();
    methods.addAll(PassMethods.of(context, schedule.inference(), "infer", false, shared, forward));
    methods.addAll(PassMethods.of(context, schedule.training(), "train", false, shared, forward));
    methods.addAll(
        PassMethods.of(
            context, schedule.backward(), "backPropagate", true, Set.of(), new HashMap<>()));
    return methods;
  }
}
