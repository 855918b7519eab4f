package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.Schedule.Line;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Elementwise work as Java expressions. Values that one line computes and one other line of the
/// same equation reads are written inside it: `f.fma(c_prev, i.mul(c_tilde))`.
final class Lines {
  private final Context context;
  private final Arithmetic arithmetic;
  private final Schedule.Pass pass;
  private final Schedule.Tiles stage;
  private final Map<Symbol, Line> own = new HashMap<>();
  private final Map<Symbol, Line> inlined = new HashMap<>();

  /// Registers that hold one number for all units and rows.
  private final SequencedMap<String, CodeBlock> constants = new LinkedHashMap<>();

  /// Scalars that differ from row to row.
  private final Set<Expr.Value> rowScalars = new LinkedHashSet<>();

  private final Set<Expr.Value> loads = new LinkedHashSet<>();
  private final Set<Expr.Spread> columns = new LinkedHashSet<>();
  private final Set<Expr.Spread> rows = new LinkedHashSet<>();
  private final SequencedMap<String, CodeBlock> vectors = new LinkedHashMap<>();
  private boolean readsPacked;

  Lines(Context context, Arithmetic arithmetic, Schedule.Pass pass, Schedule.Tiles stage) {
    this.context = context;
    this.arithmetic = arithmetic;
    this.pass = pass;
    this.stage = stage;
    List<Line> all = new ArrayList<>(stage.lines());
    all.addAll(stage.ends());
    all.forEach(line -> own.put(line.equation().target(), line));
    all.stream()
        .filter(line -> isInlined(line, all))
        .forEach(line -> inlined.put(line.equation().target(), line));
    all.forEach(this::collect);
  }

  private static boolean isInlined(Line line, List<Line> all) {
    if (line.stored() || line.fromFamily() || isCall(line.equation().value())) {
      return false;
    }
    List<Line> readers = new ArrayList<>();
    for (Line other : all) {
      for (Expr term : terms(other)) {
        count(term, line.equation().target(), other, readers);
      }
    }
    return readers.size() == 1
        && readers.getFirst().equation().origin().equals(line.equation().origin());
  }

  private static void count(Expr e, Symbol symbol, Line reader, List<Line> readers) {
    if (e instanceof Expr.Value(Symbol s, int delay, _) && delay == 0 && s.equals(symbol)) {
      readers.add(reader);
    }
    operands(e).forEach(x -> count(x, symbol, reader, readers));
  }

  private static List<Expr> terms(Line line) {
    return line.fromFamily() ? line.rest() : List.of(line.equation().value());
  }

  /// Lines that get a register of their own.
  List<Line> written() {
    return written(stage.lines());
  }

  /// Scalars computed where a row ends that get a register of their own.
  List<Line> ends() {
    return written(stage.ends());
  }

  private List<Line> written(List<Line> lines) {
    return lines.stream().filter(line -> !inlined.containsKey(line.equation().target())).toList();
  }

  SequencedMap<String, CodeBlock> constants() {
    return constants;
  }

  Set<Expr.Value> rowScalars() {
    return rowScalars;
  }

  Set<Expr.Value> loads() {
    return loads;
  }

  /// Vector parameters, loaded once per block.
  SequencedMap<String, CodeBlock> vectors() {
    return vectors;
  }

  /// Whether any parameter is read.
  boolean readsPacked() {
    return readsPacked;
  }

  // ---- what is read

  private void collect(Line line) {
    terms(line).forEach(this::collect);
  }

  private void collect(Expr e) {
    switch (e) {
      case Expr.Literal(double value) ->
          constants.putIfAbsent(literal(value), arithmetic.spread(number(value)));
      case Expr.Constant(Symbol symbol, double value) ->
          constants.putIfAbsent(context.names().local(symbol), arithmetic.spread(number(value)));
      case Expr.StepNumber() ->
          constants.putIfAbsent(
              stepNumber(),
              arithmetic.spread(
                  CodeBlock.of(
                      "$L.firstStep() + $L + 1",
                      context.names().word("frame"),
                      context.names().word("step"))));
      case Expr.Length(Dim of) ->
          constants.putIfAbsent(
              count(of), arithmetic.spread(CodeBlock.of("(float) $L", context.lengths().of(of))));
      case Expr.Parameter _, Expr.Transpose _ -> coefficient(e);
      case Expr.Slice(Expr.Parameter _, _, _, _) -> coefficient(e);
      case Expr.Spread spread -> collectSpread(spread);
      case Expr.Value value -> collectValue(value);
      case Expr.Select(Expr.Literal(double condition), Expr then, Expr otherwise) ->
          collect(condition != 0 ? then : otherwise);
      default -> operands(e).forEach(this::collect);
    }
  }

