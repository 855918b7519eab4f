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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A cell of Flax in its `nn.RNN` or `nn.Bidirectional`: a kernel [in, out] for each gate, so that
/// products are written with row vectors. `cell.hf.kernel` is `K_hf`, `cell.hf.bias` `b_hf`.
final class FlaxCase {
  private static final Pattern FUNCTION = Pattern.compile("(?:function |\\.)(\\w+)(?: at .*|)>*$");

  private final RecordedCase run;
  private final Map<?, ?> options;
  private final boolean bidirectional;
  private final boolean reverse;
  private final boolean turned;
  private final int[] lengths;
  private final boolean timeFirst;

  private FlaxCase(RecordedCase run) {
    this.run = run;
    this.options = run.map("cell_options");
    this.bidirectional = run.text("op").contains("Bidirectional");
    Map<?, ?> rnn = run.map("rnn_options");
    this.reverse = Boolean.TRUE.equals(rnn.get("reverse"));
    this.turned = reverse && !Boolean.TRUE.equals(rnn.get("keep_order"));
    this.timeFirst = String.valueOf(run.map("layout").get("x")).startsWith("T");
    this.lengths =
        run.get("lengths") instanceof List<?> list
            ? list.stream().mapToInt(l -> ((Double) l).intValue()).toArray()
            : new int[0];
  }

  static List<Recording> recordings(RecordedCase run) {
    return List.of(new FlaxCase(run).recording());
  }

  private Recording recording() {
    List<Recording.Side> sides =
        bidirectional
            ? List.of(
                side(Direction.FORWARD, "forward_rnn.", "forward_"),
                side(Direction.REVERSE, "backward_rnn.", "backward_"))
            : List.of(side(reverse ? Direction.REVERSE : Direction.FORWARD, "", ""));
    Recording.Layer layer =
        new Recording.Layer(run.text("cell"), equations(), Map.of(), sides, Merge.CONCAT, false);
    return new Recording(
        run.name(),
        List.of(List.of(layer)),
        Recording.Join.CONCAT,
        sequence(run.tensor("x")),
        Map.of(),
        lengths,
        new Recording.Results(
            open(output(run.tensor("output"))),
            run.find("grad_output").map(this::output).orElse(null),
            run.find("grad_x").map(this::sequence).orElse(null),
            Map.of()),
        Tolerance.VALUES,
        Tolerance.GRADIENTS);
  }

  /// Flax has it in the order in which it was computed, unless `keep_order`.
  private Numbers output(Numbers value) {
    Numbers steps = sequence(value);
    if (!turned) {
      return steps;
    }
    if (lengths.length == 0) {
      return steps.reversed();
    }
    double[][][] rows = steps.steps();
    double[][][] turnedRows = steps.steps();
    for (int b = 0; b < lengths.length; b++) {
      for (int t = 0; t < lengths[b]; t++) {
        turnedRows[t][b] = rows[lengths[b] - 1 - t][b];
      }
    }
    return Numbers.of(turnedRows);
  }

  private Numbers sequence(Numbers value) {
    return timeFirst ? value : value.swapped();
  }

  /// What is past the end of a sequence is not specified.
  private Numbers open(Numbers output) {
    double[] data = output.data().clone();
    int length = output.size(2);
    for (int b = 0; b < lengths.length; b++) {
      for (int t = lengths[b]; t < output.size(0); t++) {
        int from = (t * output.size(1) + b) * length;
        java.util.Arrays.fill(data, from, from + length, Double.NaN);
      }
    }
    return new Numbers(output.shape(), data);
  }

  private Recording.Side side(Direction direction, String prefix, String carry) {
    Map<String, Recording.Parameter> parameters = new LinkedHashMap<>();
    for (String tensor : run.tensors().keySet()) {
      if (tensor.startsWith(prefix + "cell.")) {
        String[] parts = tensor.substring(prefix.length()).split("\\.");
        String name = (parts[2].equals("kernel") ? "K_" : "b_") + parts[1];
        parameters.put(
            name, new Recording.Parameter(run.tensor(tensor), find(run, "grad_" + tensor)));
      }
    }
    Map<String, Recording.State> states = new LinkedHashMap<>();
    for (String state : run.text("cell").contains("LSTM") ? List.of("c", "h") : List.of("h")) {
      String name = carry + "carry_" + state;
      states.put(
          state,
          new Recording.State(
              find(run, "initial_" + name),
              find(run, "final_" + name),
              null,
              find(run, "grad_final_" + name),
              find(run, "grad_initial_" + name)));
    }
    return new Recording.Side(direction, parameters, states);
  }

  private String equations() {
    List<String> lines = new ArrayList<>();
    lines.add(activation("gate", "gate_fn", "sigmoid"));
    lines.add(activation("act", "activation_fn", "tanh"));
    switch (run.text("cell")) {
      case "LSTMCell", "OptimizedLSTMCell" ->
          lines.add(
              """
              i_t = gate(%s)
              f_t = gate(%s)
              g_t = act(%s)
              o_t = gate(%s)
              c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
              h_t = o_t ∘ act(c_t)
              """
                  .formatted(sum("i"), sum("f"), sum("g"), sum("o")));
      case "GRUCell" ->
          lines.add(
              """
              r_t = gate(%s)
              z_t = gate(%s)
              n_t = act(%s + r_t ∘ (%s))
              h_t = (1 - z_t) ∘ n_t + z_t ∘ h_{t-1}
              """
                  .formatted(sum("r"), sum("z"), product("in", "x_t"), product("hn", "h_{t-1}")));
      case "MGUCell" ->
          lines.add(
              """
              f_t = gate(%s)
              n_t = act(%s + %s)
              h_t = (1 - f_t) ∘ n_t + f_t ∘ h_{t-1}
              """
                  .formatted(
                      sum("f"),
                      product("in", "x_t"),
                      Boolean.FALSE.equals(options.get("reset_gate"))
                          ? product("hn", "h_{t-1}")
                          : "f_t ∘ (" + product("hn", "h_{t-1}") + ")"));
      case "SimpleCell" ->
          lines.add(
              "h_t = act(%s + %s%s)"
                  .formatted(
                      product("i", "x_t"),
                      product("h", "h_{t-1}"),
                      Boolean.TRUE.equals(options.get("residual")) ? " + h_{t-1}" : ""));
      default -> throw new IllegalArgumentException("no equations for Flax's " + run.text("cell"));
    }
    return String.join("\n", lines);
  }

  /// A name as it is, or in what Python prints of a function: `jax.nn.relu`, `<function relu at
  /// …>`.
  private String activation(String function, String option, String otherwise) {
    Object given = options.get(option);
    String name = given == null ? otherwise : given.toString();
    Matcher named = FUNCTION.matcher(name);
    return Activations.jax(function, named.find() ? named.group(1) : name);
  }

  private String sum(String gate) {
    return product("i" + gate, "x_t") + " + " + product("h" + gate, "h_{t-1}");
  }

  private String product(String label, String operand) {
    @Nullable String found =
        run.tensors().keySet().stream()
            .filter(name -> name.endsWith("cell." + label + ".bias") && !name.startsWith("grad_"))
            .findFirst()
            .orElse(null);
    return operand + " K_" + label + (found == null ? "" : " + b_" + label);
  }
}
