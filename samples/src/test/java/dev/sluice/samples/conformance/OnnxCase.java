package dev.sluice.samples.conformance;

import dev.sluice.runtime.Direction;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A node RNN, GRU or LSTM of ONNX. Directions are branches, for each may have activations of its
/// own.
final class OnnxCase {
  private static final Tolerance TOLERANCE = new Tolerance(1e-6, 0, 0);

  private final RecordedCase run;
  private final Map<?, ?> attributes;
  private final String op;
  private final int hidden;
  private final boolean batchFirst;
  private final int[] lengths;

  private OnnxCase(RecordedCase run) {
    this.run = run;
    this.attributes = run.map("attributes");
    this.op = run.text("op");
    this.hidden = ((Double) attributes.get("hidden_size")).intValue();
    this.batchFirst = number("layout", 0) == 1;
    Numbers given = find("sequence_lens");
    this.lengths = given == null ? new int[0] : given.integers();
  }

  static List<Recording> recordings(RecordedCase run) {
    return List.of(new OnnxCase(run).recording());
  }

  private double number(String attribute, double otherwise) {
    Object value = attributes.get(attribute);
    return value == null ? otherwise : (Double) value;
  }

  private Recording recording() {
    String direction = attributes.get("direction") instanceof String given ? given : "forward";
    List<List<Recording.Layer>> branches =
        switch (direction) {
          case "forward" -> List.of(branch(0, Direction.FORWARD));
          case "reverse" -> List.of(branch(0, Direction.REVERSE));
          case "bidirectional" ->
              List.of(branch(0, Direction.FORWARD), branch(1, Direction.REVERSE));
          default -> throw new IllegalArgumentException("direction " + direction);
        };
    Numbers x = tensor("X");
    return new Recording(
        run.name(),
        branches,
        Recording.Join.CONCAT,
        batchFirst ? required(x).swapped() : required(x),
        Map.of(),
        lengths,
        Recording.Results.of(output(branches.size())),
        TOLERANCE,
        TOLERANCE);
  }

  private static Numbers required(@Nullable Numbers numbers) {
    if (numbers == null) {
      throw new IllegalArgumentException("a tensor is missing");
    }
    return numbers;
  }

  /// Files of onnxruntime's runs have `input_` or `output_` before the names.
  private @Nullable Numbers find(String name) {
    return run.find(name)
        .or(() -> run.find("input_" + name))
        .or(() -> run.find("output_" + name))
        .orElse(null);
  }

  private Numbers tensor(String name) {
    return required(find(name));
  }

  /// `Y` is [T, directions, B, H], or [B, T, directions, H].
  private @Nullable Numbers output(int directions) {
    Numbers y = find("Y");
    if (y == null) {
      return null;
    }
    int axis = batchFirst ? 2 : 1;
    Numbers all = y.at(axis, 0);
    for (int d = 1; d < directions; d++) {
      all = all.beside(y.at(axis, d));
    }
    return batchFirst ? all.swapped() : all;
  }

  /// [directions, B, H], or [B, directions, H].
  private @Nullable Numbers state(String name, int direction) {
    Numbers all = find(name);
    return all == null ? null : all.at(batchFirst ? 1 : 0, direction);
  }

  private List<Recording.Layer> branch(int number, Direction direction) {
    String equations =
        switch (op) {
          case "RNN" -> activations(number, "f") + rnn();
          case "GRU" -> activations(number, "f", "g") + gru();
          case "LSTM" -> activations(number, "f", "g", "h") + lstm();
          default -> throw new IllegalArgumentException("op " + op);
        };
    Map<String, Recording.State> states = new LinkedHashMap<>();
    states.put("h", state("h", number, "initial_h", "Y_h"));
    if (op.equals("LSTM")) {
      states.put("c", state("c", number, "initial_c", "Y_c"));
    }
    return List.of(
        Recording.Layer.of(
            op.toLowerCase(java.util.Locale.ROOT),
            equations,
            new Recording.Side(direction, parameters(number), states)));
  }

  private Recording.State state(String name, int direction, String initial, String last) {
    return new Recording.State(
        state(initial, direction), opened(state(last, direction)), null, null, null);
  }

  /// onnxruntime gives 0 for a sequence without steps, ONNX doesn't say: left open.
  private @Nullable Numbers opened(@Nullable Numbers state) {
    if (state == null || lengths.length == 0) {
      return state;
    }
    double[] data = state.data().clone();
    for (int b = 0; b < lengths.length; b++) {
      if (lengths[b] == 0) {
        Arrays.fill(data, b * hidden, (b + 1) * hidden, Double.NaN);
      }
    }
    return new Numbers(state.shape(), data);
  }

