package dev.sluice.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.report.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The spellings of an equation, and the one that is printed.
class AstNotationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          f^{(t)} = \\sigma \\left( W_f h^{(t-1)} + b_f \\right)  | f_t = σ(W_f h_{t-1} + b_f)
          \\tilde{c}_t = sigmoid(W_g (r_t .* h_{t-1}))            | c̃_t = σ(W_g (r_t ∘ h_{t-1}))
          h_t = (1 - u_t) * g_t + u_t \\cdot h_{i,t-1}            | h_t = (1 − u_t) · g_t + u_t · h_{i,t-1}
          h_t = a_t - (b_t - c_t) - (-d_t)                       | h_t = a_t − (b_t − c_t) − (−d_t)
          (a_t; b_t) = (tanh; σ)(W [h_{t-1}, x_t])               | (a_t; b_t) = (tanh; σ)(W [h_{t-1}, x_t])
          h_t = U^T x_t / (1 + e^{-x_t}) + x_t^2                 | h_t = Uᵀ x_t / (1 + exp(−x_t)) + x_t²
          h_{t+1} = max(0, h_t) @ W                              | h_{t+1} = max(0, h_t) @ W
          """)
  void printsOneSpelling(String text, String printed) {
    Ast.File file = Parse.file(Source.of(text)).value().orElseThrow();
    assertThat(AstNotation.equation((Ast.Equation) file.statements().getFirst()))
        .isEqualTo(printed);
  }
}
