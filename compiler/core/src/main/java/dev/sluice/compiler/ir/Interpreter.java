package dev.sluice.compiler.ir;

import dev.sluice.runtime.spi.Masks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The meaning of the language: runs a cell in double precision by walking its trees. Clear rather
/// than fast; everything that rewrites, derives or generates is tested against it.
///
/// Before the first step a state has its initial value at any delay, an input is 0.
public final class Interpreter {
  private final Cell cell;
  private final Map<String, Integer> sizes;

  private Interpreter(Cell cell, Map<String, Integer> sizes) {
    this.cell = cell;
    this.sizes = sizes;
  }

  /// @param sizes by variable or dimension name, `x=4, h=5`
  /// @throws IllegalArgumentException in a user's words when a size is missing, unknown or
  /// contradictory
  public static Interpreter of(Cell cell, Map<String, Integer> sizes) {
    return new Interpreter(cell, cell.sizes(sizes));
  }

  public Cell cell() {
    return cell;
  }

  /// Value of every dimension.
  public Map<String, Integer> sizes() {
    return sizes;
  }

  /// Runs all steps of all sequences.
  ///
  /// @throws IllegalArgumentException when a parameter or input is missing or has another shape
  public Run run(Values values) {
    check(values);
    Optional<Run> weights = weights(values);
    Values given = weights.map(w -> withComputed(values, w)).orElse(values);
    return steps(given, weights.map(Run::branches).orElse(0L));
  }

  /// The one step of the cell that computes weights.
  Optional<Run> weights(Values given) {
    return cell.weights()
        .map(w -> new Interpreter(w, sizes).run(Values.of(1, 1, given.parameters(), Map.of())));
  }

  private Values withComputed(Values given, Run weights) {
    Map<String, Array> all = new HashMap<>(given.parameters());
    for (Cell.State weight : cell.computed()) {
      String name = weight.symbol().plain();
      all.put(name, weights.value(name, 0, 0));
    }
    return given.withParameters(all);
  }

  /// @param branches of the weights
  private Run steps(Values given, long branches) {
    Evaluator evaluator = new Evaluator(sizes);
    List<List<Map<Symbol, Array>>> values = new ArrayList<>();
    List<Map<Symbol, Array>> initial = new ArrayList<>();
    for (int b = 0; b < given.batch(); b++) {
      values.add(new ArrayList<>());
      initial.add(initialStates(given, b));
    }
    for (int b = 0; b < given.batch(); b++) {
      Run soFar = new Run(cell, sizes, given, values, initial, 0);
      for (int t = 0; t < given.lengths().get(b); t++) {
        Map<Symbol, Array> now = inputs(given, t, b);
        values.get(b).add(now);
        Evaluator.Scope scope = new ForwardScope(soFar, now, t, b);
        for (Equation equation : cell.equations()) {
          now.put(equation.target(), evaluator.evaluate(equation.value(), scope));
        }
      }
    }
    long all = 31 * branches + evaluator.branches();
    return new Run(cell, sizes, given, values, initial, all);
  }

  /// Back-propagation through time over a run.
  ///
  /// @param adjoint of this cell
  /// @param outputGradients ∂L/∂y_t: [T][B][length]; what lies after the end of a sequence does not
  /// count
  /// @param finalGradients ∂L/∂final state by plain name, [B][length]; 0 for a state that is absent
  public Gradients backward(
      Adjoint adjoint,
      Run run,
      double[][][] outputGradients,
      Map<String, double[][]> finalGradients) {
    return new BackwardInterpreter(adjoint, sizes, run, outputGradients, finalGradients)
        .gradients();
  }

  private Map<Symbol, Array> initialStates(Values given, int b) {
    Map<Symbol, Array> states = new HashMap<>();
    for (Cell.State state : cell.states()) {
      Map<String, double[][]> all = given.initial();
      double[][] rows = all.get(state.symbol().plain());
      if (rows == null) {
        rows = all.get(state.startsAs().plain());
      }
      Array start =
          rows == null
              ? Array.filled(state.shape(), sizes, state.initial())
              : Array.of(state.shape(), sizes, rows[b]);
      states.put(state.symbol(), start);
    }
    return states;
  }

