package dev.sluice.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ast.Parse;
import dev.sluice.compiler.ir.Ast;
import dev.sluice.compiler.ir.AstPrinter;
import dev.sluice.compiler.ir.AstSource;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.RandomSource;
import dev.sluice.compiler.ir.Spelling;
import dev.sluice.compiler.report.Outcome;
import dev.sluice.compiler.report.Report;
import dev.sluice.compiler.report.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is printed and read again is the same tree, in every spelling.
class SpellingTest {
  private static final Path CELLS = Path.of("../../samples/cells");

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(CELLS)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleIsTheSameCellInEverySpelling(Path file) throws IOException {
    Source source = SluiceCompiler.read(file);
    Ast.File ast = parse(source);
    for (Spelling spelling : Spelling.values()) {
      Source printed = new Source(source.name(), AstSource.print(ast, spelling));
      assertThat(AstPrinter.print(parse(printed)))
          .as(printed.text())
          .isEqualTo(AstPrinter.print(ast));
      assertThat(cell(printed)).isEqualTo(cell(source));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRandomTreeIsTheSameInEverySpelling(long seed) {
    Ast.File ast = new RandomSource(seed).file();
    for (Spelling spelling : Spelling.values()) {
      String printed = AstSource.print(ast, spelling);
      assertThat(AstPrinter.print(parse(Source.of(printed))))
          .as(printed)
          .isEqualTo(AstPrinter.print(ast));
    }
  }

  /// Hazards of names, scripts and signs, one a line.
  private static final String HAZARDS =
      """
      index k
      input x, feature
      dim y = dim x
      const σ = 0.00001, α_0, Δk
      let φ = hard_sigmoid
      W_ci : diagonal
      A, B : block-diagonal(4)
      A, p_{c,i} : frozen
      p_{c,i} ∈ R^n
      V, W ∈ R^{2n + m × 3}
      state c̃ = -1
      init b_f = -1/4
      init \\mathcal{W} ~ uniform(0.1)
      output y
      LN(z; α, β) = α ∘ layernorm(z) + β
      (r_k; u_k) = (tanh; sigmoid)(V x_k + W h_{k-1} + b)
      c̃_k = φ(W_{c,i} h'_{k-1} + \\mathcal{W} c̃_{k-2} + b^{yh})
      h'_k = -a_k ∘ b_k + (-(a_k ∘ b_k)) - (-a_k) + a_k ∘ (-b_k) - (a_k - b_k)
      a_k = (x_k^2)^3 + (x_k)^{α_0} + x_k^{-1} + x_k^{0.5} + tanh^2(x_k) + W_h^T x_k + W_{hf}^T x_k + (A B)^T x_k
      b_k = where(x_k > 0, a_{k-1}, where(x_k = 1, 2, abs(x_k - 1))) + sqrt(x_k / 2) / (3 mod 2)
      feature_k = max(x_k, 1) + h^y_{k-1} + hidden_{k-1} + softmax([a_{k-1}, x_k])
      hidden_k = LN(V_a x_k; α, β) + σ x_k + e^{-x_k} + ẍ2_{in,k} + W (a_k + b_k) x_k + f̃(x_k)
      y_k = Δk ∘ \\mathrm{long}_{k-1} + 2 x_k y_{k-1} + (a_k ≥ 1) x_k + k + W @ x_k + 1e-9
      """;

  @ParameterizedTest
  @EnumSource(Spelling.class)
  void hazards(Spelling spelling) {
    Ast.File ast = parse(Source.of(HAZARDS));
    String printed = AstSource.print(ast, spelling);
    assertThat(AstPrinter.print(parse(Source.of(printed))))
        .as(printed)
        .isEqualTo(AstPrinter.print(ast));
  }

  @Test
  void theLstmInThreeSpellings() {
    Source source =
        Source.of(
            "const α = 0.5\\nc̃_t = tanh(W_c h_{t-1} + α x_t)\\nh_t = c̃_t ∘ σ(h_{t-1}) / 2"
                .replace("\\n", "\n"));
    assertThat(SluiceCompiler.print(source, Spelling.UNICODE))
        .isEqualTo(
            """
            const α = 0.5
            c̃_t = tanh(W_c h_{t-1} + α x_t)
            h_t = c̃_t ∘ σ(h_{t-1}) / 2
            """);
    assertThat(SluiceCompiler.print(source, Spelling.LATEX))
        .isEqualTo(
            """
            const \\alpha = 0.5
            \\begin{aligned}
            \\tilde{c}_t &= \\tanh(W_c h_{t-1} + \\alpha x_t) \\\\
            h_t &= \\frac{\\tilde{c}_t \\circ \\sigma(h_{t-1})}{2}
            \\end{aligned}
            """);
    assertThat(SluiceCompiler.print(source, Spelling.ASCII))
        .isEqualTo(
            """
            const alpha = 0.5
            c_tilde_t = tanh(W_c h_{t-1} + alpha x_t)
            h_t = c_tilde_t .* sigmoid(h_{t-1}) / 2
            """);
  }

  private static Ast.File parse(Source source) {
    Outcome<Ast.File> parsed = Parse.file(source);
    assertThat(parsed.isOk()).as(Report.render(source, parsed.problems())).isTrue();
    return parsed.value().orElseThrow();
  }

  private static String cell(Source source) {
    return IrPrinter.print(CellCompiler.bind(source, Options.named("cell")).value().orElseThrow());
  }
}
