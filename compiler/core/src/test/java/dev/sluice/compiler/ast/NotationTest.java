package dev.sluice.compiler.ast;

import static dev.sluice.compiler.ast.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each notation means. Each line: an expression in any spelling, then its tree.
class NotationTest {
  private static final String TABLE =
      """
      letter runs
        V_gx_t                            (V_g x@t)
        Vx_t                              (V x@t)
        Wh_{t-1}                          (W h@t-1)
        W_xhx_t                           (W_xh x@t)
        W_{hf}h_{t-1}                     (W_hf h@t-1)
        W_forget x_t                      (W_forget x@t)
        W_hf x_t                          (W_hf x@t)
        W_1x_t                            (W_1 x@t)
        αx_t                              (alpha x@t)
        \\mathbf Wx_t                     (W x@t)
        2x_t                              (2 x@t)
        W1 x_t                            (W1 x@t)
        Wx(t)                             (W x@t)
        V'x_t                             (V_prime x@t)
      time
        h_{t-1}                           h@t-1
        h^{(t-1)}                         h@t-1
        h^{t-1}                           h@t-1
        h^(t-1)                           h@t-1
        h(t-1)                            h@t-1
        h(t - 1)                          h@t-1
        h[t-1]                            h@t-1
        hₜ₋₁                              h@t-1
        h⁽ᵗ⁻¹⁾                            h@t-1
        h_t                               h@t
        h^t                               h@t
        h^{(t)}                           h@t
        h(t)                              h@t
        hₜ                                h@t
        x_{t-12}                          x@t-12
        h_{t+1}                           h@t+1
        h_{i,t}                           h_i@t
        h_{i, t-1}                        h_i@t-1
        h^y_t                             h_y@t
        h^{y}_{t-1}                       h_y@t-1
        h_{t-1}^{y}                       h_y@t-1
        h_y(t-1)                          h_y@t-1
        h^{\\langle t-1 \\rangle}          h@t-1
        h_{\\langle t\\rangle}             h@t
        h^{<t-1>}                         h@t-1
        h^⟨t⟩                             h@t
        (1 - u(t)) ∘ h(t-1)               (∘ (- 1 u@t) h@t-1)
        W(t)                              W@t
        t                                 t
      fractions without braces
        \\frac12 x_t                     ((/ 1 2) x@t)
        \\frac123                         ((/ 1 2) 3)
        \\frac{12}{3}                     (/ 12 3)
      accents and type
        \\tilde{c}_t                      c_tilde@t
        \\tilde c_t                       c_tilde@t
        c~_t                              c_tilde@t
        Wh~_{t-1}                         (W h_tilde@t-1)
        h~^{(t-1)}                        h_tilde@t-1
        W_h~h_t                           (W_h h@t)
        \\widetilde{c}^{(t)}              c_tilde@t
        \\tilde{c_t}                      c_tilde@t
        \\tilde{\\mathbf{c}}_t            c_tilde@t
        c̃_t                               c_tilde@t
        c_tilde_t                         c_tilde@t
        c_{\\tilde{f}}                    c_f_tilde
        ŷ_t                               y_hat@t
        \\bar h_t                         h_bar@t
        f'_t                              f_prime@t
        f′_t                              f_prime@t
        f^\\prime_t                       f_prime@t
        f_t'                              f_prime@t
        h_prime                           h_prime
        f''                               f_prime_prime
        \\mathcal{W}                      W_cal
        𝒲                                 W_cal
        \\mathbf{r_t}                     r@t
        \\mathrm{W}_{\\text{in}} x_t      (W_in x@t)
        𝐖 x_t                             (W x@t)
        \\alpha x_t                       (alpha x@t)
        alpha x_t                         (alpha x@t)
        \\varepsilon                      epsilon
        ε                                 epsilon
        \\Delta t ∘ x_t                   (∘ Delta_t x@t)
        Δt ∘ x_t                          (∘ Delta_t x@t)
      superscripts
        W^T x_t                           ((transpose W) x@t)
        W^{\\top} x_t                     ((transpose W) x@t)
        Wᵀ x_t                            ((transpose W) x@t)
        W^⊤ x_t                           ((transpose W) x@t)
        W^{\\mathrm{T}} x_t               ((transpose W) x@t)
        W^\\mathsf{T} x_t                 ((transpose W) x@t)
        (W x_t)^{\\mathrm T}              (transpose (W x@t))
        A_\\infty x_t                     (A_infinity x@t)
        h^+_t                             h_plus@t
        (W x_t)^T                         (transpose (W x@t))
        x_t^2                             (^ x@t 2)
        x^2_t                             (^ x@t 2)
        x_t²                              (^ x@t 2)
        x_t^{-1}                          (^ x@t (neg 1))
        (a + b)^n                         (^ (+ a b) n)
        b^c                               b_c
        W^{yh} x_t                        (W_yh x@t)
        W^{(f)} x_t                       (W_f x@t)
        -x_t^2                            (neg (^ x@t 2))
        e^{-x_t}                          (apply exp (neg x@t))
        e^x                               (apply exp x)
        c^*_t                             c_star@t
      functions
        tanh c_t                          (apply tanh c@t)
        \\tanh c^{(t)} ∘ o_t              (∘ (apply tanh c@t) o@t)
        \\log f_t                         (apply log f@t)
        log tanh c_t                      (apply log (apply tanh c@t))
        \\tanh^2(x_t)                     (^ (apply tanh x@t) 2)
        σ(x_t)^2                          (^ (apply sigmoid x@t) 2)
        \\sigma(x_t)                      (apply sigmoid x@t)
        sigmoid(x_t)                      (apply sigmoid x@t)
        sigma(x_t)                        (apply sigmoid x@t)
        \\mathrm{ReLU}(x_t)               (apply relu x@t)
        \\operatorname{relu}(x_t)         (apply relu x@t)
        max(a, b)                         (apply max a b)
        \\max\\left(0, x_t\\right)        (apply max 0 x@t)
        hard_sigmoid(x_t)                 (apply hard_sigmoid x@t)
        \\ln(x_t)                         (apply log x@t)
        softplus(x_t - 1)                 (apply softplus (- x@t 1))
        σ_g(x_t)                          (apply sigma_g x@t)
        f_h(x_t)                          (apply f_h x@t)
        W_g (r_t ∘ h_{t-1})               (apply W_g (∘ r@t h@t-1))
        U(x_t)^2                          (U (^ x@t 2))
        h_t (1 - u_t)                     (h@t (- 1 u@t))
        2(x_t)                            (2 x@t)
        (tanh; σ)(x_t)                    (apply (column tanh sigmoid) x@t)
        \\sqrt{x_t}                       (apply sqrt x@t)
        √x_t                              (apply sqrt x@t)
        [x_t]_+                           (apply relu x@t)
        \\left(x_t - 1\\right)_{+}        (apply relu (- x@t 1))
        \\|x_t\\|                         (apply norm x@t)
        ‖x_t‖_2                           (apply norm x@t)
        ‖x_t‖_F                           (apply norm x@t)
        x_t / \\lVert x_t \\rVert_2^2     (/ x@t (^ (apply norm x@t) 2))
        ||x_t||₁                          (apply sum (apply abs x@t))
        \\left\\|x_t\\right\\|_{2} + |a|   (+ (apply norm x@t) (apply abs a))
        ⟨a, x_t + b⟩ c                    ((apply sum (∘ a (+ x@t b))) c)
        \\mathrm{hard\\_sigmoid}(x_t)    (apply hard_sigmoid x@t)
        |x_t| ∘ |y_t|                     (∘ (apply abs x@t) (apply abs y@t))
        \\left|x_t\\right|                (apply abs x@t)
        \\frac{a}{1+e^{-x_t}}             (/ a (+ 1 (apply exp (neg x@t))))
        where(t mod 3 = 0, x_t, h_t)      (apply where (== (mod t 3) 0) x@t h@t)
        \\begin{cases} x_t & \\text{if } x_t > 0 \\\\ 0 & \\text{otherwise} \\end{cases}    (apply where (> x@t 0) x@t 0)
      products and sums
        a + b - c + d                     (+ (- (+ a b) c) d)
        a ∘ b · c                         (· (∘ a b) c)
        a / b * c                         (· (/ a b) c)
        W x_t ∘ y_t                       (∘ (W x@t) y@t)
        f'_t c_{t-1}                      (f_prime@t c@t-1)
        x_t W                             (x@t W)
        W @ x_t                           (@ W x@t)
        a - -b                            (- a (neg b))
        -a ∘ b                            (∘ (neg a) b)
        a ⊙ b                             (∘ a b)
        a .* b                            (∘ a b)
        a \\odot b                        (∘ a b)
        a \\cdot b                        (· a b)
        a × b                             (· a b)
        a \\otimes b                      (⊗ a b)
        a ⊘ b                             (/ a b)
        a − b                             (- a b)
        1.5e-3 a                          (0.0015 a)
      brackets
        [h_{t-1}, x_t]                    (concat h@t-1 x@t)
        W [h_{t-1}, x_t]                  (W (concat h@t-1 x@t))
        W \\cdot [h_{t-1}, x_t] + b       (+ (· W (concat h@t-1 x@t)) b)
        [h_{t-1}; x_t]                    (column h@t-1 x@t)
        \\begin{bmatrix} h_t \\\\ x_t \\end{bmatrix}    (column h@t x@t)
        \\begin{bmatrix} h_t & x_t \\end{bmatrix}    (concat h@t x@t)
        σ[W x_t]                          (apply sigmoid (W x@t))
        {a + b} c                         ((+ a b) c)
        \\{a + b\\} c                     ((+ a b) c)
        \\bigl(a\\bigr)                   a
      """;

