package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Dim;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Reduce;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Shape.Vector;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.FlatForm;
import dev.sluice.compiler.ir.flat.Names;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A stack that is taken apart, and also added up as a whole → its parts, each with a name:
///
///     z = W h;  s = sum(z);  f = σ(z[0:n] / s);  i = σ(z[n:2n] / s)
///     →   z_1 = W[0:n] h;  z_2 = W[n:2n] h;  s = sum(z_1 + z_2);  f = σ(z_1 / s);  i = σ(z_2 / s)
///
/// So block form with normalised sums becomes gate by gate too. An identity up to the order of
/// addition. Applied where the slices fill the vector without overlap, and all else that reads it,
/// or what is computed from it element by element, is a sum or a maximum.
final class SplitStacks {
  private record Part(Dim from, Dim length) {}

  private final Cell cell;
  private final List<Equation> equations;
  private final Names names;
  private final Set<Symbol> stacks = new LinkedHashSet<>();
  private final Set<Part> slices = new HashSet<>();
  private final Map<Symbol, List<Value>> parts = new LinkedHashMap<>();

  private SplitStacks(Cell cell, List<Equation> equations, Names names) {
    this.cell = cell;
    this.equations = equations;
    this.names = names;
  }

  /// Splits the first such stack, with what is computed from it.
  static List<Equation> apply(Cell cell, List<Equation> equations, Names names) {
    for (Equation e : equations) {
      if (e.value() instanceof Slice(Value(Symbol stack, int delay, var _), var _, var _, var _)
          && delay == 0) {
        SplitStacks split = new SplitStacks(cell, equations, names);
        Optional<List<Part>> partition = split.partition(stack);
        if (partition.isPresent()) {
          return split.parts(partition.get());
        }
      }
    }
    return equations;
  }

  // ---- whether it can be split

  private Optional<List<Part>> partition(Symbol stack) {
    List<Equation> defined = equations.stream().filter(e -> e.target().equals(stack)).toList();
    if (defined.size() != 1 || !isSplittable(defined.getFirst())) {
      return Optional.empty();
    }
    stacks.add(stack);
    for (Equation e : equations) { // sorted by dependence
      if (!reads(e.value())) {
        continue;
      }
      boolean fits =
          switch (e.value()) {
            case Slice(Value _, Axis _, Dim from, Dim length) -> {
              slices.add(new Part(from, length));
              yield true;
            }
            case Reduce(ReduceOp op, Value _) -> op == ReduceOp.SUM || op == ReduceOp.MAX;
            default -> isSplittable(e) && stacks.add(e.target());
          };
      if (!fits) {
        return Optional.empty();
      }
    }
    return chain(((Vector) defined.getFirst().shape()).length());
  }

  private boolean isSplittable(Equation e) {
    boolean elementwise =
        switch (e.value()) {
          case Unary _, Binary _, Select _ -> true;
          case Sum(List<Expr> terms) ->
              terms.stream().noneMatch(term -> term instanceof MatMul(Expr _, Expr x) && reads(x));
          default -> false;
        };
    return elementwise
        && FlatForm.isFlat(e)
        && e.shape() instanceof Vector
        && !e.target().equals(cell.output())
        && cell.state(e.target()).isEmpty();
  }

  private boolean reads(Expr e) {
    boolean[] found = {false};
    Operands.values(e, v -> found[0] |= v.delay() == 0 && stacks.contains(v.symbol()));
    return found[0];
  }

  /// The slices one behind the other, if they fill the vector.
  private Optional<List<Part>> chain(Dim length) {
    List<Part> chain = new ArrayList<>();
    Dim end = Dim.ZERO;
    while (!end.equals(length)) {
      Dim start = end;
      List<Part> next = slices.stream().filter(p -> p.from().equals(start)).toList();
      if (next.size() != 1 || next.getFirst().length().equals(Dim.ZERO)) {
        return Optional.empty();
      }
      chain.add(next.getFirst());
      end = start.plus(next.getFirst().length());
    }
    return chain.size() == slices.size() && chain.size() > 1
        ? Optional.of(chain)
        : Optional.empty();
  }

  // ---- the parts

  private List<Equation> parts(List<Part> partition) {
    List<Equation> result = new ArrayList<>();
    for (Equation e : equations) {
      if (stacks.contains(e.target())) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < partition.size(); i++) {
          Symbol name = name(e.now(), i, partition.get(i));
          Equation part = new Equation(name, part(e.value(), i, partition.get(i)), e.origin());
          values.add(part.now());
          result.add(part);
        }
        parts.put(e.target(), values);
      } else {
        result.add(new Equation(e.target(), whole(e.value(), partition), e.origin()));
      }
    }
    return result;
  }

  private Symbol name(Value stack, int index, Part part) {
    return names.fresh(
        stack.symbol().plain() + "_" + (index + 1),
        Notation.expression(new Slice(stack, Axis.ROWS, part.from(), part.length())));
  }

  /// Rows of an elementwise operation.
  private Expr part(Expr e, int index, Part part) {
    return Operands.map(
        e,
        x -> {
          if (!(x.shape() instanceof Vector)) {
            return x;
          }
          return valuesOf(x)
              .<Expr>map(values -> values.get(index))
              .orElseGet(() -> new Slice(x, Axis.ROWS, part.from(), part.length()));
        });
  }

  private Expr whole(Expr e, List<Part> partition) {
    return switch (e) {
      case Slice(Expr x, Axis _, Dim from, Dim length) when valuesOf(x).isPresent() ->
          valuesOf(x).get().get(partition.indexOf(new Part(from, length)));
      case Reduce(ReduceOp op, Expr x) when valuesOf(x).isPresent() ->
          reduced(op, valuesOf(x).get());
      default -> e;
    };
  }

  private Optional<List<Value>> valuesOf(Expr x) {
    return x instanceof Value(Symbol symbol, int delay, var _) && delay == 0
        ? Optional.ofNullable(parts.get(symbol))
        : Optional.empty();
  }

  /// Of parts of one length, one total: of their sum, or of their maximum.
  private static Expr reduced(ReduceOp op, List<Value> values) {
    boolean equal = IntStream.range(1, values.size()).allMatch(i -> sameShape(values, i));
    List<Expr> each =
        equal
            ? List.copyOf(values)
            : values.stream().<Expr>map(value -> new Reduce(op, value)).toList();
    Expr together =
        op == ReduceOp.SUM
            ? new Sum(each)
            : each.stream().reduce((a, b) -> new Binary(BinaryOp.MAX, a, b)).orElseThrow();
    return equal ? new Reduce(op, together) : together;
  }

  private static boolean sameShape(List<Value> values, int i) {
    return values.get(i).shape().equals(values.getFirst().shape());
  }
}
