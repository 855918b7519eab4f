package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.Constant;
import dev.sluice.compiler.ir.Expr.Length;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.Running;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Total;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a piece of an equation is called: by its content while that is short (`r_h` for `r_t ∘
/// h_{t-1}`, `tanh_c`, `one_minus_u`), else by the equation that it is a piece of (`h_part`).
/// People read the content itself, `r_t ∘ h_{t-1}`.
public final class PieceNames {
  private static final int LONGEST = 28;
  private static final int LONGEST_DISPLAY = 60;

  private PieceNames() {}

  static Symbol of(Expr piece, Symbol target, Names names) {
    String plain = plain(piece);
    String display = Notation.expression(piece);
    return names.fresh(
        plain.length() <= LONGEST ? plain : target.plain() + "_part",
        display.length() <= LONGEST_DISPLAY && (hasTime(piece) || display.contains(" "))
            ? display
            : names.part(target.display()));
  }

  /// The same for what is the same at every step: `softplus_Lambda`, `W_minus_W_T`, `h_weight`.
  public static Symbol ofTimeless(Expr piece, Symbol target, Names names) {
    String plain = plain(piece);
    String display = Notation.expression(piece);
    String shortPlain = plain.length() <= LONGEST ? plain : target.plain() + "_weight";
    return names.fresh(shortPlain, display.length() <= LONGEST_DISPLAY ? display : shortPlain);
  }

  /// Whether the text holds a time, or is a bare name that takes one.
  private static boolean hasTime(Expr e) {
    boolean isName = e instanceof Sum(List<Expr> terms) && terms.getFirst() instanceof Parameter;
    return e instanceof Value
        || isName && Operands.of(e).size() == 1
        || Operands.of(e).stream().anyMatch(PieceNames::hasTime);
  }

  private static String plain(Expr e) {
    return switch (e) {
      case Literal(double x) -> word(x);
      case Constant(Symbol symbol, double _) -> symbol.plain();
      case StepNumber() -> "t";
      case Length(var _) -> "length";
      case Parameter(Symbol symbol, var _) -> symbol.plain();
      case Value(Symbol symbol, int _, var _) -> symbol.plain();
      case Unary(UnaryOp op, Expr x) ->
          (op == UnaryOp.NEGATE ? "minus" : word(op)) + "_" + plain(x);
      case Binary(BinaryOp op, Expr a, Expr b) -> binary(op, plain(a), plain(b));
      case Select(Expr _, Expr then, Expr otherwise) -> plain(then) + "_or_" + plain(otherwise);
      case Sum(List<Expr> terms) -> joined(terms, "_plus_").replace("_plus_minus_", "_minus_");
      case MatMul(Expr a, Expr b) -> plain(a) + "_" + plain(b);
      case Transpose(Expr x) -> plain(x) + "_T";
      case Outer(Expr a, Expr b) -> plain(a) + "_outer_" + plain(b);
      case Concat(List<Expr> parts) -> joined(parts, "_");
      case Slice(Expr x, var _, var _, var _) -> plain(x) + "_rows";
      case Reduce(var op, Expr x) -> word(op) + "_" + plain(x);
      case Running(var _, Expr x) -> "cumsum_" + plain(x);
      case Spread(Expr x, var _, var _) -> plain(x);
      case Total(var _, Expr x) -> plain(x) + "_total";
    };
  }

  private static String binary(BinaryOp op, String a, String b) {
    return switch (op) {
      case ADD -> a + "_plus_" + b;
      case SUBTRACT -> a + "_minus_" + b;
      case MULTIPLY -> a.equals(b) ? a + "_squared" : a + "_" + b;
      case DIVIDE -> a + "_over_" + b;
      case POWER -> a + "_to_" + b;
      case GREATER -> a + "_above_" + b;
      case MAX, MIN -> word(op) + "_" + a + "_" + b;
    };
  }

  private static String joined(List<Expr> parts, String separator) {
    return parts.stream()
        .limit(LONGEST)
        .map(PieceNames::plain)
        .collect(Collectors.joining(separator));
  }

  private static String word(Enum<?> op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  private static String word(double x) {
    List<String> small = List.of("zero", "one", "two", "three", "four");
    boolean isSmall = x == Math.rint(x) && x >= 0 && x < small.size();
    return isSmall ? small.get((int) x) : x == 0.5 ? "half" : "number";
  }
}
