package dev.sluice.samples.recorded;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A recording of one layer, forward in time, through the double-precision interpreter and the
/// derived backward pass.
public final class InterpretedRun {
  private final Recording recording;
  private final Recording.Side side;
  private final Compiled compiled;
  private final Tolerance tolerance;
  private final List<Comparison> comparisons = new ArrayList<>();

  private InterpretedRun(Recording recording, Compilation compilation, Tolerance tolerance) {
    Recording.Layer layer = recording.branches().getFirst().getFirst();
    this.recording = recording;
    this.side = layer.sides().getFirst();
    this.compiled = compilation.of(layer);
    this.tolerance = tolerance;
  }

  /// Whether the interpreter can run it: it knows cells, not networks.
  public static boolean fits(Recording recording) {
    if (recording.branches().size() > 1 || recording.branches().getFirst().size() > 1) {
      return false;
    }
    Recording.Layer layer = recording.branches().getFirst().getFirst();
    return layer.sides().size() == 1
        && layer.sides().getFirst().direction() == Direction.FORWARD
        && !layer.last();
  }

  /// @param tolerance of values and gradients
  public static List<Comparison> of(
      Recording recording, Compilation compilation, Tolerance tolerance) {
    InterpretedRun run = new InterpretedRun(recording, compilation, tolerance);
    run.run();
    return List.copyOf(run.comparisons);
  }

  private void run() {
    Cell cell = compiled.canonical();
    Map<String, Integer> sizes = Compilation.sizes(cell, side, recording.x().size(2));
    Interpreter interpreter = Interpreter.of(cell, sizes);
    Run forward = interpreter.run(values(cell, sizes));
    compare("output", Numbers.of(forward.output()), recording.results().output());
    side.states()
        .forEach(
            (name, state) -> {
              compare("final " + name, rows(forward.finals(), name), state.last());
              compare("every " + name, Numbers.of(forward.sequence(name)), state.all());
            });
    Numbers outputGradient = recording.results().outputGradient();
    if (outputGradient != null) {
      Map<String, double[][]> finals = new LinkedHashMap<>();
      side.states().forEach((name, state) -> put(finals, name, state.lastGradient()));
      compareGradients(
          cell, interpreter.backward(compiled.adjoint(), forward, outputGradient.steps(), finals));
    }
  }

  private Values values(Cell cell, Map<String, Integer> sizes) {
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (Cell.Parameter parameter : cell.parameters()) {
      Numbers value = Compilation.value(side, parameter.symbol());
      parameters.put(parameter.symbol().plain(), Array.of(parameter.shape(), sizes, value.data()));
    }
    Map<String, double[][][]> inputs = new LinkedHashMap<>();
    inputs.put(input(cell), recording.x().steps());
    recording.inputs().forEach((name, value) -> inputs.put(name, value.steps()));
    Map<String, double[][]> initial = new LinkedHashMap<>();
    side.states().forEach((name, state) -> put(initial, name, state.initial()));
    Values values =
        Values.of(recording.x().size(0), recording.x().size(1), parameters, inputs)
            .withInitial(initial);
    return recording.lengths().length == 0
        ? values
        : values.withLengths(Arrays.stream(recording.lengths()).boxed().toList());
  }

  private static String input(Cell cell) {
    return cell.inputs().getFirst().symbol().plain();
  }

  private static void put(Map<String, double[][]> rows, String name, @Nullable Numbers value) {
    if (value != null) {
      rows.put(name, value.rows());
    }
  }

  private static Numbers rows(Map<String, double[][]> rows, String name) {
    return Numbers.of(
        Optional.ofNullable(rows.get(name))
            .orElseThrow(() -> new IllegalArgumentException("the cell has no state " + name)));
  }

  private void compareGradients(Cell cell, Gradients gradients) {
    compare(
        "grad x",
        Numbers.of(Optional.ofNullable(gradients.inputs().get(input(cell))).orElseThrow()),
        recording.results().inputGradient());
    recording
        .results()
        .inputGradients()
        .forEach(
            (name, expected) ->
                compare(
                    "grad " + name,
                    Numbers.of(Optional.ofNullable(gradients.inputs().get(name)).orElseThrow()),
                    expected));
    side.states()
        .forEach(
            (name, state) -> {
              if (state.initialGradient() != null) {
                compare(
                    "grad initial " + name,
                    rows(gradients.initial(), name),
                    state.initialGradient());
              }
            });
    side.parameters()
        .forEach(
            (name, parameter) -> {
              double[] ours =
                  Optional.ofNullable(gradients.parameters().get(name)).orElseThrow().toArray();
              compare(
                  "grad " + name, new Numbers(new int[] {ours.length}, ours), parameter.gradient());
            });
  }

  private void compare(String what, Numbers actual, @Nullable Numbers expected) {
    if (expected != null) {
      comparisons.add(Comparison.of(what, actual, expected, tolerance));
    }
  }
}
