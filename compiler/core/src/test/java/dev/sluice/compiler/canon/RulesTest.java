package dev.sluice.compiler.canon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.UnsupportedCellException;
import dev.sluice.compiler.ir.flat.FlatForm;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule by what it makes of one equation. `h` is a state and `y` the output; the meaning is
/// checked too.
class RulesTest {
  private static final String DECLARATIONS =
      """
      cell rules
      dim n = h
      dim m = x
      input x: [m]
      input a: scalar
      state h: [n]
      state c: [n] = 0.5
      param W: [n, n]
      param U: [n, n]
      param V: [n, m]
      param S: [n, n + m]
      param D: [2n, m]
      param b: [n]
      param d: [2n]
      param alpha "α": scalar
      output y
      """;

  private static final Map<String, Integer> SIZES = Map.of("n", 3, "m", 2);

  private static Cell cell(String equations) {
    String rest = "";
    if (!equations.contains("h: [n]")) {
      rest += "h: [n] = W @ h[t-1]\n";
    }
    if (!equations.contains("c: [n]")) {
      rest += "c: [n] = b * c[t-1]\n";
    }
    return IrParser.cell(DECLARATIONS + equations.replace("; ", "\n") + "\n" + rest);
  }

  private static void assertRewritten(String before, String expected) {
    Cell original = cell(before);
    Cell canonical = Canon.rewrite(original);
    String printed = Notation.cell(canonical);
    String equations =
        printed
            .substring(printed.indexOf("\n\n") + 2)
            .lines()
            .filter(line -> !line.equals("h_t = W h_{t-1}") && !line.equals("c_t = b ∘ c_{t-1}"))
            .collect(Collectors.joining("; "));
    assertThat(equations).isEqualTo(expected);
    assertThat(canonical.equations()).allMatch(FlatForm::isFlat);
    SameMeaning.check(original, canonical, SIZES, 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # flatten sums
          y: [n] = (b + h[t-1]) + c[t-1]                | y_t = b + h_{t-1} + c_{t-1}
          y: [n] = add(V @ x, add(W @ h[t-1], b))       | y_t = V x_t + W h_{t-1} + b
          y: [n] = h[t-1] - (c[t-1] + b)                | y_t = h_{t-1} − (c_{t-1} + b)
          # fold constants
          y: [n] = (2.0 * 3.0) * h[t-1]                 | y_t = 6 · h_{t-1}
          y: [n] = h[t-1] + 1.0 + 2.0                   | y_t = h_{t-1} + 3
          y: [n] = const(k, 2.0) * h[t-1]               | y_t = k · h_{t-1}
          y: [n] = select(1.0, h[t-1], c[t-1])          | y_t = h_{t-1}
          y: [n] = h[t-1] + 1.0 / 0.0                   | y_t = h_{t-1} + 1 / 0
          # drop neutral elements
          y: [n] = (1.0 * h[t-1]) + 0.0                 | y_t = h_{t-1}
          y: [n] = h[t-1] / 1.0 - 0.0                   | y_t = h_{t-1}
          y: [n] = negate(negate(h[t-1]))               | y_t = h_{t-1}
          y: [n] = 0.0 - h[t-1]                         | y_t = −h_{t-1}
          y: [n] = 0.0 * h[t-1]                         | y_t = 0 · h_{t-1}
          # negative operands
          y: [n] = h[t-1] + negate(c[t-1])              | y_t = h_{t-1} − c_{t-1}
          y: [n] = h[t-1] - negate(c[t-1])              | y_t = h_{t-1} + c_{t-1}
          y: [n] = b - W @ h[t-1]                       | y_t = b + W (−h_{t-1})
          y: [n] = negate(W @ h[t-1])                   | y_t = W (−h_{t-1})
          y: [n] = V @ x + negate(b) + W @ h[t-1]       | y_t = V x_t + W h_{t-1} − b
          y: [n] = tanh(W @ h[t-1] - b)                 | z_{y,t} = W h_{t-1} − b; y_t = tanh(z_{y,t})
          y: [n] = h[t-1] + c[t-1] + negate(alpha)      | y_t = h_{t-1} + c_{t-1} − α
          # powers
          y: [n] = power(h[t-1], 2.0)                   | y_t = h_{t-1}²
          y: [n] = power(h[t-1], 3.0)                   | y_t = h_{t-1}² ∘ h_{t-1}
          y: [n] = power(exp(h[t-1]), 0.5)              | y_t = sqrt(exp(h_{t-1}))
          y: [n] = power(exp(h[t-1]), -1.0)             | y_t = 1 / exp(h_{t-1})
          y: [n] = power(exp(h[t-1]), 1.5)              | y_t = exp(h_{t-1})^{1.5}
          """)
  void arithmetic(String before, String after) {
    assertRewritten(before, after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # products of products, of sums, of scaled matrices
          y: [n] = W @ (U @ h[t-1])                     | y_t = W (U h_{t-1})
          y: [n] = (W @ U) @ h[t-1]                     | y_t = W (U h_{t-1})
          y: [n] = (W @ U).T @ h[t-1]                   | y_t = Uᵀ (Wᵀ h_{t-1})
          y: [n] = (W + U) @ h[t-1]                     | y_t = W h_{t-1} + U h_{t-1}
          y: [n] = (U - U.T) @ h[t-1]                   | y_t = U h_{t-1} + Uᵀ (−h_{t-1})
          y: [n] = (W + U) @ tanh(h[t-1])               | y_t = W tanh(h_{t-1}) + U tanh(h_{t-1})
          y: [n] = (alpha * W) @ h[t-1]                 | y_t = α · W h_{t-1}
          y: [n] = (W / alpha) @ h[t-1]                 | y_t = W h_{t-1} · (1 / α)
          y: [n] = h[t-1] / 2.0                         | y_t = h_{t-1} / 2
          y: [n] = h[t-1] / reduce_norm(c[t-1])         | y_t = h_{t-1} · (1 / norm(c_{t-1}))
          y: [n] = outer(b, h[t-1]) @ c[t-1]            | y_t = b · sum(h_{t-1} ∘ c_{t-1})
          y: [n] = W @ b                                | b_t = b; y_t = W b_t
          # stacked operands
          y: [n] = S @ [h[t-1], x] + b                  | y_t = S[:, 0:n] h_{t-1} + S[:, n:m+n] x_t + b
          v: [n + m] = [h[t-1], x]; y: [n] = S @ v      | y_t = S[:, 0:n] h_{t-1} + S[:, n:m+n] x_t
          y: [n] = D[n:2n] @ x                          | y_t = D[n:2n] x_t
          # transposes and slices of weights
          y: [n] = U.T.T @ h[t-1]                       | y_t = U h_{t-1}
          y: [n] = (W + U).T @ h[t-1]                   | y_t = Wᵀ h_{t-1} + Uᵀ h_{t-1}
          y: [n] = S[:, 0:n][0:n] @ h[t-1]              | y_t = S[:, 0:n] h_{t-1}
          y: [m] = (D.T)[:, n:2n] @ h[t-1]              | y_t = D[n:2n]ᵀ h_{t-1}
          """)
  void products(String before, String after) {
    assertRewritten(before, after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # a matrix of a step is a value, what it multiplies is spread over it
          M: [n, m] = outer(b, x); y: [n] = M @ x | M_t = b x_tᵀ; y_t = M_t diag(x_t) 1
          M: [n, m] = outer(b, x); y: [m] = M.T @ h[t-1] | M_t = b x_tᵀ; y_t = (diag(h_{t-1}) M_t)ᵀ 1
          M: [n, m] = alpha * outer(b, x); y: [n] = M @ x | M_t = (α · b) x_tᵀ; y_t = M_t diag(x_t) 1
          M: [n, m] = spread_rows(b, m) * outer(h[t-1], x); y: [n] = M @ x | M_t = (b ∘ h_{t-1}) x_tᵀ; y_t = M_t diag(x_t) 1
          M: [n, m] = outer(b, x) * spread_columns(x, n); y: [n] = M @ x | M_t = b x_t²ᵀ; y_t = M_t diag(x_t) 1
          y: [n] = outer(b, x) @ tanh(x) | y_t = b · sum(x_t ∘ tanh(x_t))
          M: [n, n] = exp(W); y: [n] = (M @ outer(b, x)) @ x | M_t = exp(W); y_t = M_t diag(b) 1 · sum(x_t²)
          M: [n, n] = exp(W); N: [n, m] = (M @ outer(b, x)) / alpha; y: [n] = N @ x | M_t = exp(W); N_t = (M_t diag(b) 1 · (1 / α)) x_tᵀ; y_t = N_t diag(x_t) 1
          M: [n, n] = exp(outer(h[t-1], b)); y: [n] = M.T.T @ b + (M + W).T @ b | M_t = exp(h_{t-1} bᵀ); b_t = b; diag(b_t) M_t = diag(b) M_t; y_t = M_t diag(b) 1 + (diag(b_t) M_t)ᵀ 1 + Wᵀ b_t
          M: [n, n] = exp(outer(h[t-1], b)); s: scalar = reduce_sum(M); y: [n] = s * b | M_t = exp(h_{t-1} bᵀ); s_t = sum(M_t 1); y_t = s_t · b
          M: [n, n] = outer(h[t-1], b); y: [n] = tanh(M).T @ b | M_t = h_{t-1} bᵀ; y_t = (diag(b) tanh(M_t))ᵀ 1
          y: [n] = exp(W) @ h[t-1] | y_{part,t} = exp(W); y_t = y_{part,t} diag(h_{t-1}) 1
          """)
  void matricesOfAStep(String before, String after) {
    assertRewritten(before, after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y: [n] = tanh(D @ x + d)[n:2n]                | z_{y,t} = D[n:2n] x_t + d[n:2n]; y_t = tanh(z_{y,t})
          z: [2n] = D @ x + d; y: [n] = relu(z[0:n])    | z_{y,t} = D[0:n] x_t + d[0:n]; y_t = relu(z_{y,t})
          z: [2n] = alpha * (D @ x); y: [n] = z[0:n]    | y_t = α · D[0:n] x_t
          # a stack that is taken apart and added up
          z: [2n] = D @ x; y: [n] = z[0:n] + z[n:2n] * reduce_sum(z) | z_t[0:n] = D[0:n] x_t; z_t[n:2n] = D[n:2n] x_t; sum(z_t) = sum(z_t[0:n] + z_t[n:2n]); y_t = z_t[0:n] + z_t[n:2n] · sum(z_t)
          z: [2n] = D @ x; q: [2n] = z * z; y: [n] = z[0:n] + z[n:2n] * reduce_max(q) | z_t[0:n] = D[0:n] x_t; z_t[n:2n] = D[n:2n] x_t; q_t[0:n] = z_t[0:n]²; q_t[n:2n] = z_t[n:2n]²; max(q_t) = max(max(q_t[0:n], q_t[n:2n])); y_t = z_t[0:n] + z_t[n:2n] · max(q_t)
          z: [2n] = D @ x; y: [n] = z[0:n] * reduce_norm(z) | z_t = D x_t; y_t = z_t[0:n] · norm(z_t)
          y: [n] = [h[t-1], c[t-1]][n:2n]               | y_t = c_{t-1}
          y: [2n] = [h[t-1], x, c[t-1]][0:2n]           | y_t = [h_{t-1}, x_t, c_{t-1}][0:2n]
          y: [n + m] = [c[t-1], h[t-1], x][n:2n + m]    | y_t = [h_{t-1}, x_t]
          y: [n] = h[t-1][0:n]                          | y_t = h_{t-1}
          y: [n] = d[0:2n][n:2n] * h[t-1]               | y_t = d[n:2n] ∘ h_{t-1}
          """)
  void slices(String before, String after) {
    assertRewritten(before, after);
  }

  @Test
  void aStackThatIsUsedWholeIsNotComputedTwice() {
    assertRewritten(
        "z: [2n] = D @ x + d; y: [3n] = [z[0:n], z]", "z_t = D x_t + d; y_t = [z_t[0:n], z_t]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y: [n] = tanh(h[t-1]) * tanh(h[t-1])                    | y_t = tanh(h_{t-1})²
          q: [n] = tanh(b); p: [n] = tanh(b); y: [n] = p * q      | q_t = tanh(b); y_t = q_t²
          q: [n] = sum(h[t-1]); y: [n] = exp(q)                   | y_t = exp(h_{t-1})
          unused: [n] = exp(h[t-1]); y: [n] = sum(b)              | y_t = b
          """)
  void sharing(String before, String after) {
    assertRewritten(before, after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          y: [n] = h[t-1] + h[t-2]            | y_t = h_{t-1} + h_{lag1,t-1}; h_{lag1,t} = h_{t-1}
          y: [n] = sum(c[t-3])                | y_t = c_{lag2,t-1}; c_{lag1,t} = c_{t-1}; c_{lag2,t} = c_{lag1,t-1}
          y: [m] = x * x[t-1]                 | y_t = x_t ∘ x_{lag,t-1}; x_{lag,t} = x_t
          y: [m] = sum(x[t-2])                | y_t = x_{lag1,t-1}; x_{lag,t} = x_t; x_{lag1,t} = x_{lag,t-1}
          """)
  void delays(String before, String after) {
    assertRewritten(before, after);
  }

  @Test
  void aDelayedStateStartsWhereTheStateDoes() {
    Cell canonical = Canon.rewrite(cell("y: [n] = sum(c[t-2])"));
    assertThat(canonical.states().getLast())
        .hasToString("State[symbol=c_lag1, shape=[n], initial=0.5, startsAs=c]");
  }

  @Test
  void delaysHaveALimit() {
    assertThatThrownBy(() -> Canon.rewrite(cell("y: [n] = sum(h[t-1000000000])")))
        .isInstanceOf(UnsupportedCellException.class)
        .hasMessage("h is read 1000000000 steps back");
  }

  @Test
  void theProductOfTwoMatricesOfAStepIsNotGeneratedYet() {
    Cell cell = cell("M: [n, n] = outer(h, c); N: [n, n] = tanh(M @ M); y: [n] = N @ b");
    assertThatThrownBy(() -> Canon.rewrite(cell))
        .isInstanceOf(UnsupportedCellException.class)
        .hasMessage("N uses a matrix that is not generated yet");
  }
}