  static Stream<Arguments> notations() {
    return TABLE
        .lines()
        .filter(l -> l.startsWith("  "))
        .map(l -> l.strip().split(" {2,}"))
        .map(parts -> Arguments.of(parts[0], parts[1]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notations")
  void means(String notation, String tree) {
    assertThat(tree("y_t = " + notation)).isEqualTo("(= y@t " + tree + ")\n");
  }

  @Test
  void namesThatTheFileKnowsStayWhole() {
    assertThat(
            tree(
                """
                input word
                reset_t = σ(V word_t + W hidden_{t-1})
                hidden_t = reset_t ∘ word_t
                h_prev_t = hidden_{t-1}
                """))
        .isEqualTo(
            """
            (input word)
            (= reset@t (apply sigmoid (+ (V word@t) (W hidden@t-1))))
            (= hidden@t (∘ reset@t word@t))
            (= h_prev@t hidden@t-1)
            """);
  }

  @Test
  void theIndexLetterIsTheOneThatIsShifted() {
    assertThat(tree("h_n = tanh(W h_{n-1} + V x_n)"))
        .isEqualTo(
            """
            (index n)
            (= h@t (apply tanh (+ (W h@t-1) (V x@t))))
            """);
    assertThat(tree("index k\nh_k = tanh(W h_{t-1} + V x_k)".replace("t-1", "k-1")))
        .isEqualTo(
            """
            (index k)
            (= h@t (apply tanh (+ (W h@t-1) (V x@t))))
            """);
    assertThat(tree("h_t = tanh(W h_{t-1} + V_i (x_t - 1) + p (i - 1))"))
        .startsWith("(= h@t")
        .contains("(apply p (- i 1))");
  }

  @Test
  void sigmaThatIsAValueIsNoFunction() {
    assertThat(tree("const σ = 0.5\nh_t = σ (x_t) + σ ∘ x_t"))
        .isEqualTo(
            """
            (const sigma 0.5)
            (= h@t (+ (apply sigma x@t) (∘ sigma x@t)))
            """);
    assertThat(tree("let \\sigma = tanh\nh_t = \\sigma(x_t)"))
        .isEqualTo("(let sigma tanh)\n(= h@t (apply sigma x@t))\n");
  }

  @Test
  void eThatIsAGateIsNoExponential() {
    assertThat(tree("e_t = σ(x_t)\nh_t = e_t^{2} + e^{2}")).contains("(+ (^ e@t 2) (^ e 2))");
  }

  @Test
  void functionsOfTheFileTakeOneFactorToo() {
    assertThat(tree("let φ = relu\ng(x) = φ x - 1\nq = k = \\tanh\nh_t = φ x_t + g(x_t) + q x_t"))
        .isEqualTo(
            """
            (let phi relu)
            (= (apply g x) (- (apply phi x) 1))
            (= q tanh)
            (= k tanh)
            (= h@t (+ (+ (apply phi x@t) (apply g x@t)) (apply q x@t)))
            """);
  }

  @Test
  void declarations() {
    assertThat(
            tree(
                """
                input x, s; output y
                state h = 0, c
                const α = 0.9, β
                init b_f = 1, h_t = x_t
                init W ~ orthogonal
                init U ~ uniform(0.1), V ~ normal(1/4)
                init Q ~ glorot \\\\ init P = -0.5
                dim y = dim x
                W_{ci} \\in \\mathbb{R}^{n \\times n}
                p ∈ R^n, A, B ∈ ℝ^{4n×(n+m)}
                γ ∈ R
                D : diagonal
                R, S : block-diagonal(4)
                R : frozen
                E ∈ ℝⁿˣᵐ
                input z ∈ R^3
                """))
        .isEqualTo(
            """
            (input x s)
            (output y)
            (state h 0)
            (state c)
            (const alpha 0.9)
            (const beta)
            (init b_f Constant[value=1.0])
            (= h@t x@t)
            (init W Orthogonal[])
            (init U Uniform[bound=0.1])
            (init V Normal[standardDeviation=0.25])
            (init Q Glorot[])
            (init P Constant[value=-0.5])
            (dim y x)
            (shape W_ci [n, n])
            (shape p [n])
            (shape A B [4n, m + n])
            (shape gamma scalar)
            (shape D diagonal)
            (shape R S blocks 4)
            (frozen R)
            (shape E [n, m])
            (input z)
            (shape z [3])
            """);
  }

  @Test
  void statesStartFromInfinityToo() {
    assertThat(tree("state m = -∞, n = -\\infty, p = -inf, q = ∞\nh_t = x_t"))
        .isEqualTo(
            """
            (state m (neg ∞))
            (state n (neg ∞))
            (state p (neg ∞))
            (state q ∞)
            (= h@t x@t)
            """);
  }

  @Test
  void shapesBesideEquationsAndInputs() {
    assertThat(
            tree(
                "input x, δ ∈ ℝ\n"
                    + "S_t = δ_t S_{t-1} + a ∈ \\mathbb{R}^{n \\times m}\n"
                    + "h_t^\\top = S_t"))
        .isEqualTo(
            """
            (input x delta)
            (shape delta scalar)
            (= S@t (+ (delta@t S@t-1) a))
            (shape S@t [n, m])
            (= h@t (transpose S@t))
            """);
  }

  /// A system of equations in brackets or in a table is its equations.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\begin{array}{ll} \\\\ a_t = x_t \\\\ b_t = a_t + 1 \\\\ \\end{array}",
        "\\left\\{ \\begin{array}{l} a_t = x_t, \\\\ b_t = a_t + 1. \\end{array} \\right.",
        "\\begin{cases} a_t = x_t \\\\ b_t = a_t + 1 \\end{cases}",
        "{\\displaystyle {\\begin{aligned}a_{t}&=x_{t}\\\\b_{t}&=a_{t}+1\\end{aligned}}}",
        "$$\\begin{matrix} a_t & = & x_t \\\\ b_t & = & a_t + 1 \\end{matrix}$$",
        "a_t = x_t.\nb_t = a_t + 1 . % the end"
      })
  void systems(String text) {
    assertThat(tree(text)).isEqualTo("(= a@t x@t)\n(= b@t (+ a@t 1))\n");
  }

  /// Text of a paper around its equations.
  @Test
  void proseAroundEquations() {
    String plain = "h_t = W x_t + U h_{t-1}\nW ∈ ℝ^{n×m}\np ∈ R";
    for (String text :
        new String[] {
          "h_t = W x_t + U h_{t-1}, where W in R^{n x m}, p in R",
          "h_t = W x_t + U h_{t-1} \\quad (1)\n"
              + "where\n"
              + "W \\in \\mathbb{R}^{n \\times m}, \\text{and} p : R",
          "h_t = W x_t + U h_{t-1} \\tag{1}\n\\text{with} W : R^{n, m}\np in \\mathbb{R}"
        }) {
      assertThat(tree(text)).isEqualTo(tree(plain));
    }
    assertThat(tree("with_t = W in x_t + R where_{t-1}\nwhere_t = with_t"))
        .isEqualTo("(= with@t (+ (W in x@t) (R where@t-1)))\n(= where@t with@t)\n");
  }

  @Test
  void wordsBetweenEquations() {
    assertThat(tree("h_t = z_t g_t \\text{ where } z_t = σ(x_t) \\text{ and } g_t = x_{t-1}"))
        .isEqualTo(tree("h_t = z_t g_t\nz_t = σ(x_t)\ng_t = x_{t-1}"));
  }

  @Test
  void aRunEndsWithANameOfTheFile() {
    assertThat(tree("gate_t = σ(Wx_t + Ugate_{t-1})\nh_t = αgate_t + Vegate_t"))
        .isEqualTo(tree("gate_t = σ(W x_t + U gate_{t-1})\nh_t = α gate_t + Ve gate_t"));
    assertThat(tree("input feature\nh_t = Vfeature_t + V_gx_t"))
        .isEqualTo(tree("input feature\nh_t = V feature_t + V_g x_t"));
  }

  /// A keyboard has no ×.
  @ParameterizedTest
  @ValueSource(strings = {"n x m", "nxm", "n × m", "n*m", "n, m", "n \\times m", "n · m"})
  void shapesOfMatrices(String shape) {
    assertThat(tree("W ∈ ℝ^{" + shape + "}\nh_t = W x_t"))
        .isEqualTo("(shape W [n, m])\n(= h@t (W x@t))\n");
  }

  @Test
  void shapesWithNumbers() {
    assertThat(tree("V ∈ ℝ^{4·n x 3}, U : R^{5x3}\nh_t = V x_t"))
        .isEqualTo("(shape V [4n, 3])\n(shape U [5, 3])\n(= h@t (V x@t))\n");
  }

  @Test
  void aConditionIsNoSystem() {
    assertThat(tree("h_t =\n\\begin{cases} x_t & t = 1 \\\\ 0 & \\text{otherwise} \\end{cases}"))
        .isEqualTo("(= h@t (apply where (== t 1) x@t 0))\n");
  }

  @Test
  void boldNamesWithATimeAreNoExponents() {
    assertThat(tree("h_t = W^x(\\mathbf{x}_t)"))
        .isEqualTo("(= h@t (W_x x@t))\n".replace("(W_x x@t)", "(apply W_x x@t)"));
  }

  @Test
  void whereAStatementEnds() {
    assertThat(
            tree(
                """
                a_t = (b
                  + c), d_t = e_t; f_t = g
                  + h ∘
                  k \\\\ &+ l
                m_t =
                  n_t \\qquad o_t = \\begin{pmatrix} p \\\\
                    q \\end{pmatrix}
                """))
        .isEqualTo(
            """
            (= a@t (+ b c))
            (= d@t e@t)
            (= f@t (+ (+ g (∘ h k)) l))
            (= m@t n@t)
            (= o@t (column p q))
            """);
  }

  @Test
  void keywordsElsewhereAreNames() {
    assertThat(tree("output_t = tanh(W_init input_t + state) + if"))
        .isEqualTo("(= output@t (+ (apply tanh (+ (W_init input@t) state)) if))\n");
  }

  @Test
  void spansAreOffsetsOfTheSource() {
    String text = "h_t = 𝐖 x_t + b";
    var file = Parse.file(dev.sluice.compiler.report.Source.of(text)).value().orElseThrow();
    var right = ((dev.sluice.compiler.ir.Ast.Equation) file.statements().getFirst()).right();
    var sum = (dev.sluice.compiler.ir.Ast.Operation) right;
    assertThat(text.substring(sum.left().span().start(), sum.left().span().end()))
        .isEqualTo("𝐖 x_t");
    assertThat(text.substring(sum.right().span().start(), sum.right().span().end())).isEqualTo("b");
  }

  @Test
  void repetitionsAreWrittenOut() {
    assertThat(
            tree(
                """
                const L = 2
                s_0 = h_{t-1}
                for l in 1..L:
                  s_l = R_{g,l} s_{l-1} / l
                h_t = s_L + L
                """))
        .isEqualTo(
            """
            (const L 2)
            (= s_0 h@t-1)
            (= s_1 (/ (R_g_1 s_0) 1))
            (= s_2 (/ (R_g_2 s_1) 2))
            (= h@t (+ s_2 L))
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a_i = x_{t-i} for i in 1, 3",
        "a_i = x_{t-i} \\quad \\text{for } i \\in \\{1, 3\\}",
        "a_i = x_{t-i}, for odd i = 1, \\dots, 4",
        "for odd i in [1..4]: a_i = x_{t-i}",
        "for i in 1, 3:\n\n  % a comment\n  a_{i} = x^{(t-i)}",
        "for k in 0..1: for i in 2..2: a_{1} = x_{t-1} for j in 2..1\nfor i in 1,3: a_i = x_{t - i}"
      })
  void aRangeInManySpellings(String text) {
    assertThat(tree(text)).isEqualTo("(= a_1 x@t-1)\n(= a_3 x@t-3)\n");
  }

  @Test
  void blocksEndWithTheirIndentation() {
    assertThat(
            tree(
                """
                for i in 1..2:
                  a_i = x_t
                  for k in i..2:
                    b_{i,k} = a_i + U_{i,k} x_t
                  c_i = a_i
                y_t = i_t
                """))
        .isEqualTo(
            """
            (= a_1 x@t)
            (= b_1_1 (+ a_1 (U_1_1 x@t)))
            (= b_1_2 (+ a_1 (U_1_2 x@t)))
            (= c_1 a_1)
            (= a_2 x@t)
            (= b_2_2 (+ a_2 (U_2_2 x@t)))
            (= c_2 a_2)
            (= y@t i@t)
            """);
  }

  @Test
  void sumsAreWrittenOut() {
    assertThat(tree("const K = 2\nh_t = b + \\sum_{k=1}^{K} U_k h_{t-k} x_t - c"))
        .isEqualTo("(const K 2)\n(= h@t (- (+ b (+ (U_1 h@t-1 x@t) (U_2 h@t-2 x@t))) c))\n");
    assertThat(tree("h_t = \\sum_{i=1}^2 \\sum_{k=i}^2 W_{i,k} x_t"))
        .isEqualTo("(= h@t (+ (+ (W_1_1 x@t) (W_1_2 x@t)) (W_2_2 x@t)))\n");
  }

  @Test
  void anIndexIsNoOtherName() {
    assertThat(tree("for i in 1..1:\n  y_t = i_t + W_i x_t + \\tilde{i}_t + i"))
        .isEqualTo("(= y@t (+ (+ (+ i@t (W_1 x@t)) i_tilde@t) 1))\n");
    assertThat(tree("const d = 2\nh_t = W_d x_t + h_{t-d} + d"))
        .isEqualTo("(const d 2)\n(= h@t (+ (+ (W_d x@t) h@t-2) d))\n");
  }

  @Test
  void indicators() {
    for (String one : new String[] {"\\mathbb{I}", "\\mathbf 1", "I", "1", "\\mathbb{1}"}) {
      assertThat(tree("h_t = " + one + "_{t > 1} W x_t")).isEqualTo("(= h@t ((> t 1) W x@t))\n");
    }
  }
}
