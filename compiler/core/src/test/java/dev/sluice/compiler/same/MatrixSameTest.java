package dev.sluice.compiler.same;

import static dev.sluice.compiler.same.SameTest.cell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Cell;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cells whose state is a matrix: spellings of one function are equal, neighbours are not.
class MatrixSameTest {
  private static final Set<UpTo> USUAL = EnumSet.of(UpTo.PERMUTATION, UpTo.SIGN, UpTo.BIAS);
  private static final String QKV = ";; q_t = Q x_t;; k_t = K x_t;; v_t = V x_t";
  private static final String GATE = ";; β_t = σ(b^T x_t)";
  private static final String GATES =
      QKV + ";; α_t = σ(a^T x_t);; β_t = σ(b^T x_t);; a, b : vector";

  private static Verdict compare(Cell a, Cell b) {
    return Same.compare(a, b, USUAL, 60, 1);
  }

  /// Both ways, with weights converted there and back.
  private static void assertEqual(String a, String b) {
    Cell first = cell(a);
    Cell second = cell(b);
    Verdict verdict = compare(first, second);
    assertThat(verdict).isInstanceOf(Verdict.Equal.class);
    EqualFormsTest.assertConverts(first, second, ((Verdict.Equal) verdict).conversion(), 5);
    verdict = compare(second, first);
    assertThat(verdict).isInstanceOf(Verdict.Equal.class);
    EqualFormsTest.assertConverts(second, first, ((Verdict.Equal) verdict).conversion(), 6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t | S_t = S_{t-1} + k_t v_t^T;; y_t = S_t^T q_t",
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | S_t = S_{t-1} + v_t k_t^T;; y_t = S_{t-1} q_t + v_t (k_t^T q_t)",
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | S_t = S_{t-1} - k_t v_t^T;; y_t = -(q_t^T S_t)^T",
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | M_t = M_{t-1} + q_t k_t^T;; y_t = M_t v_t",
      })
  void linearAttention(String a, String b) {
    assertEqual(a + QKV, b + QKV);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "S_t = S_{t-1} + β_t (v_t - S_{t-1} k_t) k_t^T",
        "S_t = S_{t-1} (I - β_t k_t k_t^T) + β_t v_t k_t^T",
        "S_t = S_{t-1} - (β_t S_{t-1} k_t) k_t^T + v_t (β_t k_t)^T",
        "β_t = 1 - σ(b^T x_t);; S_t = S_{t-1} + β_t (v_t - S_{t-1} k_t) k_t^T",
      })
  void theDeltaRule(String text) {
    String gate = text.contains("1 - σ") ? "" : ";; β_t = σ(b^T x_t)";
    assertEqual(
        "S_t = S_{t-1} + β_t (v_t - S_{t-1} k_t) k_t^T;; y_t = S_t q_t;; b : vector" + GATE + QKV,
        text + ";; y_t = S_t q_t;; b : vector" + gate + QKV);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "S_t = S_{t-1} diag(f_t) + v_t (1 - f_t)^T;; y_t = S_t q_t",
        "S_t = diag(1 - f_t) S_{t-1} + f_t v_t^T;; y_t = S_t^T q_t",
        "S_t = diag(f_t) S_{t-1} + (1 - f_t) ⊗ v_t;; y_t = S_t^T q_t",
      })
  void aGateOfRowsIsOneOfTheTransposesColumns(String text) {
    String rest = ";; q_t = Q x_t;; v_t = V x_t;; f_t = σ(W x_t + c)";
    assertEqual("S_t = diag(f_t) S_{t-1} + (1 - f_t) v_t^T;; y_t = S_t^T q_t" + rest, text + rest);
  }

  @Test
  void vectorsAsRows() {
    assertEqual(
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t" + QKV,
        "S_t = S_{t-1} + k_t^T v_t;; y_t = q_t S_t;; q_t = x_t W_q;; k_t = x_t W_k;; v_t = x_t"
            + " W_v");
    assertEqual("h_t = tanh(W x_t + U h_{t-1} + b)", "h_t = tanh(x_t W + h_{t-1} U + b)");
  }

  @Test
  void biasesOfKeysAreMerged() {
    assertEqual(
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t;; k_t = K x_t + b;; v_t = V x_t;; q_t = Q x_t",
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t;; k_t = K x_t + b_1 + b_2;; v_t = V x_t;;"
            + " q_t = Q x_t");
  }

  @Test
  void aSymmetricStateIsItsTranspose() {
    String hebb = "A_t = 0.9 A_{t-1} + h_{t-1} h_{t-1}^T;; ";
    assertEqual(
        hebb + "h_t = tanh(W x_t + A_t h_{t-1})", hebb + "h_t = tanh(W x_t + A_t^T h_{t-1})");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // reads the old memory
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t | S_t = S_{t-1} + v_t k_t^T;; y_t = S_{t-1} q_t",
        // decays before or after the write
        "S_t = α_t S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | S_t = α_t (S_{t-1} + v_t k_t^T);; y_t = S_t q_t",
        // forgets what was erased, too
        "S_t = α_t (S_{t-1} - β_t (S_{t-1} k_t) k_t^T) + β_t v_t k_t^T;; y_t = S_t q_t"
            + " | S_t = α_t S_{t-1} - β_t (S_{t-1} k_t) k_t^T + β_t v_t k_t^T;; y_t = S_t q_t",
        // rows or columns; lengths must be equal, else it would be no cell
        "S_t = diag(v_t) S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | S_t = S_{t-1} diag(k_t) + v_t k_t^T;; y_t = S_t q_t",
        "S_t = S_{t-1} + β_t (v_t - S_{t-1} k_t) k_t^T;; y_t = S_t q_t"
            + " | S_t = S_{t-1} + β_t (v_t - S_{t-1} q_t) k_t^T;; y_t = S_t q_t",
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | S_t = S_{t-1} + v_t k_t^T / norm(k_t);; y_t = S_t q_t",
        "S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t"
            + " | state S = 1;; S_t = S_{t-1} + v_t k_t^T;; y_t = S_t q_t",
      })
  void neighbours(String a, String b) {
    assertThat(compare(cell(a + GATES), cell(b + GATES))).isInstanceOf(Verdict.Different.class);
    assertThat(compare(cell(b + GATES), cell(a + GATES))).isInstanceOf(Verdict.Different.class);
  }

  /// The exponential gates of the mLSTM, kept in range by a state m or not.
  @Test
  void theStabilisedMemoryIsNotFoundToDiffer() {
    String gates = ";; a_t = u^T x_t;; b_t = w^T x_t" + QKV;
    String plain =
        "C_t = exp(b_t) C_{t-1} + exp(a_t) v_t k_t^T;; n_t = exp(b_t) n_{t-1} + exp(a_t) k_t;;"
            + " y_t = C_t q_t / max(|n_t^T q_t|, 1)";
    String stabilised =
        "m_t = max(b_t + m_{t-1}, a_t);;"
            + " C_t = exp(b_t + m_{t-1} - m_t) C_{t-1} + exp(a_t - m_t) v_t k_t^T;;"
            + " n_t = exp(b_t + m_{t-1} - m_t) n_{t-1} + exp(a_t - m_t) k_t;;"
            + " y_t = C_t q_t / max(|n_t^T q_t|, exp(-m_t))";
    assertThat(compare(cell(plain + gates), cell(stabilised + gates)))
        .isInstanceOf(Verdict.Undecided.class);
    assertThat(compare(cell(plain + gates), cell(stabilised.replace("exp(-m_t)", "1") + gates)))
        .isInstanceOf(Verdict.Different.class);
  }
}
