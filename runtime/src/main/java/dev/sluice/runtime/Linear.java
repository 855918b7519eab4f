package dev.sluice.runtime;

/// `y_t = W x_t + b` at every step: W is [outputs, inputs], b is [outputs]. W starts uniform in
/// ±1/√inputs, b at 0.
public record Linear(int inputs, int outputs) implements Layer {
  public Linear {
    Sizes.of("x", inputs).and("y", outputs);
  }

  public static Linear of(int inputs, int outputs) {
    return new Linear(inputs, outputs);
  }

  Recurrent cell() {
    return Recurrent.of(new LinearProgram(), Sizes.of("x", inputs).and("y", outputs));
  }
}
