package dev.sluice.compiler.fuse;

import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Keeps elementwise methods within what C2 compiles: it gives up at 80,000 nodes, and functions
/// that call others are inlined only below 18,000. Costs in nodes were measured on JDK 25.
final class MethodSize {
  /// An LSTM's forward step takes some 50,000.
  static final int LARGEST = 56_000;

  private static final int OPERATION = 600;
  private static final int LOAD_OR_STORE = 700;
  private static final int SIGMOID_OR_TANH = 8_000;
  private static final int EXPONENTIAL = 13_500;

  /// A mask, a masked operation, and what the row's end takes.
  private static final int TOTAL = 4_000;

  private MethodSize() {}

  /// The equations of one stage in as few parts as possible, in order.
  static List<List<Equation>> parts(List<Equation> stage) {
    List<List<Equation>> parts = new ArrayList<>();
    List<Equation> part = new ArrayList<>();
    Set<Symbol> registers = new HashSet<>();
    int size = 0;
    for (Equation e : stage) {
      int more = size(e, registers);
      if (!part.isEmpty() && size + more > LARGEST) {
        parts.add(part);
        part = new ArrayList<>();
        registers.clear();
        size = 0;
        more = size(e, registers);
      }
      part.add(e);
      registers.add(e.target());
      Reads.values(e.value()).stream()
          .filter(v -> v.delay() == 0)
          .forEach(v -> registers.add(v.symbol()));
      size += more;
    }
    parts.add(part);
    return parts;
  }

  private static int size(Equation e, Set<Symbol> registers) {
    long loads =
        Reads.values(e.value()).stream()
            .filter(v -> v.delay() != 0 || !registers.contains(v.symbol()))
            .filter(v -> !Levels.isOperand(v, e))
            .count();
    return operation(e) + (int) loads * LOAD_OR_STORE + LOAD_OR_STORE / 2;
  }

  private static int operation(Equation e) {
    return switch (e.value()) {
      case Expr.Unary(Expr.UnaryOp op, _) ->
          switch (op) {
            case SIGMOID, TANH -> SIGMOID_OR_TANH;
            case EXP -> EXPONENTIAL;
            case SIN, COS, ERF -> 2 * EXPONENTIAL;
            case LOG, SOFTPLUS -> LARGEST;
            case NEGATE, RELU, SQRT, ABS, SIGN, STEP, DETACH -> OPERATION;
            case FLOOR -> 2 * OPERATION;
          };
      case Expr.Binary(Expr.BinaryOp op, _, _) ->
          switch (op) {
            case POWER -> LARGEST;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAX, MIN, GREATER -> OPERATION;
          };
      case Expr.Sum(List<Expr> terms) -> OPERATION * terms.size();
      case Expr.Reduce _, Expr.Total _ -> TOTAL;
      case Expr.Literal _,
          Expr.Constant _,
          Expr.StepNumber _,
          Expr.Length _,
          Expr.Parameter _,
          Expr.Value _,
          Expr.Select _,
          Expr.MatMul _,
          Expr.Transpose _,
          Expr.Outer _,
          Expr.Concat _,
          Expr.Slice _,
          Expr.Running _,
          Expr.Spread _ ->
          OPERATION;
    };
  }
}
