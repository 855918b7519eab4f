package dev.sluice.samples.zoo;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Merge;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What the double-precision interpreter and the derived backward pass make of a cell at a random
/// point, as a recording that generated code can be compared with.
final class InterpretedResults {
  private static final int STEPS = 7;
  private static final int BATCH = 3;

  private final Compiled compiled;
  private final Cell cell;
  private final Map<String, Integer> sizes;
  private final SplittableRandom random;

  private InterpretedResults(Compiled compiled, Map<String, Integer> sizes, long seed) {
    this.compiled = compiled;
    this.cell = compiled.canonical();
    this.sizes = sizes;
    this.random = new SplittableRandom(seed);
  }

  /// @param equations the cell's text
  /// @param sizes by dimension
  static Recording of(Compiled compiled, String equations, Map<String, Integer> sizes, long seed) {
    return new InterpretedResults(compiled, sizes, seed).recording(equations);
  }

  /// Floats, so that both sides have the same numbers.
  private Numbers random(double low, double high, int... shape) {
    Numbers numbers = Numbers.filled(0, shape);
    for (int i = 0; i < numbers.data().length; i++) {
      numbers.data()[i] = (float) random.nextDouble(low, high);
    }
    return numbers;
  }

  private int[] shape(Shape shape) {
    return switch (shape) {
      case Shape.Scalar() -> new int[] {1};
      case Shape.Vector(var n) -> new int[] {n.value(sizes)};
      case Shape.Matrix(var rows, var columns) ->
          new int[] {rows.value(sizes), columns.value(sizes)};
    };
  }

  private int[] batched(Shape shape) {
    return IntStream.concat(IntStream.of(BATCH), IntStream.of(shape(shape))).toArray();
  }

  private int length(Shape shape) {
    return Array.size(shape, sizes);
  }

  private Recording recording(String equations) {
    Map<String, Numbers> parameters = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      parameters.put(p.symbol().plain(), random(-0.5, 0.5, shape(p.shape())));
    }
    Map<String, Numbers> inputs = new LinkedHashMap<>();
    for (Cell.Input input : cell.inputs()) {
      inputs.put(input.symbol().plain(), random(-1, 1, STEPS, BATCH, length(input.shape())));
    }
    // Positive: sums of weights, such as a normaliser, are never negative.
    Map<String, Numbers> initial = new LinkedHashMap<>();
    Map<String, Numbers> lastGradients = new LinkedHashMap<>();
    for (Cell.State state : cell.states()) {
      initial.put(state.symbol().plain(), random(0.5, 1, batched(state.shape())));
      lastGradients.put(state.symbol().plain(), random(-1, 1, batched(state.shape())));
    }
    Interpreter interpreter = Interpreter.of(cell, sizes);
    Run run = interpreter.run(values(parameters, inputs, initial));
    Numbers output = Numbers.of(run.output());
    Numbers outputGradient = random(-1, 1, output.shape());
    Map<String, double[][]> finals = new LinkedHashMap<>();
    lastGradients.forEach((name, value) -> finals.put(name, value.rows()));
    Gradients gradients =
        interpreter.backward(compiled.adjoint(), run, outputGradient.steps(), finals);
    Map<String, Recording.State> states = new LinkedHashMap<>();
    initial.forEach(
        (name, value) ->
            states.put(
                name,
                new Recording.State(
                    value,
                    Numbers.of(required(run.finals(), name)),
                    null,
                    lastGradients.get(name),
                    Numbers.of(required(gradients.initial(), name)))));
    return recording(equations, parameters, inputs, states, output, outputGradient, gradients);
  }

  private static <T> T required(Map<String, T> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }

  private Values values(
      Map<String, Numbers> parameters, Map<String, Numbers> inputs, Map<String, Numbers> initial) {
    Map<String, Array> arrays = new LinkedHashMap<>();
    for (Cell.Parameter p : cell.parameters()) {
      String name = p.symbol().plain();
      arrays.put(name, Array.of(p.shape(), sizes, required(parameters, name).data()));
    }
    Map<String, double[][][]> steps = new LinkedHashMap<>();
    inputs.forEach((name, value) -> steps.put(name, value.steps()));
    Map<String, double[][]> rows = new LinkedHashMap<>();
    initial.forEach((name, value) -> rows.put(name, value.rows()));
    return Values.of(STEPS, BATCH, arrays, steps).withInitial(rows);
  }

  private Recording recording(
      String equations,
      Map<String, Numbers> parameters,
      Map<String, Numbers> inputs,
      Map<String, Recording.State> states,
      Numbers output,
      Numbers outputGradient,
      Gradients gradients) {
    Map<String, Recording.Parameter> weights = new LinkedHashMap<>();
    parameters.forEach(
        (name, value) -> {
          Numbers gradient =
              new Numbers(value.shape(), required(gradients.parameters(), name).toArray());
          weights.put(name, new Recording.Parameter(value, gradient));
        });
    String first = cell.inputs().getFirst().symbol().plain();
    Map<String, Numbers> others = new LinkedHashMap<>(inputs);
    Map<String, Numbers> otherGradients = new LinkedHashMap<>();
    others.remove(first);
    others
        .keySet()
        .forEach(name -> otherGradients.put(name, Numbers.of(required(gradients.inputs(), name))));
    return new Recording(
        cell.name(),
        List.of(
            List.of(
                new Recording.Layer(
                    cell.name(),
                    equations,
                    Map.of(),
                    List.of(new Recording.Side(Direction.FORWARD, weights, states)),
                    Merge.CONCAT,
                    false))),
        Recording.Join.CONCAT,
        required(inputs, first),
        others,
        new int[0],
        new Recording.Results(
            output,
            outputGradient,
            Numbers.of(required(gradients.inputs(), first)),
            otherGradients),
        Tolerance.VALUES,
        Tolerance.GRADIENTS);
  }
}
