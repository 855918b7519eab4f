package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Sgd;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Weights with a structure: diagonal, block-diagonal, low-rank, frozen, sums with transposes.
class StructuredWeightsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "W_c : diagonal; h_t = tanh(W_c h_{t-1} + V x_t)",
        "h_t = tanh(U_1 U_2^T h_{t-1} + (A B) h_{t-1} + V x_t)",
        "R : block-diagonal(3); h_t = tanh(R h_{t-1} + V x_t + b)",
        "R : block-diagonal(2); h_t = tanh((R - R^T - 0.1 I + W) h_{t-1} + V x_t)",
        "P, Q : blocks(4); a_t = tanh(P x_t); h_t = 0.5 h_{t-1} + Q a_t",
        "const β = 0.7; const γ = 0.1; A = (1-β)(M + M^T) + β (M - M^T) - γ I;"
            + " h_t = h_{t-1} + 0.1 A h_{t-1} + 0.1 tanh(V x_t + A^T h_{t-1})",
        "R, p : frozen; h_t = 0.7 h_{t-1} + 0.3 tanh(R h_{t-1} + p ∘ h_{t-1} + V x_t)"
      })
  void gradientsAgreeWithCentralDifferences(String text) {
    Compiled compiled = SluiceCompiler.compile(text.replace("; ", "\n"));
    Map<String, Integer> sizes = new LinkedHashMap<>();
    compiled.cell().dimensions().keySet().forEach(d -> sizes.put(d, 2 + sizes.size()));
    GradientCheck check = GradientCheck.of(compiled.adjoint(), sizes, 5);
    assertThat(check.pass()).as(check.toString()).isTrue();
  }

  @Test
  void aFrozenWeightHasNoGradientAndStaysAsItIs() {
    Compiled cell =
        SluiceCompiler.compile("R, V : frozen\nr_t = tanh(R r_{t-1} + V x_t)\nh_t = W r_t");
    assertThat(cell.adjoint().accumulations())
        .extracting(a -> a.target().toString())
        .allMatch(target -> target.contains("symbol=W,"));
    try (Sequential network =
            Sequential.of(Recurrent.of(cell.load(), Sizes.of("x", 2).and("r", 3).and("h", 1)));
        Training training = network.initialise(3).training()) {
      float[] before = network.weights().get(Name.of(0, "R")).toArray();
      float[] trained = network.weights().get(Name.of(0, "W")).toArray();
      Tensor y = training.forward(Tensor.of(new float[] {1, 2, 3, 4}, 2, 1, 2));
      float[] ones = new float[(int) y.floats()];
      Arrays.fill(ones, 1);
      training.backward(Tensor.of(ones, y.shape()));
      new Sgd(0.5).step(training.gradients());
      assertThat(network.weights().get(Name.of(0, "R")).toArray()).isEqualTo(before);
      assertThat(network.weights().get(Name.of(0, "W")).toArray()).isNotEqualTo(trained);
    }
  }

  @Test
  void aBlockDiagonalWeightNeverMultipliesZeros() {
    Compiled cell = SluiceCompiler.compile("R : block-diagonal(4)\nh_t = tanh(R h_{t-1} + V x_t)");
    try (Sequential network =
        Sequential.of(Recurrent.of(cell.load(), Sizes.of("x", 2).and("h", 8)))) {
      assertThat(network.weights().get(Name.of(0, "R")).shape()).containsExactly(8, 2);
      assertThat(network.outputLength()).isEqualTo(8);
    }
  }
}
