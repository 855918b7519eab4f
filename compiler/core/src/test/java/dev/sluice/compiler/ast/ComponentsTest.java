package dev.sluice.compiler.ast;

import static dev.sluice.compiler.ast.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.report.Problem;
import dev.sluice.compiler.report.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Equations of components beside the equations of vectors that they are.
class ComponentsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          \\sum_j W_{i,j} x_j^{(t)}                          | W x^{(t)}
          \\sum_{j} W_{ij} x_{j,t}                           | W x_t
          \\sum_{j=1}^{n} W_{ij} x_{t,j}                     | W x_t
          \\sum_{j=1}^{n_h} W^f_{ji} x_{t,j}                 | W^f^\\top x_t
          ∑_j W_ji x_{j,t} + b_i                             | W^T x_t + b
          ∑ⱼ Wᵢⱼ x_{j,t}                                     | W x_t
          Σ_j W_ij x_{j,t} + 1                               | W x_t + 1
          \\alpha_i \\sum_j W_{ij} x_j(t)                    | \\alpha · (W x(t))
          \\sum_l x_l(t) W_{il}                              | W x(t)
          \\sum_j W_{ij} r_j h_j(t-1)                        | W @ (r h(t-1))
          \\sum_j W_{ij} \\tanh(x_j(t) + b_j)                | W @ (\\tanh(x(t) + b))
          \\sum_j V_{ij} \\tanh(\\sum_k W_{jk} x_k(t))       | V @ (\\tanh(W x(t)))
          \\sum_j a_j x_{j,t}                                | sum(a x_t)
          \\exp(a_{i,t}) / \\sum_j \\exp(a_{j,t})            | exp(a_t) / sum(exp(a_t))
          \\frac{a_t}{\\sum_{j=1}^n (a_t)_j}                 | \\frac{a_t}{sum((a_t))}
          x_t / ∑ x_t                                        | x_t / sum(x_t)
          x_t / \\sum\\limits_k e^{x_{k,t}}                  | x_t / sum(e^{x_t})
          ∑_{k=1}^3 U_k h_{t-k}                              | (U_1 h_{t-1} + U_2 h_{t-2} + U_3 h_{t-3})
          ∑ₖ₌₁³ Uₖ hₜ₋ₖ                                      | (U_1 h_{t-1} + U_2 h_{t-2} + U_3 h_{t-3})
          """)
  void sums(String components, String vectors) {
    assertThat(equations("y_t = " + components)).isEqualTo(equations("y_t = " + vectors));
  }

  private static String equations(String text) {
    return tree(text).lines().filter(l -> l.startsWith("(=")).toList().toString();
  }

  /// The GRU of Chung et al. 2014 has the component above the bracket, that of Cho et al. below.
  @Test
  void componentsOnBrackets() {
    assertThat(
            tree(
                """
                z_t^j = σ(W_z x_t + U_z h_{t-1})^j
                h_t^j = (1 - z_t^j) h_{t-1}^j + z_t^j \\left[ W x_t \\right]_j
                """))
        .isEqualTo(
            tree(
                """
                z_t = σ(W_z x_t + U_z h_{t-1})
                h_t = (1 - z_t) h_{t-1} + z_t [ W x_t ]
                """));
  }

  @Test
  void scriptsSayWhatTheLettersDoNot() {
    assertThat(
            tree(
                "y_i(t) = \\frac{1}{\\tau_i} \\sum_{j=1}^{N} w_{ji} \\sigma(y_j(t-1) + \\theta_j)"))
        .isEqualTo(
            """
            (= y@t (· (/ 1 tau) (@ (transpose w) (apply sigmoid (+ y@t-1 theta)))))
            (shape tau vector)
            (shape w matrix)
            (shape theta vector)
            """);
  }

  /// Gates, hyperparameters and repetitions keep their letters.
  @Test
  void whatIsNoComponent() {
    assertThat(tree("i_t = σ(W_i x_t)\nh_t = i_t ∘ \\sum_j a_j x_{j,t} + b_i"))
        .contains("(+ (∘ i@t (apply sum (a x@t))) b_i)");
    assertThat(tree("const n = 2\nh_t = (x_t + b)^n + b_n")).contains("(^ (+ x@t b) n)");
    assertThat(tree("h_{j,t} = x_t + b_j for j in 1..2\ny_t = \\sum_{j=1}^{2} h_{j,t}"))
        .contains("(= h_2@t (+ x@t b_2))")
        .contains("(= y@t (+ h_1@t h_2@t))");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          \\sum_j x_t            | a sum over an unknown index
          \\sum_j h_{t-j}        | a sum over an unknown index
          \\sum_{k=1}^{K} U_k x_t | not a range
          i_t + \\sum_j W_{ij} x_{j,t} | a letter with two readings
          \\sum_j W_{ij} + \\sum_j W_{ij} x_j | a sum over components that is no product
          \\sum_j W_{ij} x_j U_{ij} | a sum over components that is no product
          """)
  void notUnderstood(String sum, String title) {
    List<Problem> problems = Parse.file(Source.of("h_t = x_t + " + sum)).problems();
    assertThat(problems).extracting(Problem::title).contains(title);
  }
}
