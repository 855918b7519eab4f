package dev.sluice.compiler.generate;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.sluice.compiler.ir.Expr;

/// On a block of units: `i.fma(c_tilde, f.mul(c_prev))`.
///
/// @param precise whether σ and tanh are within 2 ulp
record VectorArithmetic(boolean precise) implements Arithmetic {
  @Override
  public TypeName type() {
    return Types.FLOAT_VECTOR;
  }

  @Override
  public CodeBlock spread(CodeBlock number) {
    return CodeBlock.of("$T.broadcast($T.SPECIES, $L)", Types.FLOAT_VECTOR, Types.VECTORS, number);
  }

  @Override
  public CodeBlock load(String segment, CodeBlock at) {
    return CodeBlock.of(
        "$T.fromMemorySegment($T.SPECIES, $L, $L, $T.ORDER)",
        Types.FLOAT_VECTOR,
        Types.VECTORS,
        segment,
        at,
        Types.LANES);
  }

  @Override
  public CodeBlock store(String register, String segment, CodeBlock at) {
    return CodeBlock.of(
        "$L.intoMemorySegment($L, $L, $T.ORDER)", register, segment, at, Types.LANES);
  }

  @Override
  public Term multiplyAdd(Term sum, Term a, Term b) {
    return Term.atom("$L.fma($L, $L)", a.code(), b.code(), sum.code());
  }

  @Override
  public Term binary(Expr.BinaryOp op, Term x, Term y) {
    return switch (op) {
      case ADD -> method(x, "add", y);
      case SUBTRACT -> method(x, "sub", y);
      case MULTIPLY -> method(x, "mul", y);
      case DIVIDE -> method(x, "div", y);
      case MAX -> method(x, "max", y);
      case MIN -> method(x, "min", y);
      case POWER -> function("POWER", x, y);
      case GREATER -> function("GREATER", x, y);
    };
  }

  @Override
  public Term unary(Expr.UnaryOp op, Term x) {
    return switch (op) {
      case NEGATE -> Term.atom("$L.neg()", x.code());
      case SQRT -> Term.atom("$L.sqrt()", x.code());
      case ABS -> Term.atom("$L.abs()", x.code());
      case SIGMOID -> approximated("SIGMOID", x);
      case TANH -> approximated("TANH", x);
      case RELU -> function("RELU", x);
      case EXP -> function("EXP", x);
      case LOG -> function("LOG", x);
      case SOFTPLUS -> function("SOFTPLUS", x);
      case SIGN -> function("SIGN", x);
      case STEP -> function("STEP", x);
      case SIN -> function("SIN", x);
      case COS -> function("COS", x);
      case ERF -> function("ERF", x);
      case FLOOR -> function("FLOOR", x);
      case DETACH -> x;
    };
  }

  @Override
  public Term select(Term condition, Term then, Term otherwise) {
    return function("SELECT", condition, then, otherwise);
  }

  private static Term method(Term x, String name, Term y) {
    return Term.atom("$L.$L($L)", x.code(), name, y.code());
  }

  /// A function that precise cells compute in another way.
  private Term approximated(String name, Term x) {
    return function(precise ? Types.PRECISE : Types.FUNCTIONS, name, x);
  }

  private static Term function(String name, Term... operands) {
    return function(Types.FUNCTIONS, name, operands);
  }

  private static Term function(ClassName owner, String name, Term... operands) {
    return Term.atom(
        "($T) $T.$L.invokeExact($L)", Types.FLOAT_VECTOR, owner, name, Arithmetic.list(operands));
  }
}
