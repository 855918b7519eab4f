package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
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
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Matrix;

/// The form that `Cell` promises after `canon`: one operation on named values per equation,
/// products in sums only.
public final class FlatForm {
  private FlatForm() {}

  public static boolean isFlat(Equation equation) {
    return switch (equation.value()) {
      case Sum(var terms) -> terms.stream().allMatch(FlatForm::isTerm);
      case Unary _, Binary _, Select _, Total _ ->
          Operands.of(equation.value()).stream().allMatch(Flatten::isAtom);
      case Reduce(var _, Expr x) -> isVectorAtom(x);
      case Running _, Concat _, Slice _ ->
          Operands.of(equation.value()).stream()
              .allMatch(x -> x instanceof Value && isVectorAtom(x));
      case Literal _,
          Constant _,
          StepNumber _,
          Length _,
          Parameter _,
          Value _,
          MatMul _,
          Transpose _,
          Outer _,
          Spread _ ->
          false;
    };
  }

  /// A parameter, rows and then columns sliced, and then possibly transposed.
  public static boolean isWeight(Expr e) {
    Expr x = e instanceof Transpose(Expr inner) ? inner : e;
    x = x instanceof Slice(Expr inner, Axis axis, var _, var _) && axis == Axis.COLUMNS ? inner : x;
    x = x instanceof Slice(Expr inner, Axis axis, var _, var _) && axis == Axis.ROWS ? inner : x;
    return x instanceof Parameter && x.shape() instanceof Matrix;
  }

  private static boolean isTerm(Expr e) {
    return e instanceof MatMul(Expr weight, Expr operand)
        ? isWeight(weight) && operand instanceof Value && isVectorAtom(operand)
        : Flatten.isAtom(e);
  }

  private static boolean isVectorAtom(Expr e) {
    return Flatten.isAtom(e) && !(e.shape() instanceof Matrix);
  }
}
