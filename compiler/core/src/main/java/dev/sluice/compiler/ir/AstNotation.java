package dev.sluice.compiler.ir;

/// Prints the syntax tree in normalised Unicode, time as a subscript: `f_t = σ(W_f h_{t-1} + b_f)`.
/// For the origin of an equation and for messages; [AstSource] prints what can be read back.
public final class AstNotation {
  private static final AstText TEXT = AstText.forPeople();

  private AstNotation() {}

  /// An equation on one line.
  public static String equation(Ast.Equation e) {
    return TEXT.equation(e, " = ");
  }

  /// A piece of an equation on one line.
  public static String expression(Ast.Expression e) {
    return TEXT.expression(e);
  }

  /// A name at a delay: `c̃_{t-1}`.
  public static String timed(Symbol symbol, int delay) {
    return TimedName.of(symbol, delay);
  }
}
