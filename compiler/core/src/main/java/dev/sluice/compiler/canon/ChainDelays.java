package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Cell.State;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Value;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.UnsupportedCellException;
import dev.sluice.compiler.ir.flat.Names;
import dev.sluice.compiler.ir.flat.Operands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// Deeper delays, and delays of inputs → states that hand the value on, one step each.
///
///     h_{t-3}   →   h_lag2_{t-1}  with  h_lag1_t = h_{t-1},  h_lag2_t = h_lag1_{t-1}
///     x_{t-2}   →   x_lag1_{t-1}  with  x_lag_t = x_t,       x_lag1_t = x_lag_{t-1}
///
/// An identity from the first step on when the new states start from what the old ones had before
/// it: what the state starts from, and 0 for an input. A caller who gives an initial value for `h`
/// gives it for all steps before the first, unless `h_lag1` is given one of its own.
final class ChainDelays {
  /// More steps back than any published cell; keeps a mistyped delay from filling the memory.
  static final int DEEPEST = 1000;

  private final List<State> states = new ArrayList<>();
  private final List<Equation> equations = new ArrayList<>();
  private final Map<Value, Value> previous = new HashMap<>();

  private ChainDelays() {}

  static Cell apply(Cell cell, Names names) {
    SequencedMap<Symbol, Value> deepest = deepest(cell);
    ChainDelays chains = new ChainDelays();
    for (Value value : deepest.values()) {
      Origin origin = Canon.firstUse(cell, value.symbol());
      if (value.delay() > DEEPEST) {
        throw new UnsupportedCellException(
            origin,
            value.symbol().display() + " is read " + value.delay() + " steps back",
            "The limit is " + DEEPEST + " steps.");
      }
      chains.chain(value, cell, origin, names);
    }
    return chains.states.isEmpty() ? cell : chains.rewrite(cell);
  }

  /// The deepest read of each symbol that needs a chain.
  private static SequencedMap<Symbol, Value> deepest(Cell cell) {
    SequencedMap<Symbol, Value> deepest = new LinkedHashMap<>();
    Set<Symbol> states = cell.states().stream().map(State::symbol).collect(Collectors.toSet());
    for (Equation equation : cell.equations()) {
      Operands.values(
          equation.value(),
          (Value value) -> {
            int direct = states.contains(value.symbol()) ? 1 : 0;
            if (value.delay() > direct) {
              deepest.merge(value.symbol(), value, (a, b) -> a.delay() >= b.delay() ? a : b);
            }
          });
    }
    return deepest;
  }

  private void chain(Value deepest, Cell cell, Origin origin, Names names) {
    Symbol symbol = deepest.symbol();
    Shape shape = deepest.shape();
    boolean isState = cell.state(symbol).isPresent();
    double initial = cell.state(symbol).map(State::initial).orElse(0.0);
    Value source = new Value(symbol, isState ? 1 : 0, shape);
    for (int delay = isState ? 2 : 1; delay <= deepest.delay(); delay++) {
      String suffix = isState || delay > 1 ? "lag" + (delay - 1) : "lag";
      Symbol lag = names.fresh(symbol.plain() + "_" + suffix, symbol.display() + "_" + suffix);
      states.add(new State(lag, shape, initial, isState ? symbol : lag));
      equations.add(new Equation(lag, new Sum(List.of(source)), origin));
      source = new Value(lag, 1, shape);
      previous.put(new Value(symbol, delay, shape), source);
    }
  }

  private Cell rewrite(Cell cell) {
    List<State> allStates = new ArrayList<>(cell.states());
    allStates.addAll(states);
    List<Equation> all =
        new ArrayList<>(
            cell.equations().stream()
                .map(e -> new Equation(e.target(), replace(e.value()), e.origin()))
                .toList());
    all.addAll(equations);
    return cell.with(allStates, all);
  }

  private Expr replace(Expr e) {
    return e instanceof Value value
        ? previous.getOrDefault(value, value)
        : Operands.map(e, this::replace);
  }
}
