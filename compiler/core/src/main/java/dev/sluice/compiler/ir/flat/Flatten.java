package dev.sluice.compiler.ir.flat;

import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.Constant;
import dev.sluice.compiler.ir.Expr.Length;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Running;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Spread;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Total;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Shape.Matrix;
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
/// A copy of an atom is a sum of one term. An identity. Weights stay inside the product that they
/// weight: [FlatForm] tells whether they have become parts of parameters. A matrix that changes
/// with time is a value like any other, and what it multiplies is spread over its rows or columns:
///
///     y_t = C_t q_t    →   p = C ∘ 1 qᵀ;  y = p 1
///     C_t = v_t k_tᵀ   →   C = v 1ᵀ ∘ 1 kᵀ
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
      case Literal _, Constant _, StepNumber _, Length _, Value _ -> true;
      case Spread(Expr x, var _, var _) -> isAtom(x);
      default -> isCoefficient(e);
    };
  }

  /// Whether an operand is a parameter, or a slice of one, transposed perhaps.
  public static boolean isCoefficient(Expr e) {
    Expr x = e instanceof Transpose(Expr inner) ? inner : e;
    return x instanceof Parameter || x instanceof Slice(Parameter _, var _, var _, var _);
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
      case MatMul product when Matrices.isElementwise(product.a()) -> total(product);
      case MatMul product -> new Sum(List.of(product(product)));
      case Outer(Expr a, Expr b) ->
          times(
              new Spread(atom(a), Axis.ROWS, b.shape().side()),
              new Spread(atom(b), Axis.COLUMNS, a.shape().side()));
      case Concat _, Running _ -> Operands.map(e, this::value);
      case Reduce(ReduceOp op, Expr x) when op == ReduceOp.SUM && x.shape() instanceof Matrix ->
          new Reduce(op, named(new Total(Axis.ROWS, atom(x))));
      case Unary(UnaryOp op, Expr x) when root && op != UnaryOp.NEGATE && isAffine(x) ->
          new Unary(op, preActivation(x));
      default -> isAtom(e) ? new Sum(List.of(e)) : Operands.map(e, this::atom);
    };
  }

  /// `M x` for a matrix that changes with time: the totals of its rows, weighted.
  private Expr total(MatMul product) {
    boolean transposed = product.a() instanceof Transpose;
    Expr matrix = product.a() instanceof Transpose(Expr x) ? x : product.a();
    Dim count = transposed ? matrix.shape().side() : ((Matrix) matrix.shape()).rows();
    Axis along = transposed ? Axis.ROWS : Axis.COLUMNS;
    Expr weighted = named(times(atom(matrix), new Spread(atom(product.b()), along, count)));
    return new Total(transposed ? Axis.COLUMNS : Axis.ROWS, weighted);
  }

  private static Expr times(Expr a, Expr b) {
    return new Binary(BinaryOp.MULTIPLY, a, b);
  }

  private static boolean isAffine(Expr e) {
    return switch (e) {
      case MatMul(Expr a, Expr _) -> !Matrices.isElementwise(a);
      case Sum(List<Expr> terms) -> terms.stream().anyMatch(Flatten::isAffine);
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
    return e instanceof MatMul product && !Matrices.isElementwise(product.a())
        ? product(product)
        : atom(e);
  }

  /// A weight stays as it is; what it is applied to becomes a value, as does all that is read as a
  /// whole row.
  private Expr product(MatMul product) {
    Expr operand = product.b().shape() instanceof Matrix ? product.b() : value(product.b());
    return operand == product.b() ? product : new MatMul(product.a(), operand);
  }

  private Expr atom(Expr e) {
    if (e instanceof Spread(Expr x, Axis axis, Dim count)) {
      return isAtom(x) ? e : new Spread(atom(x), axis, count);
    }
    return isAtom(e) || isOpen(e) ? e : named(operation(e, false));
  }

  /// Whether a matrix has no elementwise form: the product of two, a transpose of its own.
  private static boolean isOpen(Expr e) {
    return e.shape() instanceof Matrix
        && (e instanceof MatMul || e instanceof Transpose || e instanceof Slice);
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
