package dev.sluice.compiler.generate;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.generate.Term.Binding;
import dev.sluice.compiler.ir.Expr;

/// On one unit of a block: `f * c_prev + i * c_tilde`.
///
/// @param lane the variable that holds the unit's byte offset in its block
/// @param precise whether σ and tanh are within 2 ulp
record ScalarArithmetic(String lane, boolean precise) implements Arithmetic {
  @Override
  public TypeName type() {
    return TypeName.FLOAT;
  }

  @Override
  public CodeBlock spread(CodeBlock number) {
    return number;
  }

  @Override
  public CodeBlock load(String segment, CodeBlock at) {
    return CodeBlock.of("$L.get($T.JAVA_FLOAT, $L + $L)", segment, Types.VALUE_LAYOUT, at, lane);
  }

  @Override
  public CodeBlock store(String register, String segment, CodeBlock at) {
    return CodeBlock.of(
        "$L.set($T.JAVA_FLOAT, $L + $L, $L)", segment, Types.VALUE_LAYOUT, at, lane, register);
  }

  @Override
  public Term multiplyAdd(Term sum, Term a, Term b) {
    return binary(Expr.BinaryOp.ADD, sum, binary(Expr.BinaryOp.MULTIPLY, a, b));
  }

  @Override
  public Term binary(Expr.BinaryOp op, Term x, Term y) {
    return switch (op) {
      case ADD -> infix(x, "+", y, Binding.SUM, Binding.PRODUCT);
      case SUBTRACT -> infix(x, "-", y, Binding.SUM, Binding.PRODUCT);
      case MULTIPLY -> infix(x, "*", y, Binding.PRODUCT, Binding.ATOM);
      case DIVIDE -> infix(x, "/", y, Binding.PRODUCT, Binding.ATOM);
      case MAX -> Term.atom("Math.max($L)", Arithmetic.list(x, y));
      case MIN -> Term.atom("Math.min($L)", Arithmetic.list(x, y));
      case POWER -> function("power", x, y);
      case GREATER -> function("greater", x, y);
    };
  }

  @Override
  public Term unary(Expr.UnaryOp op, Term x) {
    return switch (op) {
      case NEGATE -> new Term(CodeBlock.of("-$L", x.within(Binding.ATOM)), Binding.PRODUCT);
      case SQRT -> Term.atom("(float) Math.sqrt($L)", x.code());
      case ABS -> Term.atom("Math.abs($L)", x.code());
      case SIGMOID -> approximated("sigmoid", x);
      case TANH -> approximated("tanh", x);
      case RELU -> function("relu", x);
      case EXP -> function("exp", x);
      case LOG -> function("log", x);
      case SOFTPLUS -> function("softplus", x);
      case SIGN -> function("sign", x);
      case STEP -> function("step", x);
      case SIN -> function("sin", x);
      case COS -> function("cos", x);
      case ERF -> function("erf", x);
      case FLOOR -> function("floor", x);
      case DETACH -> x;
    };
  }

  @Override
  public Term select(Term condition, Term then, Term otherwise) {
    return function("select", condition, then, otherwise);
  }

  /// @param binding of the whole, and the least of the left operand
  /// @param right least binding of the right operand: operations stay in their order
  private static Term infix(Term x, String operator, Term y, Binding binding, Binding right) {
    return new Term(
        CodeBlock.of("$L $L $L", x.within(binding), operator, y.within(right)), binding);
  }

  /// A function that precise cells compute in another way.
  private Term approximated(String name, Term x) {
    return precise
        ? Term.atom("$T.$L($L)", Types.SCALAR_PRECISE, name, x.code())
        : function(name, x);
  }

  private static Term function(String name, Term... operands) {
    return Term.atom("$T.$L($L)", Types.SCALAR_FUNCTIONS, name, Arithmetic.list(operands));
  }
}
