package dev.sluice.compiler.derive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.canon.LectureCells;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.RandomCells;
import dev.sluice.compiler.ir.flat.FlatForm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeriveTest {
  private static final Map<String, Integer> SIZES = Map.of("n", 3, "m", 2);

  private static List<Cell> lectureCells() {
    return LectureCells.all();
  }

  private static void assertAdjoint(String cell, String expected) {
    assertThat(Notation.adjoint(Derive.reverse(Canon.rewrite(IrParser.cell(cell)))))
        .isEqualTo(expected);
  }

  @Test
  void simpleRnn() {
    assertAdjoint(
        LectureCells.RNN,
        """
        ∂L/∂h_t = ∂L/∂output_t + ∂L/∂h_t|_{t+1}
        ∂L/∂z_{h,t} = ∂L/∂h_t ∘ (1 − h_t²)
        ∂L/∂x_t = Vᵀ ∂L/∂z_{h,t}
        ∂L/∂h_{t-1}|_t = Wᵀ ∂L/∂z_{h,t}
        ∂L/∂V += ∂L/∂z_{h,t} x_tᵀ
        ∂L/∂W += ∂L/∂z_{h,t} h_{t-1}ᵀ
        ∂L/∂b_h += ∂L/∂z_{h,t}
        """);
  }

  @Test
  void lstm() {
    assertAdjoint(
        LectureCells.LSTM,
        """
        ∂L/∂h_t = ∂L/∂output_t + ∂L/∂h_t|_{t+1}
        ∂L/∂c_t = ∂L/∂c_t|_{t+1} + ∂L/∂h_t ∘ o_t ∘ (1 − tanh(c_t)²)
        ∂L/∂c̃_t = ∂L/∂c_t ∘ i_t
        ∂L/∂z_{c̃,t} = ∂L/∂c̃_t ∘ (1 − c̃_t²)
        ∂L/∂o_t = ∂L/∂h_t ∘ tanh(c_t)
        ∂L/∂z_{o,t} = ∂L/∂o_t ∘ o_t ∘ (1 − o_t)
        ∂L/∂i_t = ∂L/∂c_t ∘ c̃_t
        ∂L/∂z_{i,t} = ∂L/∂i_t ∘ i_t ∘ (1 − i_t)
        ∂L/∂f_t = ∂L/∂c_t ∘ c_{t-1}
        ∂L/∂z_{f,t} = ∂L/∂f_t ∘ f_t ∘ (1 − f_t)
        ∂L/∂x_t = U_cᵀ ∂L/∂z_{c̃,t} + U_oᵀ ∂L/∂z_{o,t} + U_iᵀ ∂L/∂z_{i,t} + U_fᵀ ∂L/∂z_{f,t}
        ∂L/∂h_{t-1}|_t = W_cᵀ ∂L/∂z_{c̃,t} + W_oᵀ ∂L/∂z_{o,t} + W_iᵀ ∂L/∂z_{i,t} + W_fᵀ ∂L/∂z_{f,t}
        ∂L/∂c_{t-1}|_t = ∂L/∂c_t ∘ f_t
        ∂L/∂W_c += ∂L/∂z_{c̃,t} h_{t-1}ᵀ
        ∂L/∂U_c += ∂L/∂z_{c̃,t} x_tᵀ
        ∂L/∂b_c += ∂L/∂z_{c̃,t}
        ∂L/∂W_o += ∂L/∂z_{o,t} h_{t-1}ᵀ
        ∂L/∂U_o += ∂L/∂z_{o,t} x_tᵀ
        ∂L/∂b_o += ∂L/∂z_{o,t}
        ∂L/∂W_i += ∂L/∂z_{i,t} h_{t-1}ᵀ
        ∂L/∂U_i += ∂L/∂z_{i,t} x_tᵀ
        ∂L/∂b_i += ∂L/∂z_{i,t}
        ∂L/∂W_f += ∂L/∂z_{f,t} h_{t-1}ᵀ
        ∂L/∂U_f += ∂L/∂z_{f,t} x_tᵀ
        ∂L/∂b_f += ∂L/∂z_{f,t}
        """);
  }

  @Test
  void gru() {
    assertAdjoint(
        LectureCells.GRU,
        """
        ∂L/∂h_t = ∂L/∂output_t + ∂L/∂h_t|_{t+1}
        ∂L/∂g_t = ∂L/∂h_t ∘ (1 − u_t)
        ∂L/∂z_{g,t} = ∂L/∂g_t ∘ (1 − g_t²)
        ∂L/∂(h_{t-1} ∘ r_t) = W_gᵀ ∂L/∂z_{g,t}
        ∂L/∂u_t = ∂L/∂h_t ∘ h_{t-1} − ∂L/∂h_t ∘ g_t
        ∂L/∂z_{u,t} = ∂L/∂u_t ∘ u_t ∘ (1 − u_t)
        ∂L/∂r_t = ∂L/∂(h_{t-1} ∘ r_t) ∘ h_{t-1}
        ∂L/∂z_{r,t} = ∂L/∂r_t ∘ r_t ∘ (1 − r_t)
        ∂L/∂x_t = V_gᵀ ∂L/∂z_{g,t} + V[n:2n]ᵀ ∂L/∂z_{u,t} + V[0:n]ᵀ ∂L/∂z_{r,t}
        ∂L/∂h_{t-1}|_t = ∂L/∂h_t ∘ u_t + ∂L/∂(h_{t-1} ∘ r_t) ∘ r_t + W[n:2n]ᵀ ∂L/∂z_{u,t} + W[0:n]ᵀ ∂L/∂z_{r,t}
        ∂L/∂V_g += ∂L/∂z_{g,t} x_tᵀ
        ∂L/∂W_g += ∂L/∂z_{g,t} (h_{t-1} ∘ r_t)ᵀ
        ∂L/∂b_g += ∂L/∂z_{g,t}
        ∂L/∂V[n:2n] += ∂L/∂z_{u,t} x_tᵀ
        ∂L/∂W[n:2n] += ∂L/∂z_{u,t} h_{t-1}ᵀ
        ∂L/∂b[n:2n] += ∂L/∂z_{u,t}
        ∂L/∂V[0:n] += ∂L/∂z_{r,t} x_tᵀ
        ∂L/∂W[0:n] += ∂L/∂z_{r,t} h_{t-1}ᵀ
        ∂L/∂b[0:n] += ∂L/∂z_{r,t}
        """);
  }

  @Test
  void peephole() {
    assertAdjoint(
        LectureCells.PEEPHOLE,
        """
        ∂L/∂h_t = ∂L/∂output_t + ∂L/∂h_t|_{t+1}
        ∂L/∂o_t = ∂L/∂h_t ∘ tanh(c_t)
        ∂L/∂z_{o,t} = ∂L/∂o_t ∘ o_t ∘ (1 − o_t)
        ∂L/∂p_{o,t} = ∂L/∂z_{o,t} ∘ c_t
        ∂L/∂c_t = ∂L/∂c_t|_{t+1} + ∂L/∂h_t ∘ o_t ∘ (1 − tanh(c_t)²) + ∂L/∂z_{o,t} ∘ p_o
        ∂L/∂(U x_t) = ∂L/∂c_t ∘ i_t ∘ (1 − tanh(U x_t)²)
        ∂L/∂i_t = ∂L/∂c_t ∘ tanh(U x_t) − ∂L/∂c_t ∘ c_{t-1}
        ∂L/∂z_{i,t} = ∂L/∂i_t ∘ i_t ∘ (1 − i_t)
        ∂L/∂p_t = ∂L/∂z_{i,t} ∘ c_{t-1}
        ∂L/∂x_t = U_oᵀ ∂L/∂z_{o,t} + Uᵀ ∂L/∂(U x_t) + Uᵀ ∂L/∂z_{i,t}
        ∂L/∂h_{t-1}|_t = W_oᵀ ∂L/∂z_{o,t} + Wᵀ ∂L/∂z_{i,t}
        ∂L/∂c_{t-1}|_t = ∂L/∂c_t ∘ (1 − i_t) + ∂L/∂z_{i,t} ∘ p
        ∂L/∂W_o += ∂L/∂z_{o,t} h_{t-1}ᵀ
        ∂L/∂U_o += ∂L/∂z_{o,t} x_tᵀ
        ∂L/∂b_o += ∂L/∂z_{o,t}
        ∂L/∂p_o += ∂L/∂p_{o,t}
        ∂L/∂U += ∂L/∂(U x_t) x_tᵀ
        ∂L/∂W += ∂L/∂z_{i,t} h_{t-1}ᵀ
        ∂L/∂U += ∂L/∂z_{i,t} x_tᵀ
        ∂L/∂b += ∂L/∂z_{i,t}
        ∂L/∂p += ∂L/∂p_t
        """);
  }

  @ParameterizedTest
  @MethodSource("lectureCells")
  void lectureCellsPassTheGradientCheck(Cell cell) {
    Adjoint adjoint = Derive.reverse(Canon.rewrite(cell));
    assertThat(adjoint.equations()).allMatch(FlatForm::isFlat);
    GradientCheck check = GradientCheck.of(adjoint, SIZES, 3);
    assertThat(check.pass()).as(check.toString()).isTrue();
  }

  @Test
  void randomCellsPassTheGradientCheck() {
    for (int seed = 0; seed < 220; seed++) {
      Cell cell = RandomCells.cell(seed);
      Adjoint adjoint = Derive.reverse(Canon.rewrite(cell));
      assertThat(adjoint.equations()).allMatch(FlatForm::isFlat);
      GradientCheck check =
          GradientCheck.of(adjoint, RandomCells.sizes(cell, seed), List.of(3, 2), seed);
      assertThat(check.pass())
          .as(() -> IrPrinter.print(adjoint.cell()) + IrPrinter.print(adjoint) + check)
          .isTrue();
    }
  }
}
