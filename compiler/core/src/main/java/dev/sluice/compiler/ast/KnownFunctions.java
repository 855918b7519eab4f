package dev.sluice.compiler.ast;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The functions of the language by name, and other spellings of them. Needed here to tell
/// `tanh c_t` (an application) from `V x_t` (a product); what a function computes is the binder's.
final class KnownFunctions {
  static final Set<String> NAMES =
      Set.of(
          "sigmoid",
          "tanh",
          "relu",
          "softplus",
          "exp",
          "log",
          "sqrt",
          "abs",
          "sign",
          "sin",
          "cos",
          "max",
          "min",
          "clip",
          "hard_sigmoid",
          "hard_tanh",
          "elu",
          "leaky_relu",
          "thresholded_relu",
          "mish",
          "erf",
          "floor",
          "gelu",
          "silu",
          "softsign",
          "softmax",
          "cumsum",
          "cumax",
          "layernorm",
          "sum",
          "mean",
          "norm",
          "where",
          "diag",
          "dropout",
          "variational_dropout",
          "zoneout");

  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("sigma", "sigmoid"),
          Map.entry("sigm", "sigmoid"),
          Map.entry("logistic", "sigmoid"),
          Map.entry("Sigmoid", "sigmoid"),
          Map.entry("Tanh", "tanh"),
          Map.entry("ReLU", "relu"),
          Map.entry("RELU", "relu"),
          Map.entry("ln", "log"),
          Map.entry("sgn", "sign"),
          Map.entry("ELU", "elu"),
          Map.entry("GELU", "gelu"),
          Map.entry("SiLU", "silu"),
          Map.entry("swish", "silu"),
          Map.entry("Diag", "diag"),
          Map.entry("LayerNorm", "layernorm"));

  private KnownFunctions() {}

  /// The function's own name: `sigmoid` for `sigma`; empty for what is no known function.
  static Optional<String> canonical(String plain) {
    String name = ALIASES.getOrDefault(plain, plain);
    return NAMES.contains(name) ? Optional.of(name) : Optional.empty();
  }
}
