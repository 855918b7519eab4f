package dev.sluice.compiler.ir;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the [Interpreter] computed: every value of every equation at every step. Names are plain.
public final class Run {
  private final Cell cell;
  private final Map<String, Integer> sizes;
  private final Values given;
  private final List<List<Map<Symbol, Array>>> values;
  private final List<Map<Symbol, Array>> initial;
  private final long branches;

  /// @param values by sequence and step: inputs and targets of equations
  /// @param initial by sequence: initial states
  Run(
      Cell cell,
      Map<String, Integer> sizes,
      Values given,
      List<List<Map<Symbol, Array>>> values,
      List<Map<Symbol, Array>> initial,
      long branches) {
    this.cell = cell;
    this.sizes = sizes;
    this.given = given;
    this.values = values;
    this.initial = initial;
    this.branches = branches;
  }

  public Values given() {
    return given;
  }

  /// A value of one sequence at one step.
  ///
  /// @param step -1 for an initial state
  public Array value(String name, int step, int sequence) {
    Symbol symbol = Symbol.of(name);
    Array found =
        step < 0 ? initial.get(sequence).get(symbol) : values.get(sequence).get(step).get(symbol);
    if (found == null) {
      throw new IllegalArgumentException(
          "cell " + cell.name() + " has no value " + name + " at step " + step);
    }
    return found;
  }

  /// A value over time: [T][B][length], zeros after the end of a sequence.
  public double[][][] sequence(String name) {
    int size = Array.size(shape(name), sizes);
    double[][][] all = new double[given.steps()][given.batch()][size];
    for (int b = 0; b < given.batch(); b++) {
      for (int t = 0; t < given.lengths().get(b); t++) {
        all[t][b] = value(name, t, b).toArray();
      }
    }
    return all;
  }

  /// [T][B][length], zeros after the end of a sequence.
  public double[][][] output() {
    return sequence(cell.output().plain());
  }

  /// Every state after the last step of each sequence: [B][length].
  public Map<String, double[][]> finals() {
    Map<String, double[][]> all = new LinkedHashMap<>();
    for (Cell.State state : cell.states()) {
      String name = state.symbol().plain();
      double[][] rows = new double[given.batch()][];
      for (int b = 0; b < rows.length; b++) {
        rows[b] = value(name, given.lengths().get(b) - 1, b).toArray();
      }
      all.put(name, rows);
    }
    return all;
  }

  /// Two runs with the same number passed every kink (relu, max, …) on the same side.
  long branches() {
    return branches;
  }

  /// A value before the first step: the initial one of a state, 0 of an input.
  Array delayed(Symbol symbol, int step, int sequence) {
    if (step >= 0) {
      return value(symbol.plain(), step, sequence);
    }
    Array start = initial.get(sequence).get(symbol);
    return start != null ? start : Array.filled(shape(symbol.plain()), sizes, 0);
  }

  private Shape shape(String name) {
    Symbol symbol = Symbol.of(name);
    return cell.equation(symbol)
        .map(Equation::shape)
        .or(
            () ->
                cell.inputs().stream()
                    .filter(i -> i.symbol().equals(symbol))
                    .findFirst()
                    .map(Cell.Input::shape))
        .orElseThrow(
            () -> new IllegalArgumentException("cell " + cell.name() + " has no value " + name));
  }
}
