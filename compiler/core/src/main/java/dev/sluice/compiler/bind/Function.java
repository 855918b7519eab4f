package dev.sluice.compiler.bind;

import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Symbol;
import java.util.List;

/// What a name in front of parentheses stands for.
sealed interface Function {
  /// What the slides mean by `f̃` and `f_h`.
  Function SLIDE_TANH = new OfOne(UnaryOp.TANH);

  /// A function of each element.
  record OfOne(UnaryOp op) implements Function {}

  /// A function of two elements; more arguments are folded: `max(a, b, c)`.
  record OfTwo(BinaryOp op) implements Function {}

  /// A function of a whole vector: `softmax(x)`.
  record OfWhole(Term.WholeOp op) implements Function {}

  /// A formula of other functions; the last arguments may be left out.
  ///
  /// @param usual what the last arguments are where they are left out
  record Formula(int least, int most, List<Double> usual, Formulas.Body body) implements Function {}

  /// The user's own, `g(x) = 4/(1 + e^{-x}) - 2`: put in where it is called.
  record Defined(Symbol name, List<Symbol> parameters, Ast.Expression body) implements Function {}

  /// Random in training: `dropout(x, p)`.
  record Modifier(Modifiers modifier) implements Function {}
}
