package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.GradientCheck;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import dev.sluice.runtime.Sizes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The equations of the lecture slides, verbatim: each compiles as it stands, in any LaTeX
/// wrapping, its gradients are right, and each notation is the same cell as its plain twin.
class LecturesTest {
  private static final String LSTM_PLAIN =
      """
      f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
      i_t = σ(W_i h_{t-1} + U_i x_t + b_i)
      o_t = σ(W_o h_{t-1} + U_o x_t + b_o)
      c̃_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
      c_t = f_t ∘ c_{t-1} + i_t ∘ c̃_t
      h_t = o_t ∘ tanh(c_t)
      """;
  private static final String LSTM_MIXED =
      """
      f_t = σ(W_f h_{t-1} + U_f x_t + b_f)
      i_t = sigmoid(W_i h_{t-1} + U_i x_t + b_i)
      o_t = \\sigma(W_o h_{t-1} + U_o x_t + b_o)
      c̃_t = tanh(W_c h_{t-1} + U_c x_t + b_c)
      c_t = f_t ∘ c_{t-1} + i_t ⊙ c̃_t
      h_t = o_t * tanh(c_t)
      """;
  private static final String LSTM_SUPERSCRIPTS =
      """
      \\begin{aligned} f^{(t)} &= \\sigma \\left( W_f h^{(t-1)} + U_f x^{(t)} + b_f \\right) \\\\ i^{(t)} &= \\sigma \\left( W_i h^{(t-1)} + U_i x^{(t)} + b_i \\right) \\\\ o^{(t)} &= \\sigma \\left( W_o h^{(t-1)} + U_o x^{(t)} + b_o \\right) \\end{aligned}
      \\tilde{c}^{(t)} = \\tanh \\left( W_c h^{(t-1)} + U_c x^{(t)} + b_c \\right)
      c^{(t)} = f^{(t)} \\circ c^{(t-1)} + i^{(t)} \\circ \\tilde{c}^{(t)}
      h^{(t)} = o^{(t)} \\circ \\tanh c^{(t)}
      """;
  private static final String LSTM_BLOCK =
      """
      \\begin{pmatrix} g_t \\\\ i_t \\\\ o_t \\\\ f_t \\end{pmatrix} = \\begin{pmatrix} \\tilde{f} \\\\ \\sigma \\\\ \\sigma \\\\ \\sigma \\end{pmatrix} (Vx_t + Wh_{t-1} + b) \\qquad c_t = f_t \\cdot c_{t-1} + i_t \\cdot g_t \\\\ h_t = o_t \\cdot \\tilde{f}(c_t)
      """;
  private static final String LSTM_BLOCK_PLAIN =
      """
      (g_t; i_t; o_t; f_t) = (tanh; σ; σ; σ)(V x_t + W h_{t-1} + b)
      c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
      h_t = o_t ∘ tanh(c_t)
      """;
  private static final String LSTM_NO_FORGET =
      """
      \\begin{pmatrix} g_t \\\\ i_t \\\\ o_t \\end{pmatrix} = \\begin{pmatrix} \\tilde{f} \\\\ \\sigma \\\\ \\sigma \\end{pmatrix} (Vx_t + Wh_{t-1} + b) \\qquad c_t = c_{t-1} + i_t \\cdot g_t
      h_t = o_t \\cdot \\tilde{f}(c_t)
      """;
  private static final String LSTM_NO_FORGET_PLAIN =
      """
      (g_t; i_t; o_t) = (tanh; σ; σ)(V x_t + W h_{t-1} + b)
      c_t = c_{t-1} + i_t ∘ g_t
      h_t = o_t ∘ tanh(c_t)
      """;
  private static final String LSTM_GATES =
      """
      g_t = \\tilde{f}(V_g x_t + W_g h_{t-1} + b_g)
      i_t = \\sigma(V_i x_t + W_i h_{t-1} + b_i)
      o_t = \\sigma(V_o x_t + W_o h_{t-1} + b_o)
      f_t = \\sigma(V_f x_t + W_f h_{t-1} + b_f)
      c_t = f_t \\cdot c_{t-1} + i_t \\cdot g_t
      h_t = o_t \\cdot \\tilde{f}(c_t)
      """;
  private static final String LSTM_GATES_PLAIN =
      """
      g_t = tanh(V_g x_t + W_g h_{t-1} + b_g)
      i_t = σ(V_i x_t + W_i h_{t-1} + b_i)
      o_t = σ(V_o x_t + W_o h_{t-1} + b_o)
      f_t = σ(V_f x_t + W_f h_{t-1} + b_f)
      c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
      h_t = o_t ∘ tanh(c_t)
      """;
  private static final String GRU_KEEPS =
      """
      \\begin{pmatrix} \\mathbf{r_t} \\\\ u_t \\end{pmatrix} = \\sigma(Vx_t + Wh_{t-1} + b) \\quad g_t = \\tilde{f}(V_gx_t + W_g(h_{t-1} \\cdot r_t) + b_g)
      h_t = (1 - \\mathbf{u_t}) \\cdot g_t + \\mathbf{u_t} \\cdot h_{t-1}
      """;
  private static final String GRU_KEEPS_PLAIN =
      """
      (r_t; u_t) = σ(V x_t + W h_{t-1} + b)
      g_t = tanh(V_g x_t + W_g (h_{t-1} ∘ r_t) + b_g)
      h_t = (1 - u_t) ∘ g_t + u_t ∘ h_{t-1}
      """;
  private static final String GRU_WRITES =
      """
      \\mathbf{u}^{(t)} = \\sigma \\left( \\mathbf{W}_u \\mathbf{h}^{(t-1)} + \\mathbf{U}_u \\mathbf{x}^{(t)} + \\mathbf{b}_u \\right)
      \\mathbf{r}^{(t)} = \\sigma \\left( \\mathbf{W}_r \\mathbf{h}^{(t-1)} + \\mathbf{U}_r \\mathbf{x}^{(t)} + \\mathbf{b}_r \\right)
      \\tilde{\\mathbf{h}}^{(t)} = \\tanh \\left( \\mathbf{W}_h (\\mathbf{r}^{(t)} \\circ \\mathbf{h}^{(t-1)}) + \\mathbf{U}_h \\mathbf{x}^{(t)} + \\mathbf{b}_h \\right)
      \\mathbf{h}^{(t)} = (1 - \\mathbf{u}^{(t)}) \\circ \\mathbf{h}^{(t-1)} + \\mathbf{u}^{(t)} \\circ \\tilde{\\mathbf{h}}^{(t)}
      """;
  private static final String GRU_WRITES_PLAIN =
      """
      u_t = σ(W_u h_{t-1} + U_u x_t + b_u)
      r_t = σ(W_r h_{t-1} + U_r x_t + b_r)
      h̃_t = tanh(W_h (r_t ∘ h_{t-1}) + U_h x_t + b_h)
      h_t = (1 - u_t) ∘ h_{t-1} + u_t ∘ h̃_t
      """;

