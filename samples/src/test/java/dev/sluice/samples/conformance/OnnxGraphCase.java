package dev.sluice.samples.conformance;

import dev.sluice.runtime.Direction;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A whole graph that PyTorch exported: a stack of RNN or LSTM nodes, whose weights are PyTorch's
/// own, four tensors for each layer, in order.
final class OnnxGraphCase {
  private OnnxGraphCase() {}

  static List<Recording> recordings(RecordedCase run) {
    Map<?, ?> graph = run.map("graph");
    List<Map<?, ?>> nodes = new ArrayList<>();
    for (Object node : (List<?>) graph.get("nodes")) {
      if (List.of("RNN", "LSTM").contains((String) ((Map<?, ?>) node).get("op"))) {
        nodes.add((Map<?, ?>) node);
      }
    }
    List<Numbers> outputs = new ArrayList<>();
    for (Object output : (List<?>) graph.get("outputs")) {
      outputs.add(run.tensor((String) ((Map<?, ?>) output).get("name")));
    }
    List<?> weights = (List<?>) graph.get("initializers");
    List<Recording.Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < nodes.size(); layer++) {
      Map<String, Recording.Parameter> parameters = new LinkedHashMap<>();
      for (int i = 0; i < 4; i++) {
        Numbers value = run.tensor((String) weights.get(4 * layer + i));
        parameters.put(List.of("W", "U", "b", "d").get(i), new Recording.Parameter(value, null));
      }
      Map<String, Recording.State> states = new LinkedHashMap<>();
      for (int i = 1; i < outputs.size(); i++) {
        Numbers last = outputs.get(i).at(0, layer);
        states.put(i == 1 ? "h" : "c", new Recording.State(null, last, null, null, null));
      }
      layers.add(
          Recording.Layer.of(
              "exported",
              equations(nodes.get(layer)),
              new Recording.Side(Direction.FORWARD, parameters, states)));
    }
    Tolerance tolerance = new Tolerance(1e-6, 0, 0);
    return List.of(
        new Recording(
            run.name(),
            List.of(layers),
            Recording.Join.CONCAT,
            run.tensor(
                (String) ((Map<?, ?>) ((List<?>) graph.get("inputs")).getFirst()).get("name")),
            Map.of(),
            new int[0],
            Recording.Results.of(outputs.getFirst()),
            tolerance,
            tolerance));
  }

  private static String equations(Map<?, ?> node) {
    if (node.get("op").equals("LSTM")) {
      return TorchCase.LSTM;
    }
    Map<?, ?> attributes = (Map<?, ?>) node.get("attributes");
    String activation =
        attributes.get("activations") instanceof List<?> given
            ? ((String) given.getFirst()).toLowerCase(Locale.ROOT)
            : "tanh";
    return TorchCase.simple(activation);
  }
}
