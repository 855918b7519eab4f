package dev.sluice.compiler.ir;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes expressions of the syntax tree in one [Spelling], so that reading them gives the same
/// tree.
final class AstText {
  /// How tightly a piece of text holds together.
  private enum Level {
    EQUALITY,
    COMPARISON,
    SUM,
    PRODUCT,
    SIGNED,
    JUXTAPOSITION,
    SCRIPTED,
    ATOM
  }

  private record Text(String text, Level level) {
    String atLeast(Level wanted) {
      return level.compareTo(wanted) >= 0 ? text : "(" + text + ")";
    }
  }

  /// Functions that have a command of their own in LaTeX.
  private static final Set<String> COMMANDS =
      Set.of("tanh", "exp", "log", "max", "min", "sin", "cos");

  private final Spelling spelling;
  private final SpelledName names;
  private final boolean sigmaIsValue;

  /// @param index the letter of time
  /// @param whole as [SpelledName] takes it
  /// @param sigmaIsValue whether the file has a σ that is not the sigmoid
  AstText(Spelling spelling, String index, Optional<Set<String>> whole, boolean sigmaIsValue) {
    this.spelling = spelling;
    this.names = new SpelledName(spelling, index, whole);
    this.sigmaIsValue = sigmaIsValue;
  }

  /// Unicode, for messages and comments.
  static AstText forPeople() {
    return new AstText(Spelling.UNICODE, "t", Optional.empty(), false);
  }

  String equation(Ast.Equation e, String equals) {
    String left =
        e.left() instanceof Ast.Apply(Ast.Name function, var arguments, var _)
            ? name(function) + "(" + list(arguments, ", ") + ")"
            : expression(e.left());
    return left + equals + text(e.right()).atLeast(Level.COMPARISON);
  }

  String expression(Ast.Expression e) {
    return text(e).text();
  }

  String name(Ast.Name n) {
    return names.of(n.symbol(), n.delay());
  }

  String number(double value) {
    double size = Math.abs(value);
    if (Double.isInfinite(size)) {
      return spelling.of("∞", "\\infty", "inf");
    }
    boolean plain = size == 0 || size >= 1e-6 && size < 1e15;
    return plain
        ? new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }

  private Text text(Ast.Expression e) {
    return switch (e) {
      case Ast.Number n -> atom(number(n.value()));
      case Ast.Name n -> atom(isFunction(n.symbol()) ? function(n.symbol()) : name(n));
      case Ast.Apply a -> apply(a);
      case Ast.Juxtaposition j ->
          new Text(
              j.factors().stream().map(this::factor).collect(Collectors.joining(" ")),
              Level.JUXTAPOSITION);
      case Ast.Operation o -> operation(o);
      case Ast.Negation n ->
          new Text(spelling.minus() + text(n.x()).atLeast(Level.JUXTAPOSITION), Level.SIGNED);
      case Ast.Power p -> power(p);
      case Ast.Transposition t -> new Text(base(t.x()) + spelling.transpose(), Level.SCRIPTED);
      case Ast.Column c -> atom(column(c));
      case Ast.Concatenation c -> atom("[" + list(c.parts(), ", ") + "]");
    };
  }

  /// A column in brackets: `W [x; h]` is a product, `W (x; h)` might be a call.
  private String factor(Ast.Expression e) {
    return e instanceof Ast.Column c && spelling != Spelling.LATEX
        ? "[" + list(c.rows(), "; ") + "]"
        : text(e).atLeast(Level.SCRIPTED);
  }

  // ---- functions and products with brackets

  /// A space sets a product apart from a call: `W_g (r_t ∘ h_{t-1})`.
  private Text apply(Ast.Apply a) {
    boolean isColumn = a.arguments().size() == 1 && a.arguments().getFirst() instanceof Ast.Column;
    if (a.function() instanceof Ast.Name n && n.delay().isEmpty()) {
      Optional<Text> special =
          spelling == Spelling.LATEX ? special(n.symbol(), a) : Optional.empty();
      if (special.isPresent()) {
        return special.get();
      }
      if (isFunction(n.symbol())) {
        return atom(function(n.symbol()) + "(" + list(a.arguments(), ", ") + ")");
      }
    }
    String arguments =
        isColumn && spelling != Spelling.LATEX
            ? expression(a.arguments().getFirst())
            : "(" + list(a.arguments(), ", ") + ")";
    if (!(a.function() instanceof Ast.Name n)) {
      return atom(text(a.function()).atLeast(Level.ATOM) + arguments);
    }
    boolean product =
        n.delay().isPresent()
            || Character.isUpperCase(n.symbol().display().codePointAt(0))
                && a.arguments().size() == 1;
    return atom(name(n) + (product ? " " : "") + arguments);
  }

  /// A known function; the tree spells it by its own name.
  private static boolean isFunction(Symbol symbol) {
    return symbol.plain().equals("sigmoid") || COMMANDS.contains(symbol.plain());
  }

  private String function(Symbol symbol) {
    String name = symbol.plain();
    if (name.equals("sigmoid")) {
      return switch (spelling) {
        case UNICODE -> sigmaIsValue ? name : "σ";
        case LATEX -> sigmaIsValue ? "\\operatorname{sigmoid}" : "\\sigma";
        case ASCII -> name;
      };
    }
    return spelling == Spelling.LATEX ? "\\" + name : name;
  }