  /// Name, as on the slide, its plain twin.
  static Stream<Arguments> cells() {
    return Stream.of(
        Arguments.of(
            "simple RNN",
            "h_t = f_h(Vx_t + Wh_{t-1} + b_h)",
            "h_t = tanh(V x_t + W h_{t-1} + b_h)"),
        Arguments.of(
            "RNN with a nonlinearity",
            "h_t = \\tilde{f}(Vx_t + Wh_{t-1} + b_h)",
            "h_t = tanh(V x_t + W h_{t-1} + b_h)"),
        Arguments.of("LSTM without a forget gate", LSTM_NO_FORGET, LSTM_NO_FORGET_PLAIN),
        Arguments.of("LSTM, block form", LSTM_BLOCK, LSTM_BLOCK_PLAIN),
        Arguments.of("LSTM, gate by gate", LSTM_GATES, LSTM_GATES_PLAIN),
        Arguments.of("LSTM, superscripts", LSTM_SUPERSCRIPTS, LSTM_PLAIN),
        Arguments.of("LSTM, plain text", LSTM_MIXED, LSTM_PLAIN),
        Arguments.of("GRU whose gate keeps", GRU_KEEPS, GRU_KEEPS_PLAIN),
        Arguments.of("GRU whose gate writes", GRU_WRITES, GRU_WRITES_PLAIN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void itCompilesVerbatimWithTheRightGradients(String name, String slide, String plain) {
    Compiled compiled = SluiceCompiler.compile(slide);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    compiled.cell().dimensions().keySet().forEach(d -> sizes.put(d, 3 + sizes.size()));
    GradientCheck check = GradientCheck.of(compiled.adjoint(), sizes, 7);
    assertThat(check.pass()).as(check::toString).isTrue();
    Sizes lengths = Sizes.of("x", 3).and("h", 5);
    assertThat(compiled.load().bind(lengths).output().name()).isEqualTo("h");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void itIsTheSameCellAsItsPlainTwin(String name, String slide, String plain) {
    assertThat(printed(slide)).isEqualTo(printed(plain));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void wrappingItInLatexChangesNothing(String name, String slide, String plain) {
    String expected = printed(slide);
    List<String> wrapped =
        List.of(
            "$$ " + slide.strip() + " $$",
            "\\[\n" + slide + "\\]",
            slide.contains("aligned") ? slide : "\\begin{aligned}\n" + slide + "\\end{aligned}",
            slide.replace("= ", "&= "),
            slide.replace("(V", "\\left(V").replace("b)", "b\\right)"),
            slide.replace(" + ", " \\, + \\; "),
            slide.replace("\n", " \\\\\n"),
            slide.replace("\n", "\r\n"));
    for (String text : wrapped) {
      assertThat(printed(text)).as(text).isEqualTo(expected);
    }
  }

  private static String printed(String text) {
    Source source = Source.of(text);
    Outcome<Cell> cell = CellCompiler.bind(source, Options.named("cell"));
    assertThat(cell.isOk()).as(() -> Report.render(source, cell.problems())).isTrue();
    return IrPrinter.print(cell.value().orElseThrow());
  }
}
