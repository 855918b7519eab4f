package dev.sluice.samples.conformance;

import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.Recording;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cell of Keras as equations. Its kernels are [in, gates · units], so that products are written
/// with row vectors and the parameters are Keras' own tensors; only the recurrent kernel of a GRU
/// that resets before the product is taken apart.
///
/// @param kind Keras' name of the layer or cell
/// @param options its configuration
/// @param masked whether an input m says which steps count: the others keep the states
/// @param zeroed whether the output of a step that doesn't count is 0 instead of the last one
record KerasCell(String kind, Map<?, ?> options, boolean masked, boolean zeroed) {

  /// One of Keras' tensors beside ours.
  interface Weights {
    /// The next of Keras' tensors.
    Numbers next();

    /// Its gradient.
    @Nullable Numbers gradient();
  }

  private boolean biased() {
    return !Boolean.FALSE.equals(options.get("use_bias"));
  }

  private boolean resetsAfter() {
    return !Boolean.FALSE.equals(options.get("reset_after"));
  }

  private int units() {
    return ((Double) java.util.Objects.requireNonNull(options.get("units"))).intValue();
  }

  private String activation(String function, String option, String otherwise) {
    Object name = options.get(option);
    return Activations.keras(function, name == null ? otherwise : (String) name) + "\n";
  }

  /// The states in Keras' order.
  List<String> states() {
    return switch (kind) {
      case "LSTM", "LSTMCell" -> List.of("h", "c");
      case "TwoStatesRNNCell" -> List.of("s", "r");
      case "Dense" -> List.of();
      default -> List.of("h");
    };
  }

  String equations() {
    return switch (kind) {
      case "SimpleRNN", "SimpleRNNCell" ->
          activation("act", "activation", "tanh")
              + state("h", "act(x_t K + h_{t-1} R" + bias(" + b") + ")")
              + output("h");
      case "LSTM", "LSTMCell" -> lstm();
      case "GRU", "GRUCell" -> gru();
      case "OneStateRNNCell" -> state("h", "x_t K + h_{t-1} R") + output("h");
      case "TwoStatesRNNCell" ->
          state("s", "x_t K + s_{t-1} R_1")
              + state("r", "x_t K + r_{t-1} R_2")
              + (masked ? "sum_t = ŝ_t + r̂_t\n" + held("sum") : "y_t = s_t + r_t\n");
      case "Dense" ->
          activation("act", "activation", "linear") + "y_t = act(x_t K" + bias(" + b") + ")\n";
      default -> throw new IllegalArgumentException("no equations for Keras' " + kind);
    };
  }

  private String bias(String term) {
    return biased() ? term : "";
  }

  /// `h_t = …`, or with a mask `ĥ_t = …` and what becomes of it.
  private String state(String name, String value) {
    return masked
        ? "%1$ŝ_t = %2$s\n%1$s_t = m_t %1$ŝ_t + (1 - m_t) %1$s_{t-1}\n"
            .replace("%1$ŝ", name + "\u0302")
            .formatted(name, value)
        : name + "_t = " + value + "\n";
  }

  private String output(String state) {
    return masked ? held(state + "\u0302") : "";
  }

  private String held(String value) {
    return (zeroed ? "y_t = m_t %s_t\n" : "y_t = m_t %s_t + (1 - m_t) y_{t-1}\n").formatted(value)
        + "m_t ∈ ℝ\n";
  }

  private String lstm() {
    String c = masked ? "c\u0302" : "c";
    return activation("act", "activation", "tanh")
        + activation("gate", "recurrent_activation", "sigmoid")
        + "(i_t; f_t; g_t; o_t) = (gate; gate; act; gate)(x_t K + h_{t-1} R"
        + bias(" + b")
        + ")\n"
        + state("c", "f_t ∘ c_{t-1} + i_t ∘ g_t")
        + state("h", "o_t ∘ act(" + c + "_t)")
        + output("h");
  }

  private String gru() {
    String gates =
        resetsAfter()
            ? """
              (p_{z,t}; p_{r,t}; p_{h,t}) = x_t K%s
              (q_{z,t}; q_{r,t}; q_{h,t}) = h_{t-1} R%s
              z_t = gate(p_{z,t} + q_{z,t})
              r_t = gate(p_{r,t} + q_{r,t})
              g_t = act(p_{h,t} + r_t ∘ q_{h,t})
              """
                .formatted(bias(" + b"), bias(" + d"))
            : """
              (p_{z,t}; p_{r,t}; p_{h,t}) = x_t K%s
              (q_{z,t}; q_{r,t}) = h_{t-1} R
              z_t = gate(p_{z,t} + q_{z,t})
              r_t = gate(p_{r,t} + q_{r,t})
              g_t = act(p_{h,t} + (r_t ∘ h_{t-1}) Q)
              """
                .formatted(bias(" + b"));
    return activation("act", "activation", "tanh")
        + activation("gate", "recurrent_activation", "sigmoid")
        + gates
        + state("h", "z_t ∘ h_{t-1} + (1 - z_t) ∘ g_t")
        + output("h");
  }

  /// Takes the cell's tensors, in Keras' order.
  Map<String, Recording.Parameter> parameters(Weights weights) {
    Map<String, Recording.Parameter> all = new LinkedHashMap<>();
    put(all, "K", weights.next(), weights.gradient());
    boolean gru = kind.startsWith("GRU");
    switch (kind) {
      case "Dense" -> {}
      case "TwoStatesRNNCell" -> {
        put(all, "R_1", weights.next(), weights.gradient());
        put(all, "R_2", weights.next(), weights.gradient());
      }
      default -> {
        Numbers recurrent = weights.next();
        Numbers gradient = weights.gradient();
        if (gru && !resetsAfter()) {
          put(all, "R", gates(recurrent, 0, 2), gates(gradient, 0, 2));
          put(all, "Q", gates(recurrent, 2, 3), gates(gradient, 2, 3));
        } else {
          put(all, "R", recurrent, gradient);
        }
      }
    }
    boolean plain = kind.endsWith("StateRNNCell") || kind.endsWith("StatesRNNCell");
    if (biased() && !plain) {
      Numbers bias = weights.next();
      Numbers gradient = weights.gradient();
      if (gru && resetsAfter()) { // the input's, and the state's
        put(all, "b", bias.at(0, 0), gradient == null ? null : gradient.at(0, 0));
        put(all, "d", bias.at(0, 1), gradient == null ? null : gradient.at(0, 1));
      } else {
        put(all, "b", bias, gradient);
      }
    }
    return all;
  }

  private @Nullable Numbers gates(@Nullable Numbers kernel, int from, int to) {
    return kernel == null ? null : kernel.range(1, from * units(), to * units());
  }

  private static void put(
      Map<String, Recording.Parameter> all,
      String name,
      @Nullable Numbers value,
      @Nullable Numbers gradient) {
    all.put(name, new Recording.Parameter(java.util.Objects.requireNonNull(value, name), gradient));
  }
}
