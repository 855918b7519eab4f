package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;

/// A Java expression, and how tightly its parts hold together.
record Term(CodeBlock code, Binding binding) {
  /// From loose to tight.
  enum Binding {
    SUM,
    PRODUCT,
    ATOM
  }

  static Term atom(String format, Object... arguments) {
    return new Term(CodeBlock.of(format, arguments), Binding.ATOM);
  }

  /// The code as an operand beside which only expressions that hold at least so tightly need no
  /// parentheses.
  CodeBlock within(Binding least) {
    return binding.compareTo(least) >= 0 ? code : CodeBlock.of("($L)", code);
  }
}
