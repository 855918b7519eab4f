package dev.sluice.samples.conformance;

import dev.sluice.runtime.Direction;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node Scan of ONNX with one scanned input and one scanned output: its body is a cell.
final class OnnxScanCase {
  private final RecordedCase run;
  private final Map<?, ?> body;
  private final boolean batched;
  private final Map<String, String> names = new HashMap<>();
  private final StringBuilder equations = new StringBuilder("input x\n");

  private OnnxScanCase(RecordedCase run) {
    this.run = run;
    this.body = (Map<?, ?>) run.map("attributes").get("body");
    this.batched = run.integer("opset") < 9; // the axis went in version 9
  }

  static List<Recording> recordings(RecordedCase run) {
    return List.of(new OnnxScanCase(run).recording());
  }

  private static List<String> names(Object values) {
    List<String> names = new ArrayList<>();
    for (Object value : (List<?>) values) {
      names.add(value instanceof Map<?, ?> map ? (String) map.get("name") : (String) value);
    }
    return names;
  }

  private Recording recording() {
    List<String> inputs = names(body.get("inputs"));
    List<String> outputs = names(body.get("outputs"));
    List<String> given = names(run.map("node").get("inputs"));
    given.remove(""); // sequence lengths of version 8
    List<String> results = names(run.map("node").get("outputs"));
    int states = inputs.size() - 1;
    Numbers x = sequence(run.tensor(given.getLast()));
    Map<String, Recording.State> recorded = new LinkedHashMap<>();
    for (int i = 0; i < states; i++) {
      names.put(inputs.get(i), "s_{" + i + ",t-1}");
      Numbers last = row(run.tensor(results.get(i)), x);
      recorded.put(
          "s_" + i, new Recording.State(row(run.tensor(given.get(i)), x), last, null, null, null));
    }
    names.put(inputs.getLast(), "x_t");
    int number = 0;
    for (Object node : (List<?>) body.get("nodes")) {
      define((Map<?, ?>) node, "v_{" + number++ + ",t}");
    }
    for (int i = 0; i < states; i++) {
      equations.append("s_{%d,t} = %s\n".formatted(i, names.get(outputs.get(i))));
      equations.append("dim s_%d = dim x\n".formatted(i));
    }
    equations.append("y_t = %s\n".formatted(names.get(outputs.getLast())));
    return new Recording(
        run.name(),
        List.of(
            List.of(
                Recording.Layer.of(
                    "scan",
                    equations.toString(),
                    new Recording.Side(Direction.FORWARD, Map.of(), recorded)))),
        Recording.Join.CONCAT,
        x,
        Map.of(),
        new int[0],
        Recording.Results.of(sequence(run.tensor(results.getLast()))),
        new Tolerance(1e-6, 0, 0),
        Tolerance.GRADIENTS);
  }

  private void define(Map<?, ?> node, String name) {
    List<String> operands = names(node.get("inputs")).stream().map(names::get).toList();
    String op = (String) node.get("op");
    String value =
        switch (op) {
          case "Add" -> operands.get(0) + " + " + operands.get(1);
          case "Sub" -> operands.get(0) + " - " + operands.get(1);
          case "Mul" -> operands.get(0) + " ∘ " + operands.get(1);
          case "Identity" -> operands.get(0);
          case "Tanh" -> "tanh(" + operands.get(0) + ")";
          case "Sigmoid" -> "σ(" + operands.get(0) + ")";
          case "Relu" -> "relu(" + operands.get(0) + ")";
          default -> throw new IllegalArgumentException("op " + op + " in the body of Scan");
        };
    names(node.get("outputs")).forEach(output -> names.put(output, name));
    equations.append(name).append(" = ").append(value).append('\n');
  }

  /// [T, n] or [T], in version 8 [B, T, n].
  private Numbers sequence(Numbers all) {
    if (batched) {
      return all.swapped();
    }
    return all.shaped(all.size(0), 1, all.data().length / all.size(0));
  }

  private Numbers row(Numbers state, Numbers x) {
    return state.shaped(x.size(1), x.size(2));
  }
}
