package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints cells and adjoints in the textual form that [IrParser] reads: plain names, one
/// declaration or equation a line, one text per tree. Origins and display names are left out; all
/// else comes back equal.
///
///     cell rnn
///     dim n = h, b
///     dim m = x
///     input x: [m]
///     state h: [n]
///     param W: [n, n] orthogonal
///     param V: [n, m]
///     param b: [n]
///     output h
///     h: [n] = tanh(V @ x + W @ h[t-1] + b)
///
/// `a + b + c` is one [Sum], `a @ b` the matrix product, `a * b` elementwise; these infix operators
/// never chain, so that `(a * b) * c` is the only way to write it. All other nodes are calls:
/// `add(a, b)`, `outer(a, b)`, `const(alpha, 0.9)`; `W.T` is a transpose, `V[0:n]` rows, `V[:,
/// 0:n]` columns, `[a, b]` a concatenation.
///
/// Behind a line `weights` follows the cell that computes weights, if there is one.
public final class IrPrinter {
  /// Between a cell and the one that computes its weights.
  static final String WEIGHTS = "\nweights\n";

  private IrPrinter() {}

  public static String print(Cell cell) {
    StringBuilder out = new StringBuilder("cell " + cell.name() + "\n");
    cell.dimensions()
        .forEach(
            (name, vectors) ->
                out.append("dim ").append(name).append(" = ").append(names(vectors)).append('\n'));
    cell.inputs().forEach(i -> out.append("input " + i.symbol() + ": " + i.shape() + "\n"));
    for (Cell.State s : cell.states()) {
      String start = s.startsAs().equals(s.symbol()) ? "" : " as " + s.startsAs();
      String initial = s.initial() == 0 ? "" : " = " + print(new Expr.Literal(s.initial()));
      out.append("state " + s.symbol() + ": " + s.shape() + initial + start + "\n");
    }
    for (Cell.Parameter p : cell.parameters()) {
      boolean usual = p.initialiser() instanceof Initialiser.Default;
      out.append(
          "param "
              + p.symbol()
              + ": "
              + p.shape()
              + (usual ? "" : " " + initialiser(p.initialiser()))
              + (p.frozen() ? " frozen" : "")
              + "\n");
    }
    for (Cell.Mask m : cell.masks()) {
      out.append("mask " + m.symbol() + ": " + m.shape() + " = " + m.scale());
      out.append(" with " + m.probability() + (m.everyStep() ? "" : " once") + "\n");
    }
    out.append("output ").append(cell.output()).append('\n');
    cell.equations().forEach(e -> out.append(print(e)).append('\n'));
    cell.weights().ifPresent(weights -> out.append(WEIGHTS).append(print(weights)));
    return out.toString();
  }

  /// The backward part alone; reading it back takes the cell.
  public static String print(Adjoint adjoint) {
    StringBuilder out = new StringBuilder("adjoint of " + adjoint.cell().name() + "\n");
    out.append("output_gradient ").append(adjoint.outputGradient()).append('\n');
    adjoint
        .carries()
        .forEach((state, carry) -> out.append("carry " + carry + " of " + state + "\n"));
    adjoint
        .inputGradients()
        .forEach((input, d) -> out.append("input_gradient " + d + " of " + input + "\n"));
    adjoint.equations().forEach(e -> out.append(print(e)).append('\n'));
    for (Adjoint.Accumulation a : adjoint.accumulations()) {
      out.append("accumulate " + print(a.target()) + " += " + print(a.contribution()) + "\n");
    }
    adjoint.weights().ifPresent(weights -> out.append(WEIGHTS).append(print(weights)));
    return out.toString();
  }

  /// `f: [n] = sigmoid(z_f)`
  public static String print(Equation e) {
    return e.target() + ": " + e.shape() + " = " + print(e.value());
  }

