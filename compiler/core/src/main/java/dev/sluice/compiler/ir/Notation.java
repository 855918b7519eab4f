package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Shape.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints the IR as it stands on a slide, in normalised Unicode: `c_t = f_t ∘ c_{t-1} + i_t ∘
/// c̃_t`.
///
/// For people: `∘` is the elementwise product, `·` scales, juxtaposition is the matrix product,
/// `V[0:n]` are the rows 0 to n-1 and `V[:, 0:n]` the columns. [IrPrinter] has the form that can be
/// read back.
public final class Notation {
  /// How tightly a piece of text holds together.
  private enum Level {
    COMPARISON,
    SUM,
    PRODUCT,
    JUXTAPOSITION,
    FRACTION,
    ATOM
  }

  private record Text(String text, Level level) {
    String atLeast(Level wanted) {
      return level.compareTo(wanted) >= 0 ? text : "(" + text + ")";
    }
  }

  private Notation() {}

  /// One right side: `σ(W_f h_{t-1} + U_f x_t + b_f)`.
  public static String expression(Expr e) {
    return text(e).text();
  }

  /// One equation: `f_t = σ(W_f h_{t-1} + U_f x_t + b_f)`.
  public static String equation(Equation e) {
    return TimedName.of(e.target(), 0) + " = " + expression(e.value());
  }

  /// A formula of a cell that runs once: its names have no times.
  public static String timeless(String formula) {
    return TimedName.without(formula);
  }

  /// A cell: a header with its inputs, states, parameters and their shapes, then an equation a
  /// line. Pieces whose name is their content (`1 − u_t = 1 − u_t`) are left out.
  public static String cell(Cell cell) {
    return NotationHeader.of(cell) + "\n" + equations(cell.equations());
  }

  /// A backward step: an equation a line, then what it adds to each parameter's gradient, `∂L/∂W_f
  /// += ∂L/∂z_{f,t} h_{t-1}ᵀ`.
  public static String adjoint(Adjoint adjoint) {
    return equations(adjoint.equations())
        + adjoint.accumulations().stream()
            .map(a -> accumulation(a) + "\n")
            .collect(Collectors.joining());
  }

  /// One line of the gradients of the parameters: `∂L/∂b_f += ∂L/∂z_{f,t}`.
  public static String accumulation(Adjoint.Accumulation a) {
    return "∂L/∂" + expression(a.target()) + " += " + expression(a.contribution());
  }

  private static String equations(List<Equation> equations) {
    return equations.stream()
        .filter(e -> !TimedName.of(e.target(), 0).equals(expression(e.value())))
        .map(e -> equation(e) + "\n")
        .collect(Collectors.joining());
  }

  private static Text text(Expr e) {
    return switch (e) {
      case Expr.Literal(double value) -> number(value);
      case Expr.Constant(Symbol symbol, double _) -> atom(symbol.display());
      case Expr.StepNumber() -> atom("t");
      case Expr.Length(Dim of) -> new Text(of.toString(), level(of.toString()));
      case Expr.Parameter(Symbol symbol, Shape _) -> name(symbol.display());
      case Expr.Value(Symbol symbol, int delay, Shape _) -> name(TimedName.of(symbol, delay));
      case Expr.Unary(UnaryOp op, Expr x) ->
          op == UnaryOp.NEGATE
              ? new Text("−" + text(x).atLeast(Level.PRODUCT), Level.SUM)
              : call(function(op), x);
      case Expr.Binary(BinaryOp op, Expr a, Expr b) -> binary(op, a, b);
      case Expr.Select(Expr condition, Expr then, Expr otherwise) ->
          call("where", condition, then, otherwise);
      case Expr.Sum(List<Expr> terms) -> sum(terms);
      case Expr.MatMul(Expr a, Expr b) ->
          new Text(
              text(a).atLeast(Level.JUXTAPOSITION) + " " + text(b).atLeast(Level.FRACTION),
              Level.JUXTAPOSITION);
      case Expr.Transpose(Expr x) -> atom(text(x).atLeast(Level.ATOM) + "ᵀ");
      case Expr.Outer(Expr a, Expr b) ->
          new Text(
              text(a).atLeast(Level.JUXTAPOSITION) + " " + text(b).atLeast(Level.ATOM) + "ᵀ",
              Level.JUXTAPOSITION);
      case Expr.Concat(List<Expr> parts) -> atom("[" + list(parts) + "]");
      case Expr.Slice(Expr x, Axis axis, Dim from, Dim length) ->
          atom(
              text(x).atLeast(Level.ATOM)
                  + (axis == Axis.ROWS ? "[" : "[:, ")
                  + (from + ":" + from.plus(length)).replace(" ", "")
                  + "]");
      case Expr.Reduce(Expr.ReduceOp op, Expr x) -> call(op.name().toLowerCase(Locale.ROOT), x);
      case Expr.Running(boolean backwards, Expr x) ->
          call(backwards ? "cumsum_from_the_end" : "cumsum", x);
      case Expr.Spread(Expr x, Axis axis, Dim _) ->
          axis == Axis.ROWS ? outer(text(x), "1") : outer(atom("1"), text(x).atLeast(Level.ATOM));
      case Expr.Total(Axis axis, Expr x) -> total(axis, x);
    };
  }

