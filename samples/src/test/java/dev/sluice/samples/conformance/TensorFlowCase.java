package dev.sluice.samples.conformance;

import static dev.sluice.samples.conformance.Adapter.find;

import dev.sluice.runtime.Direction;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One step of a cell of TensorFlow (contrib, addons) or of a published test, or of two of them
/// stacked. Kernels are [in, gates · units], those of contrib for [x, h] together.
final class TensorFlowCase {
  /// Layer normalisation with contrib's ε.
  private static final String NORM =
      "norm_1(v) = (v - mean(v)) / sqrt(mean((v - mean(v)) ∘ (v - mean(v))) + 1e-12)\n";

  private final RecordedCase run;
  private final String cell;
  private final int layers;
  private final Map<String, Numbers> parameters = new LinkedHashMap<>();

  private TensorFlowCase(RecordedCase run) {
    this.run = run;
    this.cell = run.text("cell");
    this.layers = cell.startsWith("MultiRNNCell") ? 2 : 1;
  }

  static List<Recording> recordings(RecordedCase run) {
    return List.of(new TensorFlowCase(run).recording());
  }

  private Recording recording() {
    String equations = equations();
    Map<String, Recording.Parameter> values = new LinkedHashMap<>();
    parameters.forEach((name, value) -> values.put(name, new Recording.Parameter(value, null)));
    List<Recording.Layer> stack = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      Map<String, Recording.State> states = new LinkedHashMap<>();
      for (String name : equations.contains("c_{t-1}") ? List.of("h", "c") : List.of("h")) {
        states.put(
            name,
            new Recording.State(
                either(name + "0", layer), either("expected_" + name, layer), null, null, null));
      }
      stack.add(
          Recording.Layer.of(
              "tensorflow", equations, new Recording.Side(Direction.FORWARD, values, states)));
    }
    Double tolerance = (Double) run.get("atol");
    return new Recording(
        run.name(),
        List.of(stack),
        Recording.Join.CONCAT,
        run.tensor("x").expanded(0),
        Map.of(),
        new int[0],
        Recording.Results.of(output()),
        new Tolerance(tolerance, 0, 0),
        Tolerance.GRADIENTS);
  }

  private @Nullable Numbers either(String name, int layer) {
    Numbers own = find(run, name + "_layer" + layer);
    return own == null ? find(run, name) : own;
  }

  private @Nullable Numbers output() {
    Numbers y = find(run, "expected_y");
    Numbers output = y == null ? either("expected_h", layers - 1) : y;
    return output == null ? null : output.expanded(0);
  }

  private String equations() {
    if (cell.contains("CoupledInputForgetGateLSTMCell")) {
      gates("jfo");
      return """
          j_t = tanh(%s)
          f_t = σ(%s + 1)
          o_t = σ(%s)
          c_t = f_t ∘ c_{t-1} + (1 - f_t) ∘ j_t
          h_t = tanh(c_t) ∘ o_t
          """
          .formatted(sum("j"), sum("f"), sum("o"));
    }
    if (cell.contains("IntersectionRNNCell")) {
      Numbers projection = run.tensor("projection");
      parameters.put("P", projection);
      gates("abcd", run.tensor("kernel"), run.tensor("bias"), projection.size(1));
      return """
          p_t = x_t P
          a_t = σ(%s + 1)
          b_t = tanh(%s)
          c_t = σ(%s + 1)
          d_t = relu(%s)
          h_t = a_t ∘ h_{t-1} + (1 - a_t) ∘ b_t
          y_t = c_t ∘ p_t + (1 - c_t) ∘ d_t
          """
          .formatted(sum("a"), sum("b"), sum("c"), sum("d"))
          .replace("x_t W", "p_t W");
    }
    if (cell.contains("NASCell")) {
      return nas();
    }
    if (cell.contains("UGRNNCell")) {
      gates("gc");
      return """
          g_t = σ(%s + 1)
          c_t = tanh(%s)
          h_t = g_t ∘ h_{t-1} + (1 - g_t) ∘ c_t
          """
          .formatted(sum("g"), sum("c"));
    }
    if (cell.contains("GRUCell")) {
      gates("ru", run.tensor("gate_kernel"), run.tensor("gate_bias"), run.tensor("x").size(1));
      gates(
          "g",
          run.tensor("candidate_kernel"),
          run.tensor("candidate_bias"),
          run.tensor("x").size(1));
      return """
          r_t = σ(%s)
          u_t = σ(%s)
          g_t = tanh(%s)
          h_t = u_t ∘ h_{t-1} + (1 - u_t) ∘ g_t
          """
          .formatted(sum("r"), sum("u"), sum("g").replace("h_{t-1} U", "(r_t ∘ h_{t-1}) U"));
    }
    if (cell.contains("IndRNNCell")) {
      parameters.put("W", run.tensor("kernel"));
      parameters.put("b", run.tensor("bias"));
      parameters.put("u", run.tensor("u"));
      return cell.contains("recurrent_min_abs")
          ? "h_t = x_t W + (sign(u) ∘ clip(abs(u), 1, 3)) ∘ h_{t-1} + b\n"
          : "h_t = x_t W + u ∘ h_{t-1} + b\n";
    }
    if (cell.contains("PeepholeLSTMCell") || cell.startsWith("LayerNormLSTMCell")) {
      return addons();
    }
    return lstm();
  }

  /// Takes a kernel [x | h, gates · units] apart, and a bias.
  private void gates(String letters, Numbers kernel, Numbers bias, int inputs) {
    for (int i = 0; i < letters.length(); i++) {
      Numbers gate = kernel.block(1, i, letters.length());
      parameters.put("W_" + letters.charAt(i), gate.range(0, 0, inputs));
      parameters.put("U_" + letters.charAt(i), gate.range(0, inputs, gate.size(0)));
      parameters.put("b_" + letters.charAt(i), bias.block(0, i, letters.length()));
    }
  }

  private void gates(String letters) {
    gates(letters, run.tensor("kernel"), run.tensor("bias"), run.tensor("x").size(1));
  }

  private static String sum(String gate) {
    return "x_t W_%1$s + h_{t-1} U_%1$s + b_%1$s".formatted(gate);
  }

  /// BasicLSTMCell, LayerNormBasicLSTMCell, WeightNormLSTMCell.
  private String lstm() {
    boolean whole = run.find("kernel").isPresent();
    boolean normed = cell.contains("LayerNormBasicLSTMCell") && !cell.contains("layer_norm=False");
    boolean peepholes = run.find("w_i").isPresent();
    String letters = "ijfo";
    if (whole) {
      Numbers kernel = run.tensor("kernel");
      Numbers bias = find(run, "bias");
      gates(
          letters,
          kernel,
          bias == null ? Numbers.filled(0, kernel.size(1)) : bias,
          run.tensor("x").size(1));
    } else {
      for (int i = 0; i < 4; i++) {
        char letter = letters.charAt(i);
        parameters.put("W_" + letter, normal("kernel_x", "g_x", i));
        parameters.put("U_" + letter, normal("kernel_h", "g_h", i));
        parameters.put("b_" + letter, run.tensor("bias").block(0, i, 4));
      }
    }
    if (peepholes) {
      for (String gate : List.of("i", "f", "o")) {
        parameters.put("p_" + gate, run.tensor("w_" + gate));
      }
    }
    String c = "f_t ∘ c_{t-1} + i_t ∘ j_t";
    return (normed ? NORM : "")
        + """
        i_t = σ(%s)
        j_t = tanh(%s)
        f_t = σ(%s + 1)
        c_t = %s
        o_t = σ(%s)
        h_t = tanh(c_t) ∘ o_t
        """
            .formatted(
                gate("i", normed, peepholes ? " + p_i ∘ c_{t-1}" : ""),
                gate("j", normed, ""),
                gate("f", normed, peepholes ? " + p_f ∘ c_{t-1}" : ""),
                normed ? "norm_1(" + c + ")" : c,
                gate("o", normed, peepholes ? " + p_o ∘ c_t" : ""));
  }

  private static String gate(String letter, boolean normed, String more) {
    return (normed ? "norm_1(" + sum(letter) + ")" : sum(letter)) + more;
  }

  /// Weight normalisation, `g V / ‖V‖` by column, if the case has it: a matter of the weights, not
  /// of the cell.
  private Numbers normal(String kernel, String gain, int gate) {
    Numbers v = run.tensor(kernel).block(1, gate, 4);
    Numbers g = find(run, gain);
    if (g == null) {
      return v;
    }
    Numbers scales = g.block(0, gate, 4);
    double[] data = v.data().clone();
    int columns = v.size(1);
    for (int column = 0; column < columns; column++) {
      double norm = 0;
      for (int i = column; i < data.length; i += columns) {
        norm += v.data()[i] * v.data()[i];
      }
      for (int i = column; i < data.length; i += columns) {
        data[i] *= scales.data()[column] / Math.sqrt(norm);
      }
    }
    return new Numbers(v.shape(), data);
  }

  /// Keras' layout: two kernels, gates i, f, c, o.
  private String addons() {
    boolean normed = cell.startsWith("LayerNorm");
    parameters.put("K", run.tensor("kernel"));
    parameters.put("R", run.tensor("recurrent_kernel"));
    parameters.put("b", run.tensor("bias"));
    if (normed) {
      return NORM
          + """
          (i_t; f_t; g_t; o_t) = (σ; σ; tanh; σ)(norm_1(x_t K) + norm_1(h_{t-1} R) + b)
          c_t = norm_1(f_t ∘ c_{t-1} + i_t ∘ g_t)
          h_t = o_t ∘ tanh(c_t)
          """;
    }
    for (String gate : List.of("i", "f", "o")) {
      parameters.put("p_" + gate, run.tensor("p_" + gate));
    }
    return """
        (a_{i,t}; a_{f,t}; a_{g,t}; a_{o,t}) = x_t K + h_{t-1} R + b
        i_t = σ(a_{i,t} + p_i ∘ c_{t-1})
        f_t = σ(a_{f,t} + p_f ∘ c_{t-1})
        c_t = f_t ∘ c_{t-1} + i_t ∘ tanh(a_{g,t})
        o_t = σ(a_{o,t} + p_o ∘ c_t)
        h_t = o_t ∘ tanh(c_t)
        """;
  }

  /// Sums and products in the order of TensorFlow's code.
  private String nas() {
    parameters.put("K", run.tensor("kernel"));
    parameters.put("R", run.tensor("recurrent_kernel"));
    boolean projected = run.find("projection").isPresent();
    if (projected) {
      parameters.put("P", run.tensor("projection"));
    }
    return """
        (p_{0,t}; p_{1,t}; p_{2,t}; p_{3,t}; p_{4,t}; p_{5,t}; p_{6,t}; p_{7,t}) = x_t K
        (q_{0,t}; q_{1,t}; q_{2,t}; q_{3,t}; q_{4,t}; q_{5,t}; q_{6,t}; q_{7,t}) = h_{t-1} R
        a_{0,t} = σ(p_{0,t} + q_{0,t})
        a_{1,t} = relu(p_{1,t} + q_{1,t})
        a_{2,t} = σ(p_{2,t} + q_{2,t})
        a_{3,t} = relu(p_{3,t} ∘ q_{3,t})
        a_{4,t} = tanh(p_{4,t} + q_{4,t})
        a_{5,t} = σ(p_{5,t} + q_{5,t})
        a_{6,t} = tanh(p_{6,t} + q_{6,t})
        a_{7,t} = σ(p_{7,t} + q_{7,t})
        l_{0,t} = tanh(tanh(a_{0,t} ∘ a_{1,t}) + c_{t-1})
        l_{1,t} = tanh(a_{2,t} + a_{3,t})
        l_{2,t} = tanh(a_{4,t} ∘ a_{5,t})
        l_{3,t} = σ(a_{6,t} + a_{7,t})
        c_t = l_{0,t} ∘ l_{1,t}
        m_t = tanh(c_t ∘ tanh(l_{2,t} + l_{3,t}))
        h_t = %s
        """
        .formatted(projected ? "m_t P" : "m_t");
  }
}