  private void collectValue(Expr.Value value) {
    if (value.delay() == 0 && own.containsKey(value.symbol())) {
      return;
    }
    for (Equation uniform : pass.uniform()) {
      if (value.delay() == 0 && uniform.target().equals(value.symbol())) {
        collect(uniform.value());
        constants.putIfAbsent(context.names().local(value), expression(uniform.value()).code());
        return;
      }
    }
    boolean spread = value.shape() instanceof Shape.Scalar && !isScalarStage();
    (spread ? rowScalars : loads).add(value);
  }

  private boolean isScalarStage() {
    return stage.length().equals(Dim.ONE) && stage.totals().isEmpty() && !stage.isMatrix();
  }

  /// A vector beside a matrix: one number for each row of it, or as a row that all of them share.
  private void collectSpread(Expr.Spread spread) {
    if (!(spread.x() instanceof Expr.Value)) {
      readsPacked = true;
    }
    (spread.axis() == Expr.Axis.ROWS ? columns : rows).add(spread);
  }

  /// Vectors that have a number for each row of the stage's matrices.
  Set<Expr.Spread> columns() {
    return columns;
  }

  /// Vectors that lie along the rows of the stage's matrices.
  Set<Expr.Spread> rows() {
    return rows;
  }

  String register(Expr.Spread spread) {
    Symbol symbol =
        switch (spread.x()) {
          case Expr.Value v -> v.symbol();
          case Expr.Parameter p -> p.symbol();
          case Expr.Slice(Expr.Parameter p, _, _, _) -> p.symbol();
          default -> throw new IllegalStateException("spread of " + spread.x());
        };
    boolean column = spread.axis() == Expr.Axis.ROWS;
    boolean earlier = spread.x() instanceof Expr.Value v && v.delay() != 0;
    return context
        .names()
        .get(
            "spread " + spread, symbol.plain() + (earlier ? "_prev" : "") + (column ? "_i" : "_j"));
  }

  /// Where the vector is packed that is spread.
  String packedField(Expr.Spread spread) {
    return context.packedField(context.packedIndex(new Schedule.Coefficient(spread.x())));
  }

  private void coefficient(Expr parameter) {
    readsPacked = true;
    int index = context.packedIndex(new Schedule.Coefficient(parameter));
    String field = context.packedField(index);
    String packed = context.names().word("packed");
    if (parameter.shape() instanceof Shape.Scalar) {
      constants.putIfAbsent(
          register(parameter),
          arithmetic.spread(
              CodeBlock.of("$L.get($T.JAVA_FLOAT, $L)", packed, Types.VALUE_LAYOUT, field)));
    } else {
      String unit = context.names().word("unit");
      CodeBlock at =
          parameter.shape() instanceof Shape.Matrix
              ? CodeBlock.of(
                  "$L + $L * $L + $L",
                  field,
                  context.names().word("i"),
                  context.lengths().row(stage.length()),
                  unit)
              : CodeBlock.of("$L + $L", field, unit);
      vectors.putIfAbsent(register(parameter), arithmetic.load(packed, at));
    }
  }

  private String register(Expr parameter) {
    return switch (parameter) {
      case Expr.Parameter(Symbol symbol, _) -> context.names().local(symbol);
      case Expr.Slice(Expr.Parameter(Symbol symbol, _), _, _, _) ->
          context.names().get("slice " + parameter, symbol.plain() + "_part");
      case Expr.Transpose(Expr x) ->
          context.names().get("transpose " + parameter, register(x) + "T");
      default -> throw new IllegalStateException("not a coefficient: " + parameter);
    };
  }

  private static List<Expr> operands(Expr e) {
    return switch (e) {
      case Expr.Unary(_, Expr x) -> List.of(x);
      case Expr.Binary(_, Expr a, Expr b) -> List.of(a, b);
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          List.of(condition, then, otherwise);
      case Expr.Sum(List<Expr> terms) -> terms;
      case Expr.Reduce(_, Expr x) -> List.of(x);
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _ -> List.of();
      case Expr.Parameter _, Expr.Value _, Expr.Transpose _ -> List.of();
      case Expr.Slice(Expr.Parameter _, _, _, _) -> List.of();
      case Expr.Total(_, Expr x) -> List.of(x);
      case Expr.Spread _ -> List.of(); // complete before this stage begins
      case Expr.MatMul _, Expr.Outer _, Expr.Concat _, Expr.Slice _, Expr.Running _ ->
          throw new IllegalStateException("not elementwise: " + e);
    };
  }

  // ---- expressions

