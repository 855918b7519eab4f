package dev.sluice.compiler.canon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.flat.FlatForm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanonTest {
  private static final Map<String, Integer> SIZES = Map.of("n", 3, "m", 2);

  private static List<Cell> lectureCells() {
    return LectureCells.all();
  }

  private static void assertCanonical(String cell, String expected) {
    Cell before = IrParser.cell(cell);
    Cell after = Canon.rewrite(before);
    String printed = Notation.cell(after);
    assertThat(printed.substring(printed.indexOf("\n\n") + 2)).isEqualTo(expected);
    SameMeaning.check(before, after, SIZES, 1);
  }

  @Test
  void theLstmOfTheSlidesHasPreActivationsAndReadsAsBefore() {
    assertCanonical(
        LectureCells.LSTM,
        """
        z_{f,t} = W_f h_{t-1} + U_f x_t + b_f
        f_t = σ(z_{f,t})
        z_{i,t} = W_i h_{t-1} + U_i x_t + b_i
        i_t = σ(z_{i,t})
        z_{o,t} = W_o h_{t-1} + U_o x_t + b_o
        o_t = σ(z_{o,t})
        z_{c̃,t} = W_c h_{t-1} + U_c x_t + b_c
        c̃_t = tanh(z_{c̃,t})
        c_t = f_t ∘ c_{t-1} + i_t ∘ c̃_t
        h_t = o_t ∘ tanh(c_t)
        """);
  }

  @Test
  void blockFormBecomesGateByGate() {
    assertCanonical(
        LectureCells.LSTM_BLOCK,
        """
        z_{g,t} = V[0:n] x_t + W[0:n] h_{t-1} + b[0:n]
        g_t = tanh(z_{g,t})
        z_{i,t} = V[n:2n] x_t + W[n:2n] h_{t-1} + b[n:2n]
        i_t = σ(z_{i,t})
        z_{o,t} = V[2n:3n] x_t + W[2n:3n] h_{t-1} + b[2n:3n]
        o_t = σ(z_{o,t})
        c_t = c_{t-1} + i_t ∘ g_t
        h_t = o_t ∘ tanh(c_t)
        """);
  }

  @Test
  void slicesOfANamedStackBecomeGates() {
    assertCanonical(
        LectureCells.GRU,
        """
        z_{r,t} = V[0:n] x_t + W[0:n] h_{t-1} + b[0:n]
        r_t = σ(z_{r,t})
        z_{u,t} = V[n:2n] x_t + W[n:2n] h_{t-1} + b[n:2n]
        u_t = σ(z_{u,t})
        z_{g,t} = V_g x_t + W_g (h_{t-1} ∘ r_t) + b_g
        g_t = tanh(z_{g,t})
        h_t = (1 − u_t) ∘ g_t + u_t ∘ h_{t-1}
        """);
  }

  @Test
  void resetAfterKeepsItsInnerSum() {
    assertCanonical(
        LectureCells.GRU_RESET_AFTER,
        """
        z_{r,t} = W_r h_{t-1} + U_r x_t + b_r
        r_t = σ(z_{r,t})
        z_{u,t} = W_u h_{t-1} + U_u x_t + b_u
        u_t = σ(z_{u,t})
        z_{h̃,t} = U_h x_t + b_x + r_t ∘ (W_h h_{t-1} + b_h)
        h̃_t = tanh(z_{h̃,t})
        h_t = (1 − u_t) ∘ h̃_t + u_t ∘ h_{t-1}
        """);
  }

  @ParameterizedTest
  @MethodSource("lectureCells")
  void lectureCellsAreFlatAndStayAsTheyAre(Cell cell) {
    Cell canonical = Canon.rewrite(cell);
    assertThat(canonical.equations()).allMatch(FlatForm::isFlat);
    assertThat(Canon.rewrite(canonical)).isEqualTo(canonical);
    SameMeaning.check(cell, canonical, SIZES, 7);
  }

  @Test
  void randomCellsKeepTheirMeaning() {
    for (int seed = 0; seed < 300; seed++) {
      Cell cell = RandomCells.cell(seed);
      Cell canonical = Canon.rewrite(cell);
      assertThat(canonical.equations()).as(cell.name()).allMatch(FlatForm::isFlat);
      SameMeaning.check(cell, canonical, RandomCells.sizes(cell, seed), seed);
    }
  }

  @Test
  void piecesHaveNamesThatDoNotCollide() {
    Cell cell =
        Canon.rewrite(
            IrParser.cell(
                LectureCells.LSTM.replace("\ni: [n]", "\ntanh_c: [n]").replace("i *", "tanh_c *")));
    assertThat(cell.equations().stream().map(e -> e.target().plain()))
        .containsExactly(
            "z_f",
            "f",
            "z_tanh_c",
            "tanh_c",
            "z_o",
            "o",
            "z_c_tilde",
            "c_tilde",
            "f_c",
            "tanh_c_c_tilde",
            "c",
            "tanh_c_2",
            "h");
  }

  @Test
  void aMatrixStateIsAValueElementByElement() {
    Cell cell =
        IrParser.cell(
            """
            cell memory
            dim n = h, k
            input k: [n]
            state C: [n, n]
            output h
            C: [n, n] = C[t-1] + 2.0 * outer(k, k)
            h: [n] = C @ k + C.T @ tanh(k)
            """);
    assertThat(Notation.cell(Canon.rewrite(cell)))
        .endsWith(
            """
            C_t = C_{t-1} + (2 · k_t) k_tᵀ
            h_t = C_t diag(k_t) 1 + (diag(tanh(k_t)) C_t)ᵀ 1
            """);
  }
}
