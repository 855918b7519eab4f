package dev.sluice.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.SluiceCompiler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecurrenceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h_t = tanh(W x_t + U h_{t-1} + b) | DENSE",
        "h_t = relu(W x_t + u ∘ h_{t-1} + b) | DIAGONAL",
        "f = σ(W x_t); h_t = f ∘ h_{t-1} + (1 - f) ∘ (V x_t) | LINEAR",
        "h_t = A h_{t-1} + B x_t | LINEAR",
        "h_t = h_{t-1} ∘ h_{t-1} + B x_t | DIAGONAL",
        "h_t = h_{t-1} / (1 + (W x_t)^2) | LINEAR",
        "h_t = W x_t / (1 + h_{t-1}^2) | DIAGONAL",
        "h_t = max(h_{t-1}, W x_t) | DIAGONAL",
        "h_t = softmax(h_{t-1} + W x_t) | DENSE",
        "h_t = h_{t-1} + sum(h_{t-1}) W x_t | LINEAR",
        "h_t = (sum(x_t)) h_{t-1} + W x_t | LINEAR",
        "h_t = h_{t-1} + mean(h_{t-1}) b + W x_t | LINEAR",
        "c_t = c_{t-1} + W x_t; h_t = tanh(U c_t) | LINEAR",
        "z_t = z_{t-1} - c ∘ tanh(y_{t-1} + W x_t); y_t = y_{t-1} + c ∘ z_t | DIAGONAL",
        "h_t = tanh(W x_t + V x_{t-1}) | LINEAR",
        "f_t = σ(F x_{t-2}); h_t = f_t ∘ h_{t-1} + V x_{t-1} | LINEAR",
        "h_t = tanh(W x_t + U h_{t-2}) | DENSE",
        "S_t = 0.5 S_{t-1} + (K x_t) (V x_t)^T; y_t = tanh(S_t Q x_t) | MATRIX",
        "k_t = K x_t; S_t = S_{t-1} + (V x_t - S_{t-1} k_t) k_t^T; y_t = S_t k_t | MATRIX",
        "R : block-diagonal(2); h_t = tanh(R h_{t-1} + V x_t) | BLOCK",
        "R : block-diagonal(2); h_t = f_t ∘ h_{t-1} + V x_t; f_t = σ(R h_{t-1} + F x_t) | BLOCK",
        "R : block-diagonal(2); h_t = tanh(R h_{t-1} + sum(h_{t-1}) b + V x_t) | DENSE",
        "A_t = 0.5 A_{t-1} + h_{t-1} h_{t-1}^T; h_t = tanh(A_t W x_t) | DENSE"
      })
  void thePatternOfTheJacobian(String equations, Recurrence expected) {
    assertThat(Recurrence.of(SluiceCompiler.compile(equations.replace("; ", "\n")).canonical()))
        .isEqualTo(expected);
  }
}
