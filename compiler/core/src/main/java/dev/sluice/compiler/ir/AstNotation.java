package dev.sluice.compiler.ir;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/// Prints the syntax tree in normalised Unicode, time as a subscript: `f_t = σ(W_f h_{t-1} + b_f)`.
/// For the origin of an equation and for messages.
public final class AstNotation {
  /// How tightly a piece of text holds together.
  private enum Level {
    COMPARISON,
    SUM,
    PRODUCT,
    JUXTAPOSITION,
    ATOM
  }

  private record Text(String text, Level level) {
    String atLeast(Level wanted) {
      return level.compareTo(wanted) >= 0 ? text : "(" + text + ")";
    }
  }

  private AstNotation() {}

  /// An equation on one line.
  public static String equation(Ast.Equation e) {
    return expression(e.left()) + " = " + expression(e.right());
  }

  /// A piece of an equation on one line.
  public static String expression(Ast.Expression e) {
    return text(e).text();
  }

  /// A name at a delay: `c̃_{t-1}`.
  public static String timed(Symbol symbol, int delay) {
    return TimedName.of(symbol, delay);
  }

  private static Text text(Ast.Expression e) {
    return switch (e) {
      case Ast.Number n -> atom(Notation.plainNumber(n.value()));
      case Ast.Name n -> atom(name(n));
      case Ast.Apply a -> atom(apply(a));
      case Ast.Juxtaposition j ->
          new Text(
              j.factors().stream()
                  .map(f -> text(f).atLeast(Level.ATOM))
                  .collect(Collectors.joining(" ")),
              Level.JUXTAPOSITION);
      case Ast.Operation o -> operation(o);
      case Ast.Negation n -> new Text("−" + text(n.x()).atLeast(Level.PRODUCT), Level.SUM);
      case Ast.Power p -> atom(text(p.base()).atLeast(Level.ATOM) + superscript(p.exponent()));
      case Ast.Transposition t -> atom(text(t.x()).atLeast(Level.ATOM) + "ᵀ");
      case Ast.Column c -> atom("(" + list(c.rows(), "; ") + ")");
      case Ast.Concatenation c -> atom("[" + list(c.parts(), ", ") + "]");
    };
  }

  private static String name(Ast.Name n) {
    return n.delay().map(d -> TimedName.of(n.symbol(), d)).orElse(n.symbol().display());
  }

  /// A space sets a product apart from a call: `W_g (r_t ∘ h_{t-1})`.
  private static String apply(Ast.Apply a) {
    boolean column = a.arguments().size() == 1 && a.arguments().getFirst() instanceof Ast.Column;
    String arguments =
        column ? expression(a.arguments().getFirst()) : "(" + list(a.arguments(), ", ") + ")";
    if (!(a.function() instanceof Ast.Name n)) {
      return text(a.function()).atLeast(Level.ATOM) + arguments;
    }
    if (n.symbol().plain().equals("sigmoid") && n.delay().isEmpty()) {
      return "σ" + arguments;
    }
    boolean product =
        n.delay().isPresent() || Character.isUpperCase(n.symbol().display().codePointAt(0));
    return name(n) + (product ? " " : "") + arguments;
  }

  private static Text operation(Ast.Operation o) {
    return switch (o.operator()) {
      case ADD, SUBTRACT -> sum(o);
      case ELEMENTWISE -> product(o, " ∘ ");
      case DOT -> product(o, " · ");
      case DIVIDE -> product(o, " / ");
      case MODULO -> product(o, " mod ");
      case MATRIX -> product(o, " @ ");
      case LESS -> comparison(o, " < ");
      case LESS_OR_EQUAL -> comparison(o, " ≤ ");
      case GREATER -> comparison(o, " > ");
      case GREATER_OR_EQUAL -> comparison(o, " ≥ ");
      case EQUAL -> comparison(o, " = ");
    };
  }

  /// Walks down the left side in a loop: a sum may have many thousand terms.
  private static Text sum(Ast.Operation last) {
    Deque<String> pieces = new ArrayDeque<>();
    Ast.Expression left = last;
    while (left instanceof Ast.Operation o && isSum(o)) {
      pieces.push(text(o.right()).atLeast(Level.PRODUCT));
      pieces.push(o.operator() == Ast.Operator.ADD ? " + " : " − ");
      left = o.left();
    }
    pieces.push(text(left).atLeast(Level.SUM));
    return new Text(String.join("", pieces), Level.SUM);
  }

  private static boolean isSum(Ast.Operation o) {
    return o.operator() == Ast.Operator.ADD || o.operator() == Ast.Operator.SUBTRACT;
  }

  private static Text product(Ast.Operation o, String sign) {
    String left = text(o.left()).atLeast(Level.PRODUCT);
    return new Text(left + sign + text(o.right()).atLeast(Level.JUXTAPOSITION), Level.PRODUCT);
  }

  private static Text comparison(Ast.Operation o, String sign) {
    String left = text(o.left()).atLeast(Level.SUM);
    return new Text(left + sign + text(o.right()).atLeast(Level.SUM), Level.COMPARISON);
  }

  private static String superscript(Ast.Expression exponent) {
    if (exponent instanceof Ast.Number(double value, var _)
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

  private static String list(List<Ast.Expression> expressions, String separator) {
    return expressions.stream().map(AstNotation::expression).collect(Collectors.joining(separator));
  }

  private static Text atom(String text) {
    return new Text(text, Level.ATOM);
  }
}
