package dev.sluice.cli;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import dev.sluice.runtime.WeightFormat;
import dev.sluice.runtime.spi.Team;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// One pass of `run`, forward or forward and back.
///
/// @param cell as it was bound: states that the compiler has added are not told about
/// @param network of this one cell, with its weights set
/// @param states whether every step's states are wanted
/// @param format of the weights in inference
record RunPass(Cell cell, Sequential network, RunData data, boolean states, WeightFormat format) {

  /// Arrays by the name of their file.
  SequencedMap<String, Tensor> results() {
    SequencedMap<String, Tensor> results = new LinkedHashMap<>();
    if (!states && !data.wantsGradients()) {
      try (Session session = network.session(Team.defaultSize(), format)) {
        results.put("output", session.run(data.batch()));
        addStates(results, "final_", session.finalStates());
      }
      return results;
    }
    try (Training training = network.training()) {
      Tensor output = training.forward(data.batch());
      results.put("output", output);
      addStates(results, "final_", training.finalStates());
      if (states) {
        cell.states()
            .forEach(s -> results.put("states_" + s.symbol(), training.states(name(s.symbol()))));
      }
      if (data.wantsGradients()) {
        backward(training, output, results);
      }
    }
    return results;
  }

  private void backward(Training training, Tensor output, SequencedMap<String, Tensor> results) {
    Tensor given = data.gradOutput();
    Map<Name, Tensor> finals = new LinkedHashMap<>();
    data.gradFinal().forEach((state, tensor) -> finals.put(Name.of(0, state), tensor));
    training.gradients().zero();
    training.backward(given == null ? Tensor.zeros(output.shape()) : given, finals);
    for (Name parameter : network.weights().names()) {
      results.put("grad_" + parameter.symbol(), training.gradients().get(parameter));
    }
    for (int i = 0; i < cell.inputs().size(); i++) {
      String input = cell.inputs().get(i).symbol().plain();
      results.put(
          "grad_" + input, i == 0 ? training.inputGradient() : training.inputGradient(input));
    }
    addStates(results, "grad_initial_", training.initialStateGradients());
  }

  private void addStates(
      SequencedMap<String, Tensor> results, String prefix, Map<Name, Tensor> tensors) {
    for (Cell.State state : cell.states()) {
      Tensor tensor = tensors.get(name(state.symbol()));
      if (tensor != null) {
        results.put(prefix + state.symbol(), tensor);
      }
    }
  }

  private static Name name(Symbol state) {
    return Name.of(0, state.plain());
  }
}
