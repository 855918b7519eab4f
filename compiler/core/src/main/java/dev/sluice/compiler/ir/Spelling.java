package dev.sluice.compiler.ir;

/// How equations are written down. One grammar reads all three: what is printed in one of them is
/// the same cell when it is read again.
public enum Spelling {
  /// `c̃_t = tanh(W_c h_{t-1}) ∘ β`
  UNICODE,
  /// `\tilde{c}_t = \tanh(W_c h_{t-1}) \circ \beta`
  LATEX,
  /// `c_tilde_t = tanh(W_c h_{t-1}) .* beta`
  ASCII;

  String sign(Ast.Operator operator) {
    return switch (operator) {
      case ADD -> "+";
      case SUBTRACT -> minus();
      case ELEMENTWISE -> of("∘", "\\circ", ".*");
      case DOT -> of("·", "\\cdot", "*");
      case MATRIX -> "@";
      case OUTER -> of("⊗", "\\otimes", "\\otimes");
      case DIVIDE -> "/";
      case MODULO -> of("mod", "\\bmod", "mod");
      case LESS -> "<";
      case LESS_OR_EQUAL -> of("≤", "\\le", "<=");
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> of("≥", "\\ge", ">=");
      case EQUAL -> of("=", "=", "==");
    };
  }

  String minus() {
    return of("−", "-", "-");
  }

  String transpose() {
    return of("ᵀ", "^\\top", "^T");
  }

  String of(String unicode, String latex, String ascii) {
    return switch (this) {
      case UNICODE -> unicode;
      case LATEX -> latex;
      case ASCII -> ascii;
    };
  }
}
