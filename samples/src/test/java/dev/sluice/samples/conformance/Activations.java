package dev.sluice.samples.conformance;

import java.util.Locale;

/// Other libraries' activation functions as definitions of the language.
final class Activations {
  private Activations() {}

  /// `f(v) = …` for an activation of ONNX with its α and β.
  static String onnx(String function, String name, double alpha, double beta) {
    String value =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "relu" -> "relu(v)";
          case "tanh" -> "tanh(v)";
          case "sigmoid" -> "σ(v)";
          case "affine" -> alpha + " v + " + beta;
          case "leakyrelu" -> "where(v < 0, " + alpha + " v, v)";
          case "thresholdedrelu" -> "where(v > " + alpha + ", v, 0)";
          case "scaledtanh" -> alpha + " tanh(" + beta + " v)";
          case "hardsigmoid" -> "clip(" + alpha + " v + " + beta + ", 0, 1)";
          case "elu" -> "where(v < 0, " + alpha + " (exp(min(v, 0)) - 1), v)";
          case "softsign" -> "softsign(v)";
          case "softplus" -> "softplus(v)";
          default -> throw new IllegalArgumentException("no activation " + name + " in ONNX");
        };
    return function + "(v) = " + value;
  }

  /// What ONNX takes α to be when the model doesn't say.
  static double alpha(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "leakyrelu" -> 0.01;
      case "hardsigmoid" -> 0.2;
      default -> 1;
    };
  }

  static double beta(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "hardsigmoid" -> 0.5;
      case "scaledtanh" -> 1;
      default -> 0;
    };
  }

  static boolean hasAlpha(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "affine", "leakyrelu", "thresholdedrelu", "scaledtanh", "hardsigmoid", "elu" -> true;
      default -> false;
    };
  }

  static boolean hasBeta(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "affine", "scaledtanh", "hardsigmoid" -> true;
      default -> false;
    };
  }

  /// `f(v) = …` for an activation of JAX, which has most of Keras' but approximates one by default
  /// and leaks less in another.
  static String jax(String function, String name) {
    String value =
        switch (name) {
          case "gelu" -> "0.5 v (1 + tanh(0.7978845608028654 (v + 0.044715 v ∘ v ∘ v)))";
          case "leaky_relu" -> "where(v < 0, 0.01 v, v)";
          case "soft_sign" -> "softsign(v)";
          case "identity" -> "v";
          default -> keras(name);
        };
    return function + "(v) = " + value;
  }

  /// `f(v) = …` for an activation of Keras 3.
  static String keras(String function, String name) {
    return function + "(v) = " + keras(name);
  }

  private static String keras(String name) {
    return switch (name) {
      case "linear" -> "v";
      case "sigmoid" -> "σ(v)";
      case "hard_sigmoid" -> "clip(v / 6 + 0.5, 0, 1)";
      case "sparse_sigmoid" -> "clip((v + 1) / 2, 0, 1)";
      case "log_sigmoid" -> "-softplus(-v)";
      case "swish", "silu" -> "silu(v)";
      case "hard_swish", "hard_silu" -> "v ∘ clip(v / 6 + 0.5, 0, 1)";
      case "exponential" -> "exp(v)";
      case "relu6" -> "clip(v, 0, 6)";
      case "hard_tanh" -> "clip(v, -1, 1)";
      case "leaky_relu" -> "where(v < 0, 0.2 v, v)";
      case "celu" -> "elu(v)";
      case "selu" -> "1.0507009873554805 where(v < 0, 1.6732632423543772 (exp(min(v, 0)) - 1), v)";
      case "squareplus" -> "(v + sqrt(v ∘ v + 4)) / 2";
      case "sparse_plus" -> "where(v < -1, 0, where(v > 1, v, (v + 1) ∘ (v + 1) / 4))";
      case "tanh_shrink" -> "v - tanh(v)";
      case "soft_shrink" -> "v - clip(v, -0.5, 0.5)";
      case "hard_shrink" -> "where(abs(v) > 0.5, v, 0)";
      case "log_softmax" -> "v - log(sum(exp(v)))";
      case "tanh", "relu", "softsign", "softplus", "elu", "gelu", "mish", "softmax" -> name + "(v)";
      default ->
          throw new IllegalArgumentException(
              "no equation for the activation %s: expected one with neither parameters nor pairs"
                  .formatted(name));
    };
  }
}