  private Map<Symbol, Array> inputs(Values given, int t, int b) {
    Map<Symbol, Array> now = new HashMap<>();
    for (Cell.Input input : cell.inputs()) {
      double[][][] steps = Named.in(given.inputs(), input.symbol().plain());
      now.put(input.symbol(), Array.of(input.shape(), sizes, steps[t][b]));
    }
    for (int i = 0; i < cell.masks().size(); i++) {
      now.put(cell.masks().get(i).symbol(), mask(i, given, t, b));
    }
    return now;
  }

  private Array mask(int number, Values given, int t, int b) {
    Cell.Mask mask = cell.masks().get(number);
    double[] values = new double[Array.size(mask.shape(), sizes)];
    if (given.maskSeed().isEmpty()) {
      java.util.Arrays.fill(values, mask.mean());
    } else {
      int step = mask.everyStep() ? given.firstStep() + t : Masks.NO_STEP;
      int row = Masks.row(given.maskSeed().getAsLong(), number, step, b);
      for (int i = 0; i < values.length; i++) {
        values[i] = Masks.keeps(row, i, mask.probability()) ? mask.scale() : 0;
      }
    }
    return Array.of(mask.shape(), sizes, values);
  }

  private void check(Values given) {
    for (Cell.Parameter parameter : cell.parameters()) {
      String name = parameter.symbol().plain();
      Array expected = Array.filled(parameter.shape(), sizes, 0);
      Array found = given.parameters().get(name);
      if (found == null || !found.sameShape(expected)) {
        throw new IllegalArgumentException(
            "parameter %s of cell %s: expected %s %s, found %s; given are %s"
                .formatted(
                    name,
                    cell.name(),
                    parameter.shape(),
                    expected.shapeText(),
                    found == null ? "nothing" : found.shapeText(),
                    new TreeMap<>(given.parameters()).keySet()));
      }
    }
    for (Cell.Input input : cell.inputs()) {
      int length = Array.size(input.shape(), sizes);
      double[][][] found = given.inputs().getOrDefault(input.symbol().plain(), new double[0][][]);
      checkLength("input", input.symbol(), "steps", found.length, given.steps());
      for (int t = 0; t < given.steps(); t++) {
        checkRows("input", input.symbol(), found[t], given.batch(), length);
      }
    }
    for (Cell.State state : cell.states()) {
      double[][] found = given.initial().get(state.symbol().plain());
      if (found != null) {
        checkRows(
            "initial state",
            state.symbol(),
            found,
            given.batch(),
            Array.size(state.shape(), sizes));
      }
    }
  }

  static void checkRows(String what, Symbol symbol, double[][] rows, int batch, int length) {
    checkLength(what, symbol, "sequences", rows.length, batch);
    for (double[] row : rows) {
      checkLength(what, symbol, "numbers per step", row.length, length);
    }
  }

  static void checkLength(String what, Symbol symbol, String unit, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "%s %s: expected %d %s, found %d".formatted(what, symbol, expected, unit, found));
    }
  }

  /// One forward step of one sequence.
  private record ForwardScope(Run run, Map<Symbol, Array> now, int t, int b)
      implements Evaluator.Scope {
    @Override
    public Array value(Symbol symbol, int delay) {
      if (delay > 0) {
        return run.delayed(symbol, t - delay, b);
      }
      Array found = now.get(symbol);
      if (delay < 0 || found == null) {
        throw new IllegalStateException(
            TimedName.of(symbol, delay) + " is read before it is defined");
      }
      return found;
    }

    @Override
    public Array parameter(Symbol symbol) {
      return Named.in(run.given().parameters(), symbol.plain());
    }

    @Override
    public int step() {
      return run.given().firstStep() + t;
    }
  }
}
