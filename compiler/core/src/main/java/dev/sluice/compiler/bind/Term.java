package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstNotation;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;
import java.util.stream.Stream;

/// A right side whose names and calls are resolved, while shapes, and so the meaning of products,
/// are open. Each node knows the piece of the source that it stands for; nodes are compared by
/// identity.
sealed interface Term {
  /// Where it stands; inside a function of the user's, where that is called.
  Ast.Expression at();

  record Number(double value, Ast.Expression at) implements Term {}

  record Constant(Symbol symbol, double value, Ast.Expression at) implements Term {}

  record StepNumber(Ast.Expression at) implements Term {}

  record Parameter(Symbol symbol, Ast.Expression at) implements Term {}

  /// An input or a defined name.
  record Timed(Symbol symbol, int delay, Ast.Expression at) implements Term {}

  /// `I`
  record Identity(Ast.Expression at) implements Term {}

  /// `diag(a)`
  record Diagonal(Term x, Ast.Expression at) implements Term {}

  /// A function of each element.
  record Map(UnaryOp op, Term x, Ast.Expression at) implements Term {}

  /// Division, power, max, min: shapes are equal, or one side is a scalar.
  record Zip(BinaryOp op, Term a, Term b, Ast.Expression at) implements Term {}

  /// `then` where the condition is not 0, else `otherwise`; scalars are spread.
  record Choice(Term condition, Term then, Term otherwise, Ast.Expression at) implements Term {}

  /// A function of a whole vector.
  ///
  /// @param affine of a layer norm: what the result is multiplied by, then what is added to it
  record Whole(WholeOp op, Term x, List<Term> affine, Ast.Expression at) implements Term {
    Whole(WholeOp op, Term x, Ast.Expression at) {
      this(op, x, List.of(), at);
    }
  }

  /// Functions of whole vectors: to a number, or to a vector as long.
  enum WholeOp {
    SUM(true),
    MEAN(true),
    MAX(true),
    MIN(true),
    NORM(true),
    SOFTMAX(false),
    CUMSUM(false),
    CUMAX(false),
    LAYERNORM(false);

    private final boolean toScalar;

    WholeOp(boolean toScalar) {
      this.toScalar = toScalar;
    }

    boolean isToScalar() {
      return toScalar;
    }
  }

  record Sum(List<Addend> addends, Ast.Expression at) implements Term {}

  record Addend(boolean negative, Term term) {}

  record Product(Sign sign, List<Term> factors, Ast.Expression at) implements Term {}

  /// How a product is written: side by side or `@`; `∘`; `·` or `*`.
  enum Sign {
    NONE,
    CIRCLE,
    DOT
  }

  record Transposed(Term x, Ast.Expression at) implements Term {}

  record Concatenated(List<Term> parts, Ast.Expression at) implements Term {}

  /// A random mask for a value: `scale` with the probability, else 0. One object is one mask.
  ///
  /// @param of what it is for, whose shape it has; not an operand
  record Mask(Term of, double probability, double scale, boolean everyStep, Ast.Expression at)
      implements Term {}

  /// Rows of a stacked value: the `index`-th of `count` equal pieces.
  record Piece(Symbol stack, int index, int count, Ast.Expression at) implements Term {}

  /// Reported already; fits everywhere.
  record Broken(Ast.Expression at) implements Term {}

  /// As the source has it, normalised.
  default String text() {
    return AstNotation.expression(at());
  }

  default List<Term> children() {
    return switch (this) {
      case Number _,
          Constant _,
          StepNumber _,
          Parameter _,
          Timed _,
          Identity _,
          Piece _,
          Mask _,
          Broken _ ->
          List.of();
      case Map m -> List.of(m.x);
      case Zip z -> List.of(z.a, z.b);
      case Choice c -> List.of(c.condition, c.then, c.otherwise);
      case Whole w -> Stream.concat(Stream.of(w.x), w.affine.stream()).toList();
      case Sum s -> s.addends.stream().map(Addend::term).toList();
      case Product p -> p.factors;
      case Diagonal d -> List.of(d.x);
      case Transposed t -> List.of(t.x);
      case Concatenated c -> c.parts;
    };
  }
}
