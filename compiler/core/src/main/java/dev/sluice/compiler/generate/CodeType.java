package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Stage;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/// The nested classes that run a cell of definite size; see [Twins].
final class CodeType {
  private final Context context;
  private final Cell cell;
  private final Map<String, Integer> sizes;
  private final Twins twins;
  private final Optional<Twins> weights;
  private final List<ElementwiseMethod> elementwise = new ArrayList<>();

  /// @param weights the classes that compute weights, if any are computed
  /// @param sizes of all dimensions when the class is specialised to them, else empty
  CodeType(Context context, Twins twins, Optional<Twins> weights, Map<String, Integer> sizes) {
    this.twins = twins;
    this.weights = weights;
    this.context = context;
    this.cell = context.schedule().cell();
    this.sizes = sizes;
  }

  List<TypeSpec> types() {
    List<TypeSpec> types = new ArrayList<>();
    List<MethodSpec> passes = passes();
    // Before the constructor, which fills the fields that any method uses.
    List<TypeSpec> implementations = twins.types(elementwise, open());
    PackMethods packing = new PackMethods(context);
    MethodSpec pack = packing.pack();
    SlotMethods slotMethods = new SlotMethods(context);
    MethodSpec buffers = slotMethods.buffers();
    List<MethodSpec> slots = slotMethods.slots();
    TypeSpec.Builder type =
        TypeSpec.classBuilder(twins.code())
            .addModifiers(Modifier.PRIVATE, Modifier.ABSTRACT, Modifier.STATIC)
            .addSuperinterface(Types.CELL_CODE);
    if (!twins.doc().isEmpty()) {
      type.addJavadoc("$L\n", twins.doc());
    }
    constants(type);
    CodeBlock outerProducts = outerProducts();
    MethodSpec constructor = constructor(type, outerProducts);
    type.addMethod(constructor);
    slots.forEach(type::addMethod);
    weights.map(this::weightCode).ifPresent(type::addMethod);
    type.addMethod(buffers).addMethod(packing.packing()).addMethod(pack);
    type.addMethod(shared()).addMethod(forward()).addMethod(backward());
    if (joins()) {
      type.addMethod(joinsMethod());
    }
    passes.forEach(type::addMethod);
    types.add(type.build());
    types.addAll(implementations);
    return types;
  }

  private MethodSpec weightCode(Twins ofWeights) {
    CodeBlock lengths = CodeBlock.of("$L", String.join(", ", open()));
    return override("weightCode")
        .returns(Types.WEIGHT_CODE)
        .addCode(ofWeights.choice(lengths, "Optional.of($L)"))
        .build();
  }

  /// The lengths that are given when the cell is bound.
  private List<String> open() {
    return cell.dimensions().keySet().stream()
        .filter(dimension -> !sizes.containsKey(dimension))
        .map(context.lengths()::dimension)
        .toList();
  }

  // ---- fields

  private void constants(TypeSpec.Builder type) {
    type.addField(
        constant(
            "JOIN_ROWS",
            Schedule.JOIN_ROWS,
            "From so many sequences on, sums that were hoisted out of the loop join it again."));
    for (int i = 0; i < context.schedule().buffers().size(); i++) {
      type.addField(constant(context.bufferConstant(i), i, ""));
    }
    int next = context.schedule().buffers().size();
    type.addField(constant(context.scratchConstant(), next, ""));
    type.addField(constant(context.leftConstant(), next + 1, ""));
    type.addField(constant(context.outerConstant(), next + 2, ""));
  }

  private static FieldSpec constant(String name, int value, String doc) {
    FieldSpec.Builder field =
        FieldSpec.builder(TypeName.INT, name, Modifier.STATIC, Modifier.FINAL)
            .initializer("$L", value);
    return (doc.isEmpty() ? field : field.addJavadoc("$L", doc)).build();
  }

