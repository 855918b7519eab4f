package dev.sluice.cli;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.report.Nearest;
import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `run` is given beside the weights.
///
/// @param inputs [T, B, I] by plain name
/// @param initial [B, H] by plain name of the state
/// @param lengths steps of each sequence; empty when all have T
/// @param gradOutput [T, B, O]
/// @param gradFinal [B, H] by plain name of the state
record RunData(
    Cell cell,
    Map<String, Tensor> inputs,
    Map<String, Tensor> initial,
    int[] lengths,
    @Nullable Tensor gradOutput,
    Map<String, Tensor> gradFinal) {

  RunData {
    List<String> inputNames = cell.inputs().stream().map(i -> i.symbol().plain()).toList();
    List<String> stateNames = cell.states().stream().map(s -> s.symbol().plain()).toList();
    inputs.keySet().forEach(name -> check("--input", name, "input", inputNames));
    initial.keySet().forEach(name -> check("--initial", name, "state", stateNames));
    gradFinal.keySet().forEach(name -> check("--grad-final", name, "state", stateNames));
    for (Cell.Input input : cell.inputs()) {
      if (!inputs.containsKey(input.symbol().plain())) {
        throw new UserError(
            "the input %s is missing: --input %s=FILE".formatted(input.symbol(), input.symbol()));
      }
    }
  }

  private static void check(String option, String name, String kind, List<String> known) {
    if (!known.contains(name)) {
      throw new UserError(
          "%s %s: the cell has no %s of that name; it has %s%s"
              .formatted(
                  option,
                  name,
                  kind,
                  known,
                  Nearest.to(name, known).map(n -> ". Did you mean " + n + "?").orElse("")));
    }
  }

  boolean wantsGradients() {
    return gradOutput != null || !gradFinal.isEmpty();
  }

  Tensor input(Cell.Input input) {
    return get(inputs, input.symbol());
  }

  private static Tensor get(Map<String, Tensor> tensors, Symbol symbol) {
    Tensor tensor = tensors.get(symbol.plain());
    if (tensor == null) {
      throw new IllegalStateException("no array for " + symbol);
    }
    return tensor;
  }

  Batch batch() {
    List<Cell.Input> all = cell.inputs();
    Batch batch = Batch.of(input(all.getFirst())).lengths(lengths);
    for (Cell.Input more : all.subList(1, all.size())) {
      batch = batch.input(more.symbol().plain(), input(more));
    }
    for (var state : initial.entrySet()) {
      batch = batch.initial(Name.of(0, state.getKey()), state.getValue());
    }
    return batch;
  }
}
