package dev.sluice.samples.conformance;

import static dev.sluice.samples.conformance.Adapter.find;

import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Merge;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A layer, or a stack of layers, of PyTorch: its stacked weights are the parameters as they are.
final class TorchCase {
  static final String LSTM = lstm(true, false);

  private final RecordedCase run;
  private final String cell;
  private final boolean biased;
  private final boolean projected;
  private final int directions;
  private final boolean batchFirst;
  private final boolean unbatched;

  private TorchCase(RecordedCase run) {
    this.run = run;
    this.cell = run.text("cell");
    this.biased = run.find("bias_ih_l0").isPresent();
    this.projected = run.integer("proj_size") > 0;
    this.directions = run.isTrue("bidirectional") ? 2 : 1;
    this.batchFirst = run.isTrue("batch_first");
    this.unbatched = run.isTrue("unbatched");
  }

  static List<Recording> recordings(RecordedCase run) {
    return List.of(new TorchCase(run).recording());
  }

  static boolean isDouble(RecordedCase run) {
    return run.name().endsWith("_f64");
  }

  private Recording recording() {
    List<Recording.Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < run.integer("num_layers"); layer++) {
      List<Recording.Side> sides = new ArrayList<>();
      for (int direction = 0; direction < directions; direction++) {
        sides.add(side(layer, direction));
      }
      layers.add(new Recording.Layer(cell, equations(), Map.of(), sides, Merge.CONCAT, false));
    }
    Numbers lengths = find(run, "lengths");
    boolean saturated = run.name().contains("_saturated");
    return new Recording(
        run.name(),
        List.of(layers),
        Recording.Join.CONCAT,
        sequence(run.tensor("x")),
        Map.of(),
        lengths == null ? new int[0] : lengths.integers(),
        new Recording.Results(
            sequence(run.tensor("output")), optional("grad_output"), optional("grad_x"), Map.of()),
        saturated || run.name().endsWith("_long") ? Tolerance.LONG_VALUES : Tolerance.VALUES,
        saturated ? Tolerance.SATURATED_GRADIENTS : Tolerance.GRADIENTS);
  }

  private Numbers sequence(Numbers value) {
    if (unbatched) {
      return value.expanded(1);
    }
    return batchFirst ? value.swapped() : value;
  }

  private @Nullable Numbers optional(String sequence) {
    return run.find(sequence).map(this::sequence).orElse(null);
  }

  private String equations() {
    return switch (cell) {
      case "rnn_tanh" -> biased ? simple("tanh") : simple("tanh").replace(" + b + d", "");
      case "rnn_relu" -> biased ? simple("relu") : simple("relu").replace(" + b + d", "");
      case "lstm" -> lstm(biased, projected);
      case "gru" -> gru();
      default -> throw new IllegalArgumentException("no equations for PyTorch's " + cell);
    };
  }

  static String simple(String activation) {
    return "h_t = " + activation + "(W x_t + U h_{t-1} + b + d)\n";
  }

  private static String lstm(boolean biased, boolean projected) {
    return """
        (i_t; f_t; g_t; o_t) = (σ; σ; tanh; σ)(W x_t + U h_{t-1}%s)
        c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
        h_t = %s
        """
        .formatted(biased ? " + b + d" : "", projected ? "P (o_t ∘ tanh(c_t))" : "o_t ∘ tanh(c_t)");
  }

  private String gru() {
    return """
        (p_{r,t}; p_{z,t}; p_{n,t}) = W x_t%s
        (q_{r,t}; q_{z,t}; q_{n,t}) = U h_{t-1}%s
        r_t = σ(p_{r,t} + q_{r,t})
        z_t = σ(p_{z,t} + q_{z,t})
        n_t = tanh(p_{n,t} + r_t ∘ q_{n,t})
        h_t = (1 - z_t) ∘ n_t + z_t ∘ h_{t-1}
        """
        .formatted(biased ? " + b" : "", biased ? " + d" : "");
  }

  private Recording.Side side(int layer, int direction) {
    String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
    Map<String, Recording.Parameter> parameters = new LinkedHashMap<>();
    put(parameters, "W", "weight_ih" + suffix);
    put(parameters, "U", "weight_hh" + suffix);
    if (biased) {
      put(parameters, "b", "bias_ih" + suffix);
      put(parameters, "d", "bias_hh" + suffix);
    }
    if (projected) {
      put(parameters, "P", "weight_hr" + suffix);
    }
    Map<String, Recording.State> states = new LinkedHashMap<>();
    int number = layer * directions + direction;
    for (String name : cell.equals("lstm") ? List.of("h", "c") : List.of("h")) {
      states.put(
          name,
          new Recording.State(
              state(name + "0", number),
              state(name + "n", number),
              null,
              state("grad_" + name + "n", number),
              state("grad_" + name + "0", number)));
    }
    return new Recording.Side(
        direction == 1 ? Direction.REVERSE : Direction.FORWARD, parameters, states);
  }

  private void put(Map<String, Recording.Parameter> parameters, String ours, String theirs) {
    parameters.put(ours, new Recording.Parameter(run.tensor(theirs), find(run, "grad_" + theirs)));
  }

  /// [layers · directions, B, ·]
  private @Nullable Numbers state(String name, int number) {
    return run.find(name)
        .map(all -> unbatched ? all.expanded(1) : all)
        .map(all -> all.at(0, number))
        .orElse(null);
  }
}
