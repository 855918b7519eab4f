package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Constant;
import dev.sluice.compiler.ir.Expr.Length;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Trees → one operation per equation; every inner node gets a name, and equal nodes get one name.
///
///     h_t = o_t ∘ tanh(c_t)      →   tanh_c = tanh(c);  h = o ∘ tanh_c
///     f_t = σ(W h_{t-1} + b)     →   z_f = W h_{t-1} + b;  f = σ(z_f)
///
/// A copy of an atom is a sum of one term. An identity. Matrix-valued nodes stay inside the product
/// that they weight: [FlatForm] tells whether they have become weights.
public final class Flatten {
  private final Names names;
  private final Map<Expr, Value> known = new HashMap<>();
  private final List<Equation> done = new ArrayList<>();
  private Equation current;

  private Flatten(Names names, Equation first) {
    this.names = names;
    this.current = first;
  }

  /// @param equations sorted by dependence, as is the result
  /// @param given flat equations whose values can be read; they are not in the result
  public static List<Equation> flatten(
      List<Equation> equations, List<Equation> given, Names names) {
    if (equations.isEmpty()) {
      return List.of();
    }
    Flatten flatten = new Flatten(names, equations.getFirst());
    given.forEach(flatten::know);
    equations.forEach(flatten::add);
    return flatten.done;
  }

  /// Whether an operand needs no name of its own.
  public static boolean isAtom(Expr e) {
    return switch (e) {
      case Literal _, Constant _, StepNumber _, Length _, Parameter _, Value _ -> true;
      case Slice(Parameter _, var _, var _, var _) -> true;
      default -> false;
    };
  }

  private void add(Equation equation) {
    current = equation;
    Expr flat = operation(equation.value(), true);
    Equation result = new Equation(equation.target(), flat, equation.origin());
    done.add(result);
    know(result);
  }

  private void know(Equation equation) {
    if (!PropagateCopies.isCopy(equation)) {
      known.putIfAbsent(equation.value(), equation.now());
    }
  }

  /// The node as one operation on atoms; as a sum if it is an atom itself.
  private Expr operation(Expr e, boolean root) {
    return switch (e) {
      case Sum(List<Expr> terms) -> new Sum(terms.stream().map(this::term).toList());
      case MatMul product -> new Sum(List.of(product(product)));
      case Unary(UnaryOp op, Expr x) when root && op != UnaryOp.NEGATE && isAffine(x) ->
          new Unary(op, preActivation(x));
      default -> isAtom(e) ? new Sum(List.of(e)) : Operands.map(e, this::atom);
    };
  }

  private static boolean isAffine(Expr e) {
    return switch (e) {
      case MatMul _ -> true;
      case Sum(List<Expr> terms) -> terms.stream().anyMatch(MatMul.class::isInstance);
      case Binary(BinaryOp op, Expr a, Expr _) -> op == BinaryOp.SUBTRACT && isAffine(a);
      default -> false;
    };
  }

  /// `z_f` of `f = σ(z_f)`.
  private Expr preActivation(Expr x) {
    Symbol target = current.target();
    Expr flat = operation(x, false);
    Value value = known.get(flat);
    return value != null
        ? value
        : define(names.fresh("z_" + target.plain(), "z_" + target.display()), flat);
  }

  private Expr term(Expr e) {
    return e instanceof MatMul product ? product(product) : atom(e);
  }

  /// A weight stays as it is; what it is applied to becomes a value.
  private Expr product(MatMul product) {
    Expr operand = product.b().shape() instanceof Shape.Matrix ? product.b() : value(product.b());
    return operand == product.b() ? product : new MatMul(product.a(), operand);
  }

  private Expr atom(Expr e) {
    return isAtom(e) || e.shape() instanceof Shape.Matrix ? e : named(operation(e, false));
  }

  private Value value(Expr e) {
    return e instanceof Value value ? value : named(operation(e, false));
  }

  private Value named(Expr flat) {
    Value value = known.get(flat);
    return value != null ? value : define(PieceNames.of(flat, current.target(), names), flat);
  }

  private Value define(Symbol symbol, Expr flat) {
    Equation piece = new Equation(symbol, flat, current.origin());
    done.add(piece);
    known.put(flat, piece.now());
    return piece.now();
  }
}
