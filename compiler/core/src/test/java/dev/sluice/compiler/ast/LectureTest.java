package dev.sluice.compiler.ast;

import static dev.sluice.compiler.ast.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The equations of the lecture slides, as they stand there, beside their plain twins.
class LectureTest {
  @Test
  void simpleRnn() {
    String plain = "h_t = f_h(V x_t + W h_{t-1} + b_h)";
    assertThat(tree(plain)).isEqualTo("(= h@t (apply f_h (+ (+ (V x@t) (W h@t-1)) b_h)))\n");
    assertThat(tree("h_t = f_h(Vx_t + Wh_{t-1} + b_h)")).isEqualTo(tree(plain));
    assertThat(tree("h_t = \\tilde{f}(Vx_t + Wh_{t-1} + b_h)"))
        .isEqualTo(tree("h_t = f̃(V x_t + W h_{t-1} + b_h)"));
  }

  @Test
  void lstmInBlockForm() {
    String latex =
        """
        \\begin{pmatrix} g_t \\\\ i_t \\\\ o_t \\\\ f_t \\end{pmatrix} = \\begin{pmatrix} \\tilde{f} \\\\ \\sigma \\\\ \\sigma \\\\ \\sigma \\end{pmatrix} (Vx_t + Wh_{t-1} + b) \\qquad c_t = f_t \\cdot c_{t-1} + i_t \\cdot g_t \\\\ h_t = o_t \\cdot \\tilde{f}(c_t)
        """;
    String plain =
        """
        (g_t; i_t; o_t; f_t) = (f̃; σ; σ; σ)(V x_t + W h_{t-1} + b)
        c_t = f_t · c_{t-1} + i_t · g_t
        h_t = o_t · f̃(c_t)
        """;
    assertThat(tree(latex))
        .isEqualTo(tree(plain))
        .isEqualTo(
            """
            (= (column g@t i@t o@t f@t) (apply (column f_tilde sigmoid sigmoid sigmoid) (+ (+ (V x@t) (W h@t-1)) b)))
            (= c@t (+ (· f@t c@t-1) (· i@t g@t)))
            (= h@t (· o@t (apply f_tilde c@t)))
            """);
  }

  @Test
  void lstmWithoutForgetGateInBlockForm() {
    String latex =
        """
        \\begin{pmatrix} g_t \\\\ i_t \\\\ o_t \\end{pmatrix} = \\begin{pmatrix} \\tilde{f} \\\\ \\sigma \\\\ \\sigma \\end{pmatrix} (Vx_t + Wh_{t-1} + b) \\qquad c_t = c_{t-1} + i_t \\cdot g_t
        h_t = o_t \\cdot \\tilde{f}(c_t)
        """;
    String plain =
        """
        (g_t; i_t; o_t) = (f̃; σ; σ)(V x_t + W h_{t-1} + b)
        c_t = c_{t-1} + i_t * g_t
        h_t = o_t * f̃(c_t)
        """;
    assertThat(tree(latex)).isEqualTo(tree(plain));
  }

  @Test
  void lstmWithTimeAsSuperscript() {
    String latex =
        """
        \\begin{aligned} f^{(t)} &= \\sigma \\left( W_f h^{(t-1)} + U_f x^{(t)} + b_f \\right) \\\\ i^{(t)} &= \\sigma \\left( W_i h^{(t-1)} + U_i x^{(t)} + b_i \\right) \\\\ o^{(t)} &= \\sigma \\left( W_o h^{(t-1)} + U_o x^{(t)} + b_o \\right) \\end{aligned}
        \\tilde{c}^{(t)} = \\tanh \\left( W_c h^{(t-1)} + U_c x^{(t)} + b_c \\right)
        c^{(t)} = f^{(t)} \\circ c^{(t-1)} + i^{(t)} \\circ \\tilde{c}^{(t)}
        h^{(t)} = o^{(t)} \\circ \\tanh c^{(t)}
        """;
    String plain =
        """
        f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
        i_t = sigmoid(W_i h_{t-1} + U_i x_t + b_i)
        o_t = sigma(W_o h_{t-1} + U_o x_t + b_o)
        c̃_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
        c_t = f_t ∘ c_{t-1} + i_t ⊙ c̃_t
        h_t = o_t .* tanh(c_t)
        """;
    assertThat(tree(latex))
        .isEqualTo(tree(plain))
        .isEqualTo(
            """
            (= f@t (apply sigmoid (+ (+ (W_f h@t-1) (U_f x@t)) b_f)))
            (= i@t (apply sigmoid (+ (+ (W_i h@t-1) (U_i x@t)) b_i)))
            (= o@t (apply sigmoid (+ (+ (W_o h@t-1) (U_o x@t)) b_o)))
            (= c_tilde@t (apply tanh (+ (+ (W_c h@t-1) (U_c x@t)) b_c)))
            (= c@t (+ (∘ f@t c@t-1) (∘ i@t c_tilde@t)))
            (= h@t (∘ o@t (apply tanh c@t)))
            """);
  }

