package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Expr;
import java.util.List;

/// How elementwise work is written: on vectors, or on one float for JVMs without them.
sealed interface Arithmetic permits VectorArithmetic, ScalarArithmetic {
  /// Of all values.
  TypeName type();

  /// A number that is the same for all units.
  CodeBlock spread(CodeBlock number);

  CodeBlock load(String segment, CodeBlock at);

  CodeBlock store(String register, String segment, CodeBlock at);

  /// `sum + a · b`.
  Term multiplyAdd(Term sum, Term a, Term b);

  Term binary(Expr.BinaryOp op, Term x, Term y);

  Term unary(Expr.UnaryOp op, Term x);

  /// `then` where the condition isn't 0.
  Term select(Term condition, Term then, Term otherwise);

  static CodeBlock list(Term... operands) {
    return CodeBlock.join(List.of(operands).stream().map(Term::code).toList(), ", ");
  }
}