  private static CodeBlock number(double value) {
    float number = (float) value;
    if (Float.isNaN(number)) {
      return CodeBlock.of("Float.NaN");
    }
    if (Float.isInfinite(number)) {
      return CodeBlock.of(number > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY");
    }
    return CodeBlock.of("$Lf", number);
  }

  private String literal(double value) {
    String wish =
        value == 0
            ? "zero"
            : value == 1 ? "one" : value == 2 ? "two" : value == 0.5 ? "half" : "number";
    return context.names().get("literal " + value, wish);
  }

  private String stepNumber() {
    return context.names().get("step number", "step_number");
  }

  private String count(Dim of) {
    return context.names().get("count " + of, "count");
  }

  /// What a line totals, at one block.
  Term totalled(Line line) {
    return expression(operands(line.equation().value()).getFirst());
  }

  /// The value of a line; `slot` is the family's sum where it has one.
  CodeBlock value(Line line, CodeBlock slot) {
    if (!line.fromFamily()) {
      return expression(line.equation().value()).code();
    }
    Term sum = new Term(slot, Term.Binding.ATOM);
    for (Expr term : line.rest()) {
      sum = plus(sum, term);
    }
    return sum.code();
  }

  private Term expression(Expr e) {
    return switch (e) {
      case Expr.Literal(double value) -> Term.atom("$L", literal(value));
      case Expr.Constant(Symbol symbol, _) -> Term.atom("$L", context.names().local(symbol));
      case Expr.StepNumber() -> Term.atom("$L", stepNumber());
      case Expr.Length(Dim of) -> Term.atom("$L", count(of));
      case Expr.Parameter _, Expr.Transpose _ -> Term.atom("$L", register(e));
      case Expr.Slice(Expr.Parameter _, _, _, _) -> Term.atom("$L", register(e));
      case Expr.Spread spread -> Term.atom("$L", register(spread));
      case Expr.Value value -> value(value);
      case Expr.Unary(Expr.UnaryOp op, Expr x) -> arithmetic.unary(op, expression(x));
      case Expr.Binary(Expr.BinaryOp op, Expr a, Expr b) -> binary(op, a, b);
      case Expr.Select(Expr.Literal(double condition), Expr then, Expr otherwise) ->
          expression(condition != 0 ? then : otherwise);
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          arithmetic.select(expression(condition), expression(then), expression(otherwise));
      case Expr.Sum(List<Expr> terms) -> sum(terms);
      case Expr.MatMul _,
          Expr.Outer _,
          Expr.Concat _,
          Expr.Slice _,
          Expr.Reduce _,
          Expr.Total _,
          Expr.Running _ ->
          throw new IllegalStateException("not elementwise: " + e);
    };
  }

  private Term value(Expr.Value value) {
    Line line = value.delay() == 0 ? inlined.get(value.symbol()) : null;
    return line != null
        ? expression(line.equation().value())
        : Term.atom("$L", context.names().local(value));
  }

  /// The product that a term is, if it is one to be written in place.
  private Optional<Expr.Binary> product(Expr term) {
    Expr e = term;
    while (e instanceof Expr.Value(Symbol s, int delay, _) && delay == 0) {
      Line line = inlined.get(s);
      if (line == null) {
        return Optional.empty();
      }
      e = line.equation().value();
    }
    return e instanceof Expr.Binary b && b.op() == Expr.BinaryOp.MULTIPLY
        ? Optional.of(b)
        : Optional.empty();
  }

  private Term sum(List<Expr> terms) {
    List<Expr> order = new ArrayList<>(terms);
    order.sort(Comparator.comparing(t -> product(t).isPresent()));
    Term sum = expression(order.getFirst());
    for (Expr term : order.subList(1, order.size())) {
      sum = plus(sum, term);
    }
    return sum;
  }

  private Term plus(Term sum, Expr term) {
    return product(term)
        .map(p -> arithmetic.multiplyAdd(sum, expression(p.a()), expression(p.b())))
        .orElseGet(() -> arithmetic.binary(Expr.BinaryOp.ADD, sum, expression(term)));
  }

  private Term binary(Expr.BinaryOp op, Expr a, Expr b) {
    if (op != Expr.BinaryOp.ADD) {
      return arithmetic.binary(op, expression(a), expression(b));
    }
    return product(a).isPresent() && product(b).isEmpty()
        ? plus(expression(b), a)
        : plus(expression(a), b);
  }

  /// Whether the operation is a call: its value gets a register of its own.
  private static boolean isCall(Expr e) {
    return switch (e) {
      case Expr.Unary(Expr.UnaryOp op, _) ->
          switch (op) {
            case NEGATE, SQRT, ABS, DETACH -> false;
            case SIGMOID, TANH, RELU, EXP, LOG, SOFTPLUS, SIGN, STEP -> true;
            case SIN, COS, ERF, FLOOR -> true;
          };
      case Expr.Binary(Expr.BinaryOp op, _, _) ->
          op == Expr.BinaryOp.POWER || op == Expr.BinaryOp.GREATER;
      case Expr.Select _, Expr.Reduce _, Expr.Total _ -> true;
      default -> false;
    };
  }
}