  public static String print(Expr e) {
    return switch (e) {
      case Expr.Literal(double value) ->
          Double.isFinite(value) ? Double.toString(value) : "literal(" + value + ")";
      case Expr.Constant(Symbol symbol, double value) ->
          "const(" + symbol + ", " + print(new Expr.Literal(value)) + ")";
      case Expr.StepNumber() -> "step_number()";
      case Expr.Length(Dim of) -> "length(" + of + ")";
      case Expr.Parameter(Symbol symbol, Shape _) -> symbol.plain();
      case Expr.Value(Symbol symbol, int delay, Shape _) -> symbol + time(delay);
      case Expr.Unary(UnaryOp op, Expr x) -> call(word(op), List.of(x));
      case Binary(BinaryOp op, Expr a, Expr b) -> binary(op, a, b);
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          call("select", List.of(condition, then, otherwise));
      case Sum(List<Expr> terms) ->
          terms.size() == 1
              ? call("sum", terms)
              : terms.stream().map(IrPrinter::term).collect(Collectors.joining(" + "));
      case Expr.MatMul(Expr a, Expr b) -> operand(a) + " @ " + operand(b);
      case Expr.Transpose(Expr x) -> operand(x) + ".T";
      case Expr.Outer(Expr a, Expr b) -> call("outer", List.of(a, b));
      case Expr.Concat(List<Expr> parts) -> "[" + list(parts) + "]";
      case Expr.Slice(Expr x, Axis axis, Dim from, Dim length) ->
          operand(x) + (axis == Axis.ROWS ? "[" : "[:, ") + from + ":" + from.plus(length) + "]";
      case Expr.Reduce(Expr.ReduceOp op, Expr x) -> call("reduce_" + word(op), List.of(x));
      case Expr.Running(boolean backwards, Expr x) ->
          call(backwards ? "running_back" : "running", List.of(x));
      case Expr.Spread(Expr x, Axis axis, Dim count) ->
          "spread_" + word(axis) + "(" + print(x) + ", " + count + ")";
      case Expr.Total(Axis axis, Expr x) -> call("total_" + word(axis), List.of(x));
    };
  }

  private static String binary(BinaryOp op, Expr a, Expr b) {
    return switch (op) {
      case MULTIPLY -> operand(a) + " * " + operand(b);
      case DIVIDE -> operand(a) + " / " + operand(b);
      case SUBTRACT -> operand(a) + " - " + operand(b);
      case ADD, MAX, MIN, POWER, GREATER -> call(word(op), List.of(a, b));
    };
  }

  /// The words of a parameter's start: `default`, `constant 1.0`, `orthogonal`, `glorot`, `uniform
  /// 0.1`, `normal 0.02`, `identity`.
  public static String initialiser(Initialiser initialiser) {
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

  static String word(Enum<?> op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  private static String time(int delay) {
    return delay == 0 ? "" : delay > 0 ? "[t-" + delay + "]" : "[t+" + -delay + "]";
  }

  private static boolean isInfix(Expr e) {
    return switch (e) {
      case Sum(List<Expr> terms) -> terms.size() > 1;
      case Expr.MatMul _ -> true;
      case Binary(BinaryOp op, Expr _, Expr _) ->
          op == BinaryOp.MULTIPLY || op == BinaryOp.DIVIDE || op == BinaryOp.SUBTRACT;
      case Expr.Literal _, Expr.Constant _, Expr.StepNumber _, Expr.Length _ -> false;
      case Expr.Parameter _, Expr.Value _ -> false;
      case Expr.Unary _, Expr.Select _, Expr.Transpose _, Expr.Outer _ -> false;
      case Expr.Concat _, Expr.Slice _, Expr.Reduce _, Expr.Running _ -> false;
      case Expr.Spread _, Expr.Total _ -> false;
    };
  }

  private static String operand(Expr e) {
    return isInfix(e) ? "(" + print(e) + ")" : print(e);
  }

  /// Products bind tighter than `+`; differences and sums in a sum need brackets.
  private static String term(Expr e) {
    boolean additive = e instanceof Sum || e instanceof Binary b && b.op() == BinaryOp.SUBTRACT;
    return additive ? operand(e) : print(e);
  }

  private static String call(String function, List<Expr> arguments) {
    return function + "(" + list(arguments) + ")";
  }

  private static String list(List<Expr> expressions) {
    return expressions.stream().map(IrPrinter::print).collect(Collectors.joining(", "));
  }

  private static String names(List<Symbol> symbols) {
    return symbols.stream().map(Symbol::plain).collect(Collectors.joining(", "));
  }
}