  /// `act_f(v) = …`, a line each.
  private String activations(int number, String... roles) {
    List<String> names = new ArrayList<>();
    if (attributes.get("activations") instanceof List<?> given) {
      given.forEach(name -> names.add((String) name));
    }
    List<String> usual = List.of("Sigmoid", "Tanh", "Tanh");
    while (names.size() < (number + 1) * roles.length) {
      names.add(op.equals("RNN") ? "Tanh" : usual.get(names.size() % roles.length));
    }
    Values alphas = new Values("activation_alpha");
    Values betas = new Values("activation_beta");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      double alpha = Activations.hasAlpha(name) ? alphas.next(Activations.alpha(name)) : 0;
      double beta = Activations.hasBeta(name) ? betas.next(Activations.beta(name)) : 0;
      if (i / roles.length == number) {
        String function = "act_" + roles[i % roles.length];
        lines.append(Activations.onnx(function, name, alpha, beta)).append('\n');
      }
    }
    return lines.toString();
  }

  /// Values that ONNX gives to the activations that take one, in order.
  private final class Values {
    private final List<?> given;
    private int taken;

    Values(String attribute) {
      given = attributes.get(attribute) instanceof List<?> list ? list : List.of();
    }

    double next(double otherwise) {
      return taken < given.size() ? (Double) given.get(taken++) : otherwise;
    }
  }

  private boolean hasBias() {
    return find("B") != null;
  }

  private boolean hasPeepholes() {
    return find("P") != null;
  }

  private String clipped(String sum) {
    Object clip = attributes.get("clip");
    return clip == null ? sum : "clip(%s, -%s, %s)".formatted(sum, clip, clip);
  }

  private String rnn() {
    return "h_t = act_f("
        + clipped("W_x x_t + R_x h_{t-1}" + (hasBias() ? " + b_x + d_x" : ""))
        + ")\n";
  }

  private String sum(String gate, String more) {
    return clipped(
        "W_%1$s x_t + R_%1$s h_{t-1}".formatted(gate)
            + (hasBias() ? " + b_%1$s + d_%1$s".formatted(gate) : "")
            + more);
  }

  private String gru() {
    String input = "W_h x_t" + (hasBias() ? " + b_h" : "");
    String candidate =
        number("linear_before_reset", 0) == 0
            ? input + " + R_h (r_t ∘ h_{t-1})" + (hasBias() ? " + d_h" : "")
            : input + " + r_t ∘ (R_h h_{t-1}" + (hasBias() ? " + d_h)" : ")");
    return """
        z_t = act_f(%s)
        r_t = act_f(%s)
        h̃_t = act_g(%s)
        h_t = (1 - z_t) ∘ h̃_t + z_t ∘ h_{t-1}
        """
        .formatted(sum("z", ""), sum("r", ""), clipped(candidate));
  }

  private String lstm() {
    boolean coupled = number("input_forget", 0) == 1;
    String forget = coupled ? "1 - i_t" : "act_f(" + sum("f", peephole("f", "c_{t-1}")) + ")";
    return """
        i_t = act_f(%s)
        f_t = %s
        g_t = act_g(%s)
        c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
        o_t = act_f(%s)
        h_t = o_t ∘ act_h(c_t)
        """
        .formatted(
            sum("i", peephole("i", "c_{t-1}")),
            forget,
            sum("c", ""),
            sum("o", peephole("o", "c_t")));
  }

  private String peephole(String gate, String memory) {
    return hasPeepholes() ? " + p_%s ∘ %s".formatted(gate, memory) : "";
  }

  private Map<String, Recording.Parameter> parameters(int direction) {
    String gates =
        switch (op) {
          case "RNN" -> "x";
          case "GRU" -> "zrh";
          default -> "iofc";
        };
    boolean coupled = number("input_forget", 0) == 1;
    Map<String, Recording.Parameter> parameters = new LinkedHashMap<>();
    for (int gate = 0; gate < gates.length(); gate++) {
      char letter = gates.charAt(gate);
      if (coupled && letter == 'f') {
        continue;
      }
      put(parameters, "W_" + letter, gate(tensor("W").at(0, direction), gate));
      put(parameters, "R_" + letter, gate(tensor("R").at(0, direction), gate));
      if (hasBias()) {
        Numbers both = tensor("B").at(0, direction);
        put(parameters, "b_" + letter, gate(both, gate));
        put(parameters, "d_" + letter, gate(both, gate + gates.length()));
      }
    }
    if (hasPeepholes()) {
      Numbers all = tensor("P").at(0, direction);
      put(parameters, "p_i", gate(all, 0));
      put(parameters, "p_o", gate(all, 1));
      if (!coupled) {
        put(parameters, "p_f", gate(all, 2));
      }
    }
    return parameters;
  }

  private Numbers gate(Numbers all, int gate) {
    return all.range(0, gate * hidden, (gate + 1) * hidden);
  }

  private static void put(Map<String, Recording.Parameter> parameters, String name, Numbers value) {
    parameters.put(name, new Recording.Parameter(value, null));
  }
}