  @Test
  void gruThatKeeps() {
    String latex =
        """
        \\begin{pmatrix} \\mathbf{r_t} \\\\ u_t \\end{pmatrix} = \\sigma(Vx_t + Wh_{t-1} + b) \\quad g_t = \\tilde{f}(V_gx_t + W_g(h_{t-1} \\cdot r_t) + b_g)
        h_t = (1 - \\mathbf{u_t}) \\cdot g_t + \\mathbf{u_t} \\cdot h_{t-1}
        """;
    String plain =
        """
        (r_t; u_t) = σ(V x_t + W h_{t-1} + b)
        g_t = f̃(V_g x_t + W_g (h_{t-1} · r_t) + b_g)
        h_t = (1 - u_t) · g_t + u_t · h_{t-1}
        """;
    assertThat(tree(latex))
        .isEqualTo(tree(plain))
        .isEqualTo(
            """
            (= (column r@t u@t) (apply sigmoid (+ (+ (V x@t) (W h@t-1)) b)))
            (= g@t (apply f_tilde (+ (+ (V_g x@t) (apply W_g (· h@t-1 r@t))) b_g)))
            (= h@t (+ (· (- 1 u@t) g@t) (· u@t h@t-1)))
            """);
  }

  @Test
  void gruThatWrites() {
    String latex =
        """
        \\mathbf{u}^{(t)} = \\sigma \\left( \\mathbf{W}_u \\mathbf{h}^{(t-1)} + \\mathbf{U}_u \\mathbf{x}^{(t)} + \\mathbf{b}_u \\right)
        \\mathbf{r}^{(t)} = \\sigma \\left( \\mathbf{W}_r \\mathbf{h}^{(t-1)} + \\mathbf{U}_r \\mathbf{x}^{(t)} + \\mathbf{b}_r \\right)
        \\tilde{\\mathbf{h}}^{(t)} = \\tanh \\left( \\mathbf{W}_h (\\mathbf{r}^{(t)} \\circ \\mathbf{h}^{(t-1)}) + \\mathbf{U}_h \\mathbf{x}^{(t)} + \\mathbf{b}_h \\right)
        \\mathbf{h}^{(t)} = (1 - \\mathbf{u}^{(t)}) \\circ \\mathbf{h}^{(t-1)} + \\mathbf{u}^{(t)} \\circ \\tilde{\\mathbf{h}}^{(t)}
        """;
    String plain =
        """
        u_t = σ(W_u h_{t-1} + U_u x_t + b_u)
        r_t = σ(W_r h_{t-1} + U_r x_t + b_r)
        h̃_t = tanh(W_h (r_t ∘ h_{t-1}) + U_h x_t + b_h)
        h_t = (1 - u_t) ∘ h_{t-1} + u_t ∘ h̃_t
        """;
    assertThat(tree(latex)).isEqualTo(tree(plain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$$ %s $$",
        "\\[ %s \\]",
        "$ %s $",
        "\\begin{aligned} %s \\end{aligned}",
        "\\begin{align*}\n %s \\\\\n\\end{align*}",
        "\\begin{equation} \\begin{split} %s \\end{split} \\end{equation}",
        "%% a comment\n%s # another\n// a third",
        "\\quad %s \\,",
        "\n\n%s;"
      })
  void whatSurroundsAnEquationChangesNothing(String surroundings) {
    String equation = "g_t = \\tilde{f}\\left(V_g x_t + W_g h_{t-1} + b_g\\right)";
    assertThat(tree(surroundings.formatted(equation))).isEqualTo(tree(equation));
  }
}
