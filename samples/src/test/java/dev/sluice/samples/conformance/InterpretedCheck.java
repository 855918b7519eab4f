package dev.sluice.samples.conformance;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A recorded case of one layer and one direction through the double-precision interpreter and the
/// derived backward pass.
final class InterpretedCheck {
  private final TorchCase run;
  private final TorchCell cell;

  InterpretedCheck(TorchCase run) {
    this.run = run;
    this.cell = TorchCell.of(run.cell());
  }

  static boolean fits(TorchCase run) {
    return run.layers() == 1 && run.directions() == 1;
  }

  /// A case that was rounded to float32 after it was computed can be met to that rounding only.
  private Tolerance tolerance() {
    return run.isDouble() ? Tolerance.values(run) : new Tolerance(1e-9, 1e-6, 0);
  }

  void check(Compiled compiled) {
    Map<String, Integer> sizes = Map.of("x", run.inputSize(), "h", run.hiddenSize());
    checkValues(Interpreter.of(compiled.cell(), sizes).run(values()));
    Interpreter interpreter = Interpreter.of(compiled.canonical(), sizes);
    Run forward = interpreter.run(values());
    checkValues(forward);
    checkGradients(
        interpreter.backward(
            compiled.adjoint(), forward, steps(run.tensor("grad_output")), states("grad_%sn")));
  }

  private Values values() {
    Map<String, Array> parameters = new LinkedHashMap<>();
    for (TorchCell.Part part : cell.parts()) {
      Numbers value = cell.value(part, run, 0, 0);
      parameters.put(
          part.parameter(),
          value.shape().length == 1
              ? Array.vector(value.data())
              : Array.matrix(value.shape()[0], value.shape()[1], value.data()));
    }
    Values values =
        Values.of(run.steps(), run.batch(), parameters, Map.of("x", steps(run.tensor("x"))))
            .withInitial(states("%s0"));
    return run.lengths().length == 0
        ? values
        : values.withLengths(Arrays.stream(run.lengths()).boxed().toList());
  }

  private Map<String, double[][]> states(String tensor) {
    Map<String, double[][]> states = new LinkedHashMap<>();
    for (String state : cell.states()) {
      run.state(tensor.formatted(state), 0, 0).ifPresent(value -> states.put(state, rows(value)));
    }
    return states;
  }

  private void checkValues(Run forward) {
    tolerance().check("output", numbers(forward.output()), run.tensor("output"));
    checkStates("final ", forward.finals(), "%sn");
  }

  private void checkStates(String what, Map<String, double[][]> actual, String recorded) {
    for (String state : cell.states()) {
      run.state(recorded.formatted(state), 0, 0)
          .ifPresent(
              expected ->
                  tolerance()
                      .check(
                          what + state,
                          numbers(Objects.requireNonNull(actual.get(state))),
                          expected));
    }
  }

  private void checkGradients(Gradients gradients) {
    tolerance()
        .check(
            "grad x",
            numbers(Objects.requireNonNull(gradients.inputs().get("x"))),
            run.tensor("grad_x"));
    checkStates("grad initial ", gradients.initial(), "grad_%s0");
    for (TorchCell.Part part : cell.parts()) {
      Array ours = Objects.requireNonNull(gradients.parameters().get(part.parameter()));
      int[] shape =
          ours.rank() == 1 ? new int[] {ours.rows()} : new int[] {ours.rows(), ours.columns()};
      for (String tensor : part.tensors()) {
        cell.theirs(part, "grad_" + tensor, run, 0, 0)
            .ifPresent(
                expected ->
                    tolerance()
                        .check(
                            "grad " + part.parameter(),
                            new Numbers(shape, ours.toArray()),
                            expected));
      }
    }
  }

  private static double[][] rows(Numbers matrix) {
    double[][] rows = new double[matrix.shape()[0]][];
    Arrays.setAll(rows, r -> matrix.block(r, rows.length).data());
    return rows;
  }

  private static double[][][] steps(Numbers sequence) {
    double[][][] steps = new double[sequence.shape()[0]][][];
    int[] shape = {sequence.shape()[1], sequence.shape()[2]};
    Arrays.setAll(steps, t -> rows(sequence.block(t, steps.length).shaped(shape)));
    return steps;
  }

  private static Numbers numbers(double[][] rows) {
    double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return new Numbers(new int[] {rows.length, rows[0].length}, all);
  }

  private static Numbers numbers(double[][][] steps) {
    List<Numbers> each = Arrays.stream(steps).map(InterpretedCheck::numbers).toList();
    double[] all = each.stream().flatMapToDouble(n -> Arrays.stream(n.data())).toArray();
    return new Numbers(new int[] {steps.length, steps[0].length, steps[0][0].length}, all);
  }
}
