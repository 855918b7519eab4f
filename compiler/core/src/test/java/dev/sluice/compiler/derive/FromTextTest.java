package dev.sluice.compiler.derive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.bind.Bind;
import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Source;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From the text of a slide to gradients that agree with central differences.
class FromTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "h_t = tanh(V x_t + W h_{t-1} + b_h)",
        """
        (g_t; i_t; o_t) = (tanh; σ; σ)(V x_t + W h_{t-1} + b)
        c_t = c_{t-1} + i_t · g_t
        h_t = o_t · tanh(c_t)
        """,
        """
        \\begin{pmatrix} g_t \\\\ i_t \\\\ o_t \\\\ f_t \\end{pmatrix} = \\begin{pmatrix} \\tilde{f} \\\\ \\sigma \\\\ \\sigma \\\\ \\sigma \\end{pmatrix} (Vx_t + Wh_{t-1} + b) \\qquad c_t = f_t \\cdot c_{t-1} + i_t \\cdot g_t \\\\ h_t = o_t \\cdot \\tilde{f}(c_t)
        """,
        """
        f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
        i_t = sigmoid(W_i h_{t-1} + U_i x_t + b_i)
        o_t = σ(W_o h_{t-1} + U_o x_t + b_o)
        c̃_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
        c_t = f_t ∘ c_{t-1} + i_t ⊙ c̃_t
        h_t = o_t * tanh(c_t)
        """,
        """
        (r_t; u_t) = σ(V x_t + W h_{t-1} + b)
        g_t = tanh(V_g x_t + W_g (h_{t-1} · r_t) + b_g)
        h_t = (1 - u_t) · g_t + u_t · h_{t-1}
        """,
        """
        u_t = σ(W_u h_{t-1} + U_u x_t + b_u)
        r_t = σ(W_r h_{t-1} + U_r x_t + b_r)
        h̃_t = tanh(W_h (r_t ∘ h_{t-1}) + U_h x_t + b_h)
        h_t = (1 - u_t) ∘ h_{t-1} + u_t ∘ h̃_t
        """,
        // a memory of two steps, a delayed input, and a concatenation
        "h_t = tanh(W [h_{t-1}, x_t] + U h_{t-2} + V x_{t-1} - b)",
        // AntisymmetricRNN, Chang et al. 2019
        """
        const ε = 0.1
        const γ = 0.01
        h_t = h_{t-1} + ε tanh((U - U^T - γ I) h_{t-1} + W x_t + b)
        """,
        // LSTM with layer normalisation, Ba et al. 2016, in block form
        """
        LN(z; γ) = γ ∘ layernorm(z)
        z_t = LN(V x_t; γ_x) + LN(W h_{t-1}; γ_h) + b
        (g_t; i_t; o_t; f_t) = (tanh; σ; σ; σ)(z_t)
        c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
        h_t = o_t ∘ tanh(LN(c_t; γ_c) + b_c)
        """,
        // the same norm written out, with both of its parameters
        """
        LN(z; α, β) = α ∘ (z - mean(z)) / sqrt(mean((z - mean(z))^2) + 1e-5) + β
        h_t = tanh(LN(W h_{t-1} + V x_t; p, q))
        """,
        // ordered neurons: cumax; norms and extremes of whole vectors
        """
        f_t = cumax(W_f h_{t-1} + U_f x_t)
        h_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ tanh(V x_t + h_{t-1} / (1 + norm(h_{t-1} + 0.5)))
        """,
        "h_t = tanh(max(p ∘ h_{t-1} + q) V x_t - min(x_t) softmax(U h_{t-1}) + mean(h_{t-1}))",
        // the elementwise functions, a condition and the step number
        """
        a_t = silu(W_a h_{t-1} + U_a x_t) + gelu(W_b h_{t-1} + U_b x_t) + mish(b)
        d_t = elu(U_c x_t) + leaky_relu(U_d x_t) + softsign(U_e x_t) + hard_tanh(U_f x_t)
        h_t = where(t mod 2 = 0, sin(a_t), cos(d_t) hard_sigmoid(h_{t-1})) + clip(x_t R, -0.5, 0.5)
        """,
        // coRNN, Rusch & Mishra 2021: implicit
        """
        const ε = 0.9, δ = 0.1
        z_t = z_{t-1} + δ σ(W h_{t-1} + Z z_{t-1} + V x_t + b) - δ 1.3 h_{t-1} - δ ε z_t
        h_t = h_{t-1} + δ z_t
        """,
        // recurrent highway network, Zilly et al. 2017
        """
        s_0 = h_{t-1}
        for l in 1..3:
          g_l = tanh(\\mathbb{I}_{l=1} W_g x_t + R_{g,l} s_{l-1} + b_{g,l})
          u_l = σ(\\mathbb{I}_{l=1} W_u x_t + R_{u,l} s_{l-1} + b_{u,l})
          s_l = g_l ∘ u_l + s_{l-1} ∘ (1 - u_l)
        h_t = s_3
        """,
        // sLSTM, Beck et al. 2024: exponential gates kept in range by their maximum
        """
        state n = 1
        i_t = W_i x_t + R_i h_{t-1} + b_i
        f_t = W_f x_t + R_f h_{t-1} + b_f
        m_t = max(f_t + m_{t-1}, i_t)
        i'_t = exp(i_t - m_t)
        f'_t = exp(f_t + m_{t-1} - m_t)
        c_t = f'_t c_{t-1} + i'_t tanh(W_z x_t + R_z h_{t-1} + b_z)
        n_t = f'_t n_{t-1} + i'_t
        h_t = σ(W_o x_t + R_o h_{t-1} + b_o) ∘ c_t / n_t
        """,
        // phased LSTM, Neil et al. 2016: its time gate
        """
        input x, s
        s_t ∈ R
        φ_t = ((s_t - p) \\bmod q) / q
        k_t = \\begin{cases} 2 φ_t / 0.2 & φ_t < 0.1 \\\\ 2 - 2 φ_t / 0.2 & φ_t < 0.2 \\\\ 0.001 φ_t & \\text{otherwise} \\end{cases}
        h_t = k_t ∘ tanh(W x_t + U h_{t-1}) + (1 - k_t) ∘ h_{t-1}
        """,
        // GRU with dropout of its input, variational dropout of its state, zoneout
        """
        h̃_t = variational_dropout(h_{t-1}, 0.3)
        u_t = σ(W_u dropout(x_t, 0.2) + U_u h̃_t)
        g_t = tanh(W_g x_t + U_g h̃_t + b)
        h_t = zoneout(h_{t-1}, u_t ∘ h_{t-1} + (1 - u_t) ∘ g_t, 0.4)
        """,
        // FastGRNN, Kusupati et al. 2018
        """
        p_t = W x_t + U h_{t-1}
        z_t = σ(p_t + b_z)
        g_t = tanh(p_t + b_h)
        h_t = (σ(ζ)(1 - z_t) + σ(ν)) ∘ g_t + z_t ∘ h_{t-1}
        """
      })
  void gradientsAgreeWithDifferences(String text) {
    Source source = Source.of(text);
    Outcome<Ast.File> ast = Parse.file(source);
    assertThat(ast.isOk()).as(ast.problems().toString()).isTrue();
    Outcome<Cell> cell = Bind.cell(ast.value().orElseThrow(), source, "cell", Map.of());
    assertThat(cell.isOk()).as(cell.problems().toString()).isTrue();
    Adjoint adjoint = Derive.reverse(Canon.rewrite(cell.value().orElseThrow()));
    GradientCheck check = GradientCheck.of(adjoint, Map.of("x", 2, "h", 3), 5);
    assertThat(check.pass()).as(Notation.adjoint(adjoint) + check).isTrue();
  }
}