  private static Text rowsScaled(Expr by, Expr matrix) {
    return juxtaposed("diag(" + expression(by) + ")", text(matrix).atLeast(Level.FRACTION));
  }

  private static Text outer(Text column, String row) {
    return juxtaposed(column.atLeast(Level.JUXTAPOSITION), row + "ᵀ");
  }

  private static Text juxtaposed(String left, String right) {
    return new Text(left + " " + right, Level.JUXTAPOSITION);
  }

  /// `M x` and `Mᵀ x`, the sum of a row or column of products; else `M 1` and `Mᵀ 1`.
  private static Text total(Axis axis, Expr matrix) {
    Expr of = matrix;
    String vector = "1";
    if (matrix instanceof Expr.Binary(BinaryOp op, Expr a, Expr.Spread(Expr b, Axis along, Dim _))
        && op == BinaryOp.MULTIPLY
        && along != axis) {
      of = a;
      vector = text(b).atLeast(Level.FRACTION);
    }
    return axis == Axis.ROWS
        ? juxtaposed(text(of).atLeast(Level.JUXTAPOSITION), vector)
        : juxtaposed(text(of).atLeast(Level.ATOM) + "ᵀ", vector);
  }

  private static Text binary(BinaryOp op, Expr a, Expr b) {
    return switch (op) {
      case ADD -> sum(List.of(a, b));
      case SUBTRACT ->
          new Text(text(a).atLeast(Level.SUM) + " − " + text(b).atLeast(Level.PRODUCT), Level.SUM);
      case MULTIPLY -> a.equals(b) ? power(a, "²") : product(a, b);
      case DIVIDE ->
          new Text(
              text(a).atLeast(Level.PRODUCT) + " / " + text(b).atLeast(Level.ATOM), Level.PRODUCT);
      case MAX, MIN -> call(op.name().toLowerCase(Locale.ROOT), a, b);
      case POWER -> power(a, superscript(b));
      case GREATER ->
          new Text(
              text(a).atLeast(Level.SUM) + " > " + text(b).atLeast(Level.SUM), Level.COMPARISON);
    };
  }

  /// `a bᵀ`, `diag(a) M` and `M diag(b)` where vectors are spread over a matrix.
  private static Text product(Expr a, Expr b) {
    if (a instanceof Expr.Spread(Expr column, Axis axis, Dim _) && axis == Axis.ROWS) {
      return b instanceof Expr.Spread(Expr row, Axis other, Dim _) && other == Axis.COLUMNS
          ? outer(text(column), text(row).atLeast(Level.ATOM))
          : rowsScaled(column, b);
    }
    if (b instanceof Expr.Spread(Expr column, Axis axis, Dim _) && axis == Axis.ROWS) {
      return rowsScaled(column, a);
    }
    if (b instanceof Expr.Spread(Expr row, Axis axis, Dim _) && axis == Axis.COLUMNS) {
      return juxtaposed(text(a).atLeast(Level.JUXTAPOSITION), "diag(" + expression(row) + ")");
    }
    boolean scales = a.shape() instanceof Scalar || b.shape() instanceof Scalar;
    String sign = scales ? " · " : " ∘ ";
    return new Text(
        text(a).atLeast(Level.PRODUCT) + sign + text(b).atLeast(Level.JUXTAPOSITION),
        Level.PRODUCT);
  }

