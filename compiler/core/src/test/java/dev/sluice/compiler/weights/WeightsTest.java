package dev.sluice.compiler.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.report.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What leaves the steps of a cell, and what stays.
class WeightsTest {
  private static Cell apart(String text) {
    return Weights.apart(
        CellCompiler.bind(Source.of(text.replace("; ", "\n")), Options.named("cell"))
            .value()
            .orElseThrow());
  }

  private static List<String> computed(Cell cell) {
    return cell.weights().map(Cell::equations).orElse(List.of()).stream()
        .map(IrPrinter::print)
        .toList();
  }

  private static long products(Expr e) {
    return (e instanceof Expr.MatMul ? 1 : 0)
        + Operands.of(e).stream().mapToLong(WeightsTest::products).sum();
  }

  private static long products(Cell cell) {
    return cell.equations().stream().mapToLong(e -> products(e.value())).sum();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h_t = tanh((W - W^T - 0.1 I) h_{t-1} + V x_t) | 2",
        // A scaled sum inside of another, and the same weight for two gates.
        "const β = 0.7; A = (1-β)(M + M^T) + β (M - M^T); h_t = h_{t-1} + 0.1 A h_{t-1} | 1",
        "s_t = (W + U) h_{t-1}; h_t = σ(s_t + V x_t) ∘ tanh(s_t) | 2",
        "h_t = tanh(exp(W) h_{t-1} + W h_{t-1}) | 1",
        // Written as two products by the author.
        "h_t = tanh(W h_{t-1} + x_t V + 2 U h_{t-1}) | 2",
        // Other vectors, thin matrices, outer products and diagonals are no cheaper as one.
        "h_t = tanh(W h_{t-1} + U h_{t-2} + V x_t) | 3",
        "h_t = tanh(U_1 U_2^T h_{t-1} + W h_{t-1}) | 3",
        "h_t = tanh((W + diag(p)) h_{t-1}) | 1",
        "h_t = tanh((W + p q^T) h_{t-1}) | 2",
        "p, q ∈ R^n; h_t = tanh((W + exp(p q^T)) h_{t-1}) | 1"
      })
  void aVectorIsMultipliedOnce(String text, int products) {
    assertThat(products(apart(text.strip()))).isEqualTo(products);
  }

  @Test
  void aMatrixOfParametersIsComputed() {
    Cell cell = apart("const γ = 0.1; h_t = tanh((W - W^T - γ I) h_{t-1} + V x_t)");
    assertThat(computed(cell)).containsExactly("W_minus_W_T: [n, n] = W - W.T");
    assertThat(IrPrinter.print(cell.equations().getLast()))
        .isEqualTo(
            "h: [n] = tanh(W_minus_W_T @ h[t-1] + V @ x + negate(const(gamma, 0.1) * h[t-1]))");
  }

  @Test
  void vectorsAndNumbersOfParametersAreComputed() {
    Cell cell =
        apart("w = -exp(u); k = σ(sum(w)); h_t = k tanh(V x_t + softplus(p) ∘ h_{t-1} + w)");
    assertThat(computed(cell))
        .containsExactly(
            "w: [n] = negate(exp(u))",
            "k: scalar = sigmoid(reduce_sum(w))",
            "softplus_p: [n] = softplus(p)");
    assertThat(cell.computed()).extracting(s -> s.symbol().plain()).contains("w", "k");
    assertThat(IrPrinter.print(cell.equations().getLast()))
        .isEqualTo("h: [n] = k * tanh(V @ x + softplus_p * h[t-1] + w)");
  }

  @Test
  void whatOnlyOtherWeightsReadIsNoWeight() {
    Cell cell = apart("a = exp(u); b = a + a ∘ u; h_t = tanh(V x_t + b ∘ h_{t-1})");
    assertThat(cell.computed()).extracting(s -> s.symbol().plain()).containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f_t = σ(W_f h_{t-1} + U_f x_t + b_f); h_t = f_t ∘ tanh(W h_{t-1} + U x_t + b) - θ",
        "const α = 0.9; h_t = (1 - α) h_{t-1} + α tanh(W h_{t-1} + V x_t)",
        "h_t = tanh(W^T h_{t-1} + U_1 U_2^T x_t)",
        "R : block-diagonal(2); h_t = tanh(R h_{t-1} + V x_t)",
        "h_t = exp(-0.1 t) tanh(W h_{t-1} + V x_t)",
        "h_t = dropout(p, 0.5) ∘ tanh(W h_{t-1} + V x_t)"
      })
  void aCellWithoutSuchWeightsStaysAsItIs(String text) {
    Cell cell = apart(text);
    assertThat(cell.weights()).isEmpty();
  }

  @Test
  void anOutputAndAStateAreValuesOfEveryStep() {
    Cell cell = apart("h_t = tanh(V x_t + W h_{t-1}); y_t = exp(b)");
    assertThat(cell.equations()).extracting(e -> e.target().plain()).contains("y");
    assertThat(computed(cell)).containsExactly("exp_b: [n_y] = exp(b)");
  }
}
