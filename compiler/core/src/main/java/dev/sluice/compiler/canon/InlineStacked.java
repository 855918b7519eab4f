package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Concat;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Flatten;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A named stack → its definition, where it is only taken apart again: in slices, and in products.
///
///     z = V x + b;  f = σ(z[0:n]);  i = σ(z[n:2n])   →   f = σ((V x + b)[0:n]);  i = σ((V x +
/// b)[n:2n])
///     v = [h; x];  z = W v                            →   z = W [h; x]
///
/// An identity. Not applied to a slice whose vector is used whole elsewhere, is a state or the
/// output (the work would be done twice), or has a long definition (copies of copies could grow
/// without end).
final class InlineStacked {
  static final int LONGEST = 64;

  private final Map<Symbol, Expr> definitions = new HashMap<>();
  private final Set<Symbol> whole;

  private InlineStacked(Set<Symbol> whole) {
    this.whole = whole;
  }

  static List<Equation> apply(Cell cell) {
    Set<Symbol> whole = new HashSet<>(Set.of(cell.output()));
    cell.states().forEach(state -> whole.add(state.symbol()));
    cell.equations().forEach(equation -> wholeUses(equation.value(), whole));
    InlineStacked inline = new InlineStacked(whole);
    List<Equation> result = new ArrayList<>();
    for (Equation equation : cell.equations()) {
      Expr value = inline.replace(equation.value());
      inline.definitions.put(equation.target(), value);
      result.add(
          value == equation.value()
              ? equation
              : new Equation(equation.target(), value, equation.origin()));
    }
    return result;
  }

  private static void wholeUses(Expr e, Set<Symbol> whole) {
    if (e instanceof Value value) {
      whole.add(value.symbol());
    } else if (!(e instanceof Slice(Value _, var _, var _, var _))) {
      Operands.of(e).forEach(x -> wholeUses(x, whole));
    }
  }

  private Expr replace(Expr e) {
    if (e instanceof Slice(Value(Symbol symbol, int delay, var _), var axis, var from, var length)
        && delay == 0
        && !whole.contains(symbol)
        && definitions.get(symbol) instanceof Expr definition
        && size(definition, LONGEST) < LONGEST) {
      return new Slice(definition, axis, from, length);
    }
    if (e instanceof MatMul(Expr weight, Value(Symbol symbol, int delay, var _))
        && delay == 0
        && definitions.get(symbol) instanceof Concat(List<Expr> parts)
        && parts.stream().allMatch(Flatten::isAtom)) {
      return new MatMul(weight, new Concat(parts));
    }
    return Operands.map(e, this::replace);
  }

  private static int size(Expr e, int limit) {
    int size = 1;
    for (Expr operand : Operands.of(e)) {
      size += size < limit ? size(operand, limit - size) : 0;
    }
    return size;
  }
}
