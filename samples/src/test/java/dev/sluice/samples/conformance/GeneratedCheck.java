package dev.sluice.samples.conformance;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.spi.CellProgram;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A recorded case through the Java API: outputs and final states in inference and training, and
/// every gradient.
final class GeneratedCheck {
  private final TorchCase run;
  private final TorchCell cell;

  GeneratedCheck(TorchCase run) {
    this.run = run;
    this.cell = TorchCell.of(run.cell());
  }

  void check(CellProgram program) {
    Recurrent layers =
        Recurrent.of(program, Sizes.of("x", run.inputSize()).and("h", run.hiddenSize()))
            .stacked(run.layers());
    try (Sequential network =
        Sequential.of(run.directions() == 2 ? layers.bidirectional() : layers)) {
      everywhere((layer, direction) -> setWeights(network, layer, direction));
      try (var session = network.session();
          Training training = network.training()) {
        Batch batch = batch();
        checkValues("inference", session.run(batch), session.finalStates());
        checkValues("training", training.forward(batch), training.finalStates());
        training.backward(tensor(run.tensor("grad_output")), finalGradients());
        checkGradients(training);
      }
    }
  }

  private interface Place {
    void at(int layer, int direction);
  }

  private void everywhere(Place place) {
    for (int layer = 0; layer < run.layers(); layer++) {
      for (int direction = 0; direction < run.directions(); direction++) {
        place.at(layer, direction);
      }
    }
  }

  private static Name name(int layer, int direction, String symbol) {
    return new Name(layer, direction == 1 ? Direction.REVERSE : Direction.FORWARD, symbol);
  }

  private void setWeights(Sequential network, int layer, int direction) {
    for (TorchCell.Part part : cell.parts()) {
      network
          .weights()
          .set(
              name(layer, direction, part.parameter()),
              tensor(cell.value(part, run, layer, direction)));
    }
  }

  private Batch batch() {
    Map<Name, Tensor> initial = states("%s0");
    return Batch.of(tensor(run.tensor("x"))).lengths(run.lengths()).initial(initial);
  }

  private Map<Name, Tensor> finalGradients() {
    return states("grad_%sn");
  }

  /// Those of the recorded states that are there, by our names.
  private Map<Name, Tensor> states(String tensor) {
    Map<Name, Tensor> states = new LinkedHashMap<>();
    everywhere(
        (layer, direction) -> {
          for (String state : cell.states()) {
            run.state(tensor.formatted(state), layer, direction)
                .ifPresent(value -> states.put(name(layer, direction, state), tensor(value)));
          }
        });
    return states;
  }

  private void checkValues(String mode, Tensor output, Map<Name, Tensor> finals) {
    Tolerance tolerance = Tolerance.values(run);
    tolerance.check(mode + ": output", numbers(output), run.tensor("output"));
    checkStates(mode + ": final ", tolerance, finals, "%sn");
  }

  private void checkStates(
      String what, Tolerance tolerance, Map<Name, Tensor> actual, String recorded) {
    everywhere(
        (layer, direction) -> {
          for (String state : cell.states()) {
            Name name = name(layer, direction, state);
            String tensor = recorded.formatted(state);
            run.state(tensor, layer, direction)
                .ifPresent(
                    expected ->
                        tolerance.check(
                            what + name,
                            numbers(Objects.requireNonNull(actual.get(name))),
                            expected,
                            run.tensor(tensor).largest()));
          }
        });
  }

  private void checkGradients(Training training) {
    Tolerance tolerance = Tolerance.gradients(run);
    tolerance.check("grad x", numbers(training.inputGradient()), run.tensor("grad_x"));
    checkStates("grad initial ", tolerance, training.initialStateGradients(), "grad_%s0");
    everywhere((layer, direction) -> checkWeightGradients(training, tolerance, layer, direction));
  }

  private void checkWeightGradients(
      Training training, Tolerance tolerance, int layer, int direction) {
    for (TorchCell.Part part : cell.parts()) {
      Name name = name(layer, direction, part.parameter());
      Numbers ours = numbers(training.gradients().get(name));
      for (String tensor : part.tensors()) {
        String gradient = "grad_" + tensor;
        cell.theirs(part, gradient, run, layer, direction)
            .ifPresent(
                expected ->
                    tolerance.check(
                        "grad " + name + " of " + tensor,
                        ours,
                        expected,
                        run.tensor(gradient + TorchCase.suffix(layer, direction)).largest()));
      }
    }
  }

  private static Tensor tensor(Numbers numbers) {
    return Tensor.of(numbers.floats(), numbers.shape());
  }

  private static Numbers numbers(Tensor tensor) {
    return Numbers.of(tensor.toArray(), tensor.shape());
  }
}