  /// The constructor, and the fields that it fills.
  private MethodSpec constructor(TypeSpec.Builder type, CodeBlock outerProducts) {
    MethodSpec.Builder method = MethodSpec.constructorBuilder();
    for (String dimension : cell.dimensions().keySet()) {
      String field = context.lengths().dimension(dimension);
      String doc = "Length of " + Comments.safe(vectors(dimension)) + ".";
      if (sizes.containsKey(dimension)) {
        type.addField(constant(field, sizes.get(dimension), doc));
      } else {
        type.addField(
            FieldSpec.builder(TypeName.INT, field, Modifier.FINAL).addJavadoc("$L", doc).build());
        method.addParameter(TypeName.INT, field).addStatement("this.$1L = $1L", field);
      }
    }
    for (Dim dim : context.lengths().used()) {
      derived(type, method, dim);
    }
    offsets(type, method);
    if (!outerProducts.isEmpty()) {
      field(type, Types.OUTER_PRODUCTS, context.outerProducts());
      method.addCode(outerProducts);
    }
    return method.build();
  }

  /// Before the constructor, which fills the fields that it uses.
  private CodeBlock outerProducts() {
    return context.schedule().passes().stream()
        .map(pass -> new GradientMethods(context, pass).products(context.outerProducts()))
        .collect(CodeBlock.joining(""));
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
        "$L = (long) $T.pad($L) * Float.BYTES", lengths.row(dim), Types.LANES, length);
  }

  static void field(TypeSpec.Builder type, TypeName of, String name) {
    type.addField(FieldSpec.builder(of, name, Modifier.FINAL).build());
  }

  static String gradientField(Context context, Symbol parameter) {
    return context.names().get("parameter offset " + parameter, parameter.plain() + "_offset");
  }

  /// Byte offsets of parameters in their block, and where the packed weights are.
  private void offsets(TypeSpec.Builder type, MethodSpec.Builder method) {
    String floats = context.names().word("floats");
    method.addStatement("long $L = 0", floats);
    for (Expr.Parameter p : cell.coefficients()) {
      String field = gradientField(context, p.symbol());
      field(type, TypeName.LONG, field);
      WeightView view = WeightView.of(p);
      method.addStatement("$L = $L * Float.BYTES", field, floats);
      method.addStatement(
          view.columns().equals(Dim.ONE) ? "$L += $L" : "$L += (long) $L * $L",
          arguments(floats, view));
    }
    new PackMethods(context).pieces(type, method);
  }

  private Object[] arguments(String floats, WeightView view) {
    String rows = context.lengths().of(view.rows());
    return view.columns().equals(Dim.ONE)
        ? new Object[] {floats, rows}
        : new Object[] {floats, rows, context.lengths().of(view.columns())};
  }

  static MethodSpec.Builder override(String name) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC);
  }

  private boolean joins() {
    return context.schedule().passes().stream().anyMatch(pass -> !pass.joinable().isEmpty());
  }

  private MethodSpec joinsMethod() {
    String frame = context.names().word("frame");
    return MethodSpec.methodBuilder("joins")
        .addJavadoc(
            "Whether sums that were hoisted out of the loop join it again: a single step gains nothing"
                + " from hoisting.")
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .addParameter(Types.FRAME, frame)
        .returns(TypeName.BOOLEAN)
        .addStatement("return $1L.batch() >= JOIN_ROWS || $1L.steps() == 1", frame)
        .build();
  }

  // ---- passes

  private static MethodSpec shared() {
    return override("isShared").returns(TypeName.BOOLEAN).addStatement("return true").build();
  }

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
    methods.addAll(
        PassMethods.of(
            context, schedule.inference(), "infer", false, shared, forward, elementwise));
    methods.addAll(
        PassMethods.of(context, schedule.training(), "train", false, shared, forward, elementwise));
    methods.addAll(
        PassMethods.of(
            context,
            schedule.backward(),
            "backPropagate",
            true,
            Set.of(),
            new HashMap<>(),
            elementwise));
    return methods;
  }

  static List<Stage> stages(Schedule.Pass p) {
    return Stream.of(p.before(), p.step(), p.after()).flatMap(List::stream).toList();
  }
}
