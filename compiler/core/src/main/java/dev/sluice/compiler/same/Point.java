package dev.sluice.compiler.same;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.Values;
import dev.sluice.compiler.same.Head.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Numbers for two cells: parameters of the first, weights that only the second has, inputs.
///
/// @param lengths sizes by group of [Sides]
/// @param parameters of the first cell
/// @param others of weights of the second cell that have no partner
/// @param inputs [T][length] of the first cell, by plain name
/// @param otherInputs of the second cell, those without a partner
record Point(
    Map<String, Integer> lengths,
    int steps,
    Map<String, double[]> parameters,
    Map<Weight, double[]> others,
    Map<String, double[][]> inputs,
    Map<String, double[][]> otherInputs) {

  /// How two weights are paired.
  ///
  /// @param guess as [Guesses] has it
  record Pairing(Sides sides, Normal a, Normal b, Map<Weight, Weight> guess) {
    Conversion conversion() {
      return new Conversion(a, b, guess, sides.dimensionsBack(), sides.inputs);
    }

    List<Weight> alone() {
      List<Weight> alone = new ArrayList<>(Normal.leaves(b.form()));
      alone.removeAll(guess.values());
      return alone;
    }
  }

  /// Outputs of both cells at the first step where they differ.
  record Difference(int step, double[] first, double[] second) {}

  static Point random(
      Pairing pairing, Map<String, Integer> lengths, int steps, DoubleSupplier draw) {
    Sides sides = pairing.sides;
    Map<String, Integer> sizesOfA = sides.sizesOfA(lengths);
    Map<String, Integer> sizesOfB = sides.sizesOfB(lengths);
    Map<String, double[]> parameters = new LinkedHashMap<>();
    for (Cell.Parameter p : sides.a.parameters()) {
      parameters.put(p.symbol().plain(), numbers(Array.size(p.shape(), sizesOfA), draw));
    }
    Map<Weight, double[]> others = new LinkedHashMap<>();
    for (Weight w : pairing.alone()) {
      others.put(w, numbers(Array.size(w.shape(), sizesOfB), draw));
    }
    Map<String, double[][]> inputs = new LinkedHashMap<>();
    for (Cell.Input x : sides.a.inputs()) {
      inputs.put(x.symbol().plain(), rows(steps, Array.size(x.shape(), sizesOfA), draw));
    }
    Map<String, double[][]> otherInputs = new LinkedHashMap<>();
    for (Cell.Input y : sides.b.inputs()) {
      if (!sides.inputs.containsValue(y.symbol())) {
        otherInputs.put(y.symbol().plain(), rows(steps, Array.size(y.shape(), sizesOfB), draw));
      }
    }
    return new Point(lengths, steps, parameters, others, inputs, otherInputs);
  }

  private static double[] numbers(int count, DoubleSupplier draw) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = draw.getAsDouble();
    }
    return numbers;
  }

  private static double[][] rows(int steps, int length, DoubleSupplier draw) {
    double[][] rows = new double[steps][];
    for (int t = 0; t < steps; t++) {
      rows[t] = numbers(length, draw);
    }
    return rows;
  }

  /// All numbers, to be changed in place.
  List<double[]> all() {
    List<double[]> all = new ArrayList<>();
    inputs.values().forEach(rows -> all.addAll(List.of(rows)));
    otherInputs.values().forEach(rows -> all.addAll(List.of(rows)));
    all.addAll(parameters.values());
    all.addAll(others.values());
    return all;
  }

  Map<String, Array> parametersOfA(Sides sides) {
    Map<String, Integer> sizes = sides.sizesOfA(lengths);
    Map<String, Array> arrays = new LinkedHashMap<>();
    for (Cell.Parameter p : sides.a.parameters()) {
      double[] data = parameters.getOrDefault(p.symbol().plain(), new double[0]);
      arrays.put(p.symbol().plain(), Array.of(p.shape(), sizes, data));
    }
    return arrays;
  }

  Map<String, Array> parametersOfB(Pairing pairing) {
    Sides sides = pairing.sides;
    return pairing
        .conversion()
        .convert(parametersOfA(sides), sides.sizesOfA(lengths), sides.sizesOfB(lengths), others);
  }

  Map<String, double[][]> inputsOfB(Sides sides) {
    Map<String, double[][]> all = new LinkedHashMap<>(otherInputs);
    for (Map.Entry<Symbol, Symbol> pair : sides.inputs.entrySet()) {
      double[][] rows = inputs.get(pair.getKey().plain());
      if (rows != null) {
        all.put(pair.getValue().plain(), rows);
      }
    }
    return all;
  }

  /// Empty if the outputs are equal within rounding, or if a cell has no number somewhere.
  ///
  /// @param least relative to the numbers
  Optional<Difference> difference(Pairing pairing, double least) {
    Sides sides = pairing.sides;
    double[][] first = run(sides.a, sides.sizesOfA(lengths), parametersOfA(sides), inputs);
    double[][] second =
        run(sides.b, sides.sizesOfB(lengths), parametersOfB(pairing), inputsOfB(sides));
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < first[t].length; i++) {
        double x = first[t][i];
        double y = second[t][i];
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
          return Optional.empty();
        }
        if (Math.abs(x - y) > least * (1 + Math.abs(x) + Math.abs(y))) {
          return Optional.of(new Difference(t, first[t], second[t]));
        }
      }
    }
    return Optional.empty();
  }

  /// Whether both cells' outputs are numbers at every step.
  boolean isFinite(Pairing pairing) {
    Sides sides = pairing.sides;
    return isFinite(run(sides.a, sides.sizesOfA(lengths), parametersOfA(sides), inputs))
        && isFinite(
            run(sides.b, sides.sizesOfB(lengths), parametersOfB(pairing), inputsOfB(sides)));
  }

  private static boolean isFinite(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  private double[][] run(
      Cell cell,
      Map<String, Integer> sizes,
      Map<String, Array> parameters,
      Map<String, double[][]> inputs) {
    Map<String, double[][][]> batches = new LinkedHashMap<>();
    inputs.forEach(
        (name, rows) -> {
          double[][][] batch = new double[steps][][];
          for (int t = 0; t < steps; t++) {
            batch[t] = new double[][] {rows[t]};
          }
          batches.put(name, batch);
        });
    double[][][] output =
        Interpreter.of(cell, sizes).run(Values.of(steps, 1, parameters, batches)).output();
    double[][] rows = new double[steps][];
    for (int t = 0; t < steps; t++) {
      rows[t] = output[t][0];
    }
    return rows;
  }
}