  /// What LaTeX sets in two dimensions.
  private Optional<Text> special(Symbol function, Ast.Apply a) {
    List<Ast.Expression> x = a.arguments();
    return switch (function.plain()) {
      case "sqrt" ->
          x.size() == 1
              ? Optional.of(atom("\\sqrt{" + expression(x.getFirst()) + "}"))
              : Optional.empty();
      case "abs" ->
          x.size() == 1
              ? Optional.of(atom("\\left|" + text(x.getFirst()).atLeast(Level.SUM) + "\\right|"))
              : Optional.empty();
      case "where" -> x.size() == 3 ? Optional.of(atom(cases(x))) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private String cases(List<Ast.Expression> where) {
    StringBuilder text = new StringBuilder("\\begin{cases} ");
    List<Ast.Expression> x = where;
    while (true) {
      text.append(text(x.get(1)).atLeast(Level.SUM)).append(" & ");
      text.append(expression(x.get(0))).append(" \\\\ ");
      boolean more =
          x.get(2) instanceof Ast.Apply(Ast.Name n, var inner, var _)
              && n.symbol().plain().equals("where")
              && inner.size() == 3;
      if (!more) {
        break;
      }
      x = ((Ast.Apply) x.get(2)).arguments();
    }
    return text.append(text(x.get(2)).atLeast(Level.SUM))
        .append(" & \\text{otherwise} \\end{cases}")
        .toString();
  }

  private String column(Ast.Column c) {
    return spelling == Spelling.LATEX
        ? "\\begin{pmatrix} " + list(c.rows(), " \\\\ ") + " \\end{pmatrix}"
        : "(" + list(c.rows(), "; ") + ")";
  }

  // ---- operations

  private Text operation(Ast.Operation o) {
    return switch (o.operator()) {
      case ADD, SUBTRACT -> sum(o);
      case DIVIDE ->
          spelling == Spelling.LATEX
              ? atom("\\frac{" + expression(o.left()) + "}{" + expression(o.right()) + "}")
              : product(o);
      case ELEMENTWISE, DOT, MODULO, MATRIX, OUTER -> product(o);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          between(o, Level.SUM, Level.COMPARISON);
      case EQUAL -> between(o, Level.COMPARISON, Level.EQUALITY);
    };
  }

  /// Walks down the left side in a loop: a sum may have many thousand terms.
  private Text sum(Ast.Operation last) {
    Deque<String> pieces = new ArrayDeque<>();
    Ast.Expression left = last;
    while (left instanceof Ast.Operation o && isSum(o)) {
      Text right = text(o.right());
      boolean signed = right.text().startsWith(spelling.minus());
      pieces.push(signed ? "(" + right.text() + ")" : right.atLeast(Level.PRODUCT));
      pieces.push(" " + spelling.sign(o.operator()) + " ");
      left = o.left();
    }
    pieces.push(text(left).atLeast(Level.PRODUCT));
    return new Text(String.join("", pieces), Level.SUM);
  }

  private static boolean isSum(Ast.Operation o) {
    return o.operator() == Ast.Operator.ADD || o.operator() == Ast.Operator.SUBTRACT;
  }

  private Text product(Ast.Operation o) {
    String left = text(o.left()).atLeast(Level.PRODUCT);
    String right = text(o.right()).atLeast(Level.JUXTAPOSITION);
    return new Text(left + " " + spelling.sign(o.operator()) + " " + right, Level.PRODUCT);
  }

  private Text between(Ast.Operation o, Level sides, Level level) {
    String left = text(o.left()).atLeast(sides);
    return new Text(
        left + " " + spelling.sign(o.operator()) + " " + text(o.right()).atLeast(sides), level);
  }

  // ---- scripts

  /// What a script is written on.
  private String base(Ast.Expression e) {
    // A script directly after a label of several letters would take its last letter.
    String text = text(e).atLeast(Level.ATOM).replaceFirst("_([A-Za-z0-9]{2,})$", "_{$1}");
    return e instanceof Ast.Name n && !names.takesSuperscript(n.symbol()) ? "{" + text + "}" : text;
  }

  /// A name with letters above it has a label: `(x_t)^{α}` is the power.
  private Text power(Ast.Power p) {
    boolean label = p.base() instanceof Ast.Name && !(p.exponent() instanceof Ast.Number);
    String base = label ? "(" + expression(p.base()) + ")" : base(p.base());
    return new Text(base + superscript(p.exponent()), Level.SCRIPTED);
  }

  private String superscript(Ast.Expression exponent) {
    boolean whole =
        exponent instanceof Ast.Number(double value, var _)
            && value == Math.rint(value)
            && value < 1e6;
    if (!whole || spelling != Spelling.UNICODE) {
      return "^{" + expression(exponent) + "}";
    }
    return Long.toString((long) ((Ast.Number) exponent).value())
        .chars()
        .mapToObj(digit -> String.valueOf("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0')))
        .collect(Collectors.joining());
  }

  String list(List<? extends Ast.Expression> expressions, String separator) {
    return expressions.stream().map(this::expression).collect(Collectors.joining(separator));
  }

  private static Text atom(String text) {
    return new Text(text, Level.ATOM);
  }
}
