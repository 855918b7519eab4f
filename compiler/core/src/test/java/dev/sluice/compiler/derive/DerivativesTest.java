package dev.sluice.compiler.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.Gradients;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.Values;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of derivatives: each operation by the gradients of its operands.
class DerivativesTest {
  private static final String DECLARATIONS =
      """
      cell derivatives
      dim n = a, b
      input a: [n]
      input b: [n]
      input v: [2n]
      input k: scalar
      param W: [n, n]
      param D: [2n, n]
      param p: [n]
      param d: [2n]
      param alpha "α": scalar
      output y
      """;

  private static Adjoint adjoint(String equation) {
    return Derive.reverse(Canon.rewrite(IrParser.cell(DECLARATIONS + equation + "\n")));
  }

  private static void assertDerived(String equation, String expected) {
    String printed = Notation.adjoint(adjoint(equation)).lines().collect(Collectors.joining("; "));
    assertThat(printed.replace("∂L/∂output_t", "ȳ")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y: [n] = negate(a)        | ∂L/∂a_t = −ȳ
          y: [n] = sigmoid(a)       | ∂L/∂a_t = ȳ ∘ y_t ∘ (1 − y_t)
          y: [n] = tanh(a)          | ∂L/∂a_t = ȳ ∘ (1 − y_t²)
          y: [n] = relu(a)          | ∂L/∂a_t = ȳ ∘ step(a_t)
          y: [n] = exp(a)           | ∂L/∂a_t = ȳ ∘ y_t
          y: [n] = log(a)           | ∂L/∂a_t = ȳ / a_t
          y: [n] = softplus(a)      | ∂L/∂a_t = ȳ ∘ σ(a_t)
          y: [n] = sqrt(a)          | ∂L/∂a_t = ȳ / (2 · y_t)
          y: [n] = abs(a)           | ∂L/∂a_t = ȳ ∘ sign(a_t)
          y: [n] = a - b            | ∂L/∂a_t = ȳ; ∂L/∂b_t = −ȳ
          y: [n] = a * b            | ∂L/∂a_t = ȳ ∘ b_t; ∂L/∂b_t = ȳ ∘ a_t
          y: [n] = a * a            | ∂L/∂a_t = 2 · ȳ ∘ a_t
          y: [n] = a / b            | ∂L/∂a_t = ȳ / b_t; ∂L/∂b_t = −∂L/∂a_t ∘ y_t
          y: [n] = max(a, b)        | ∂L/∂a_t = where(b_t > a_t, 0, ȳ); ∂L/∂b_t = where(b_t > a_t, ȳ, 0)
          y: [n] = min(a, b)        | ∂L/∂a_t = where(a_t > b_t, 0, ȳ); ∂L/∂b_t = where(a_t > b_t, ȳ, 0)
          y: [n] = power(a, 2.5)    | ∂L/∂a_t = ȳ · 2.5 ∘ a_t^{1.5}
          y: [n] = select(k, a, b)  | ∂L/∂a_t = where(k_t, ȳ, 0); ∂L/∂b_t = where(k_t, 0, ȳ)
          y: [n] = W @ a + b        | ∂L/∂a_t = Wᵀ ȳ; ∂L/∂b_t = ȳ; ∂L/∂W += ȳ a_tᵀ
          y: [n] = W.T @ a          | ∂L/∂a_t = W ȳ; ∂L/∂W += a_t (ȳ)ᵀ
          y: [n] = D[n:2n] @ a      | ∂L/∂a_t = D[n:2n]ᵀ ȳ; ∂L/∂D[n:2n] += ȳ a_tᵀ
          y: [2n] = [a, b]          | ∂L/∂a_t = (ȳ)[0:n]; ∂L/∂b_t = (ȳ)[n:2n]
          """)
  void elementwiseAndProducts(String equation, String gradients) {
    assertDerived(equation, gradients);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # a spread scalar gets the sum, a summed vector the spread
          y: [n] = k * a            | ∂L/∂a_t = ȳ · k_t; ∂L/∂k_t = sum(ȳ ∘ a_t)
          y: [n] = a + k            | ∂L/∂a_t = ȳ; ∂L/∂k_t = sum(ȳ)
          y: scalar = reduce_sum(a) | ∂L/∂a_t = where(1, ȳ, a_t)
          # parameters
          y: [n] = p * a            | ∂L/∂p_t = ȳ ∘ a_t; ∂L/∂a_t = ȳ ∘ p; ∂L/∂p += ∂L/∂p_t
          y: [n] = d[n:2n] + a      | ∂L/∂a_t = ȳ; ∂L/∂d[n:2n] += ȳ
          y: [n] = a + alpha        | ∂L/∂a_t = ȳ; ∂L/∂α += sum(ȳ)
          y: [n] = alpha * a        | ∂L/∂α_t = ȳ ∘ a_t; ∂L/∂a_t = ȳ · α; ∂L/∂α += sum(∂L/∂α_t)
          y: scalar = alpha * k     | ∂L/∂α_t = ȳ · k_t; ∂L/∂k_t = ȳ · α; ∂L/∂α += ∂L/∂α_t
          # nothing to pass on
          y: [n] = sign(a) + b      | ∂L/∂b_t = ȳ
          y: [n] = greater(a, 0.0) * b | ∂L/∂b_t = ȳ ∘ (a_t > 0)
          """)
  void broadcastsAndParameters(String equation, String gradients) {
    assertDerived(equation, gradients);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y: [n] = v[0:n]                | ∂L/∂v_t = [ȳ, where(0, v_t[n:2n], 0)]
          y: [n] = v[n:2n]               | ∂L/∂v_t = [where(0, v_t[0:n], 0), ȳ]
          """)
  void slicesPutTheirPartsTogether(String equation, String gradients) {
    assertDerived(equation, gradients);
  }

  @Test
  void slicesThatFillAVectorNeedNoZeros() {
    assertDerived(
        "y: [n] = v[n:2n] * v[0:n]",
        "∂L/∂v_t[0:n] = ȳ ∘ v_t[n:2n]; ∂L/∂v_t[n:2n] = ȳ ∘ v_t[0:n]; "
            + "∂L/∂v_t = [∂L/∂v_t[0:n], ∂L/∂v_t[n:2n]]");
  }

  @Test
  void aStateWhoseEarlierValueDoesNotMatterHandsOnZeros() {
    String cell =
        """
        cell steps
        dim n = x, h
        input x: [n]
        state h: [n]
        output h
        h: [n] = x * step(h[t-1])
        """;
    assertThat(Notation.adjoint(Derive.reverse(Canon.rewrite(IrParser.cell(cell)))))
        .isEqualTo(
            """
            ∂L/∂h_t = ∂L/∂output_t + ∂L/∂h_t|_{t+1}
            ∂L/∂x_t = ∂L/∂h_t ∘ step(h_{t-1})
            ∂L/∂h_{t-1}|_t = where(0, h_{t-1}, 0)
            """);
  }

  @Test
  void atAKinkTheFirstOfEqualsGetsAll() {
    assertThat(gradient("y: [n] = max(a, b)", "a", 3, 3)).isEqualTo(1);
    assertThat(gradient("y: [n] = max(a, b)", "b", 3, 3)).isEqualTo(0);
    assertThat(gradient("y: [n] = min(a, b)", "a", 3, 3)).isEqualTo(1);
    assertThat(gradient("y: [n] = relu(a) + b", "a", 0, 0)).isEqualTo(0);
    assertThat(gradient("y: [n] = abs(a) + b", "a", 0, 0)).isEqualTo(0);
    assertThat(gradient("y: [n] = power(a, b)", "b", 0, 2)).isEqualTo(0);
    assertThat(gradient("y: [n] = power(a, b)", "b", -2, 2)).isEqualTo(0);
    assertThat(gradient("y: [n] = power(a, b)", "a", -2, 2)).isEqualTo(-4);
  }

  /// ∂y/∂operand for n = 1.
  private static double gradient(String equation, String operand, double a, double b) {
    String declarations =
        """
        cell kink
        dim n = a, b
        input a: [n]
        input b: [n]
        output y
        """;
    Adjoint adjoint = Derive.reverse(Canon.rewrite(IrParser.cell(declarations + equation + "\n")));
    Interpreter interpreter = Interpreter.of(adjoint.cell(), Map.of("n", 1));
    Map<String, Array> parameters = Map.of();
    Values values =
        Values.of(
            1, 1, parameters, Map.of("a", new double[][][] {{{a}}}, "b", new double[][][] {{{b}}}));
    Gradients gradients =
        interpreter.backward(adjoint, interpreter.run(values), new double[][][] {{{1}}}, Map.of());
    return gradients.inputs().get(operand)[0][0][0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y: [n] = log(exp(a) + exp(b))
          y: [n] = sqrt(1.5 + tanh(a)) / (2.0 + tanh(b))
          y: [n] = power(exp(a), b)
          y: [n] = power(a, 5.0) - power(b + 3.0, -2.0)
          y: [n] = softplus(max(a, b)) * min(a, k)
          y: [n] = select(greater(a, b), a * b, alpha * abs(b))
          y: [n] = (v[0:n] * v[n:2n]) + W @ (v[n:2n] - p)
          y: [n] = (D.T)[:, n:2n] @ (d[0:n] * [a, b][0:n])
          y: scalar = reduce_sum(p * a) * reduce_sum(d)
          y: [n] = outer(a, p) @ b + (W - W.T) @ tanh(b)
          y: [3n] = [a * alpha, v]
          """)
  void derivativesAgreeWithDifferences(String equation) {
    String declarations =
        DECLARATIONS
            .lines()
            .filter(line -> isUsed(line, equation))
            .collect(Collectors.joining("\n"));
    Adjoint adjoint =
        Derive.reverse(Canon.rewrite(IrParser.cell(declarations + "\n" + equation + "\n")));
    GradientCheck check = GradientCheck.of(adjoint, Map.of("n", 3), 11);
    assertThat(check.pass()).as(Notation.adjoint(adjoint) + check).isTrue();
  }

  /// Inputs and parameters that the equation does not mention would have no gradient to check.
  private static boolean isUsed(String declaration, String equation) {
    String[] words = declaration.split("[ :]+");
    boolean isOperand = words[0].equals("input") || words[0].equals("param");
    return !isOperand || equation.matches(".*\\b" + words[1] + "\\b.*");
  }

  @Test
  void aCellThatIsNotFlatIsRefused() {
    var cell = IrParser.cell(DECLARATIONS + "y: [n] = tanh(W @ a)\n");
    assertThatThrownBy(() -> Derive.reverse(cell))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not in flat form: y_t = tanh(W a_t)");
  }
}