  /// A negated term is subtracted.
  private static Text sum(List<Expr> terms) {
    if (terms.size() == 1) {
      return text(terms.getFirst());
    }
    StringBuilder text = new StringBuilder();
    for (Expr term : terms) {
      String printed = text(term).atLeast(Level.SUM);
      if (text.isEmpty()) {
        text.append(printed);
      } else if (printed.startsWith("−")) {
        text.append(" − ").append(printed.substring(1));
      } else {
        text.append(" + ").append(printed);
      }
    }
    return new Text(text.toString(), Level.SUM);
  }

  /// `tanh²(c_t)`, `h_t²`, `(a + b)²`.
  private static Text power(Expr base, String exponent) {
    if (base instanceof Expr.Unary(UnaryOp op, Expr x) && op != UnaryOp.NEGATE) {
      return call(function(op) + exponent, x);
    }
    boolean isPower =
        base instanceof Expr.Binary b && (b.op() == BinaryOp.POWER || b.a().equals(b.b()));
    String text = isPower ? "(" + expression(base) + ")" : text(base).atLeast(Level.ATOM);
    return atom(text + exponent);
  }

  private static String superscript(Expr exponent) {
    if (exponent instanceof Expr.Literal(double value)
        && value == Math.rint(value)
        && value >= 0
        && value < 1e6) {
      return Long.toString((long) value)
          .chars()
          .mapToObj(digit -> String.valueOf("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0')))
          .collect(Collectors.joining());
    }
    return "^{" + expression(exponent) + "}";
  }

  private static String function(UnaryOp op) {
    return op == UnaryOp.SIGMOID ? "σ" : op.name().toLowerCase(Locale.ROOT);
  }

  private static Text call(String function, Expr... arguments) {
    return atom(function + "(" + list(List.of(arguments)) + ")");
  }

  private static String list(List<Expr> expressions) {
    List<String> texts = new ArrayList<>();
    expressions.forEach(e -> texts.add(expression(e)));
    return String.join(", ", texts);
  }

  private static Text number(double value) {
    String digits = plainNumber(Math.abs(value));
    boolean negative = value < 0 || 1 / value < 0;
    return negative ? new Text("−" + digits, Level.SUM) : atom(digits);
  }

  /// `1`, `0.5`, `1.0E-4`.
  static String plainNumber(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }

  /// Most names are atoms. The name of a piece is its content, `1 − u_t`, and holds together as
  /// that does. `∂L/∂c_t` is a fraction: fine as a factor, but not under a power or `ᵀ`.
  private static Text name(String name) {
    String outside = name;
    for (String inner = ""; !inner.equals(outside); ) {
      inner = outside;
      outside = inner.replaceAll("[(\\[{][^()\\[\\]{}]*[)\\]}]", "");
    }
    return new Text(name, level(outside));
  }

  private static Level level(String text) {
    if (text.contains(" > ")) {
      return Level.COMPARISON;
    }
    if (text.startsWith("−") || text.contains(" + ") || text.contains(" − ")) {
      return Level.SUM;
    }
    if (text.contains(" ∘ ") || text.contains(" · ") || text.contains(" / ")) {
      return Level.PRODUCT;
    }
    if (text.contains(" ")) {
      return Level.JUXTAPOSITION;
    }
    return text.contains("/") ? Level.FRACTION : Level.ATOM;
  }

  private static Text atom(String text) {
    return new Text(text, Level.ATOM);
  }
}
