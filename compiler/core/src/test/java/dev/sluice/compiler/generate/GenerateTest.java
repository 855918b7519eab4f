package dev.sluice.compiler.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.CellCompiler;
import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.Options;
import dev.sluice.compiler.SluiceCompiler;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.Origin;
import dev.sluice.compiler.ir.TestCells;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.spi.CellCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The source that is generated: safe whatever the user's names and text are, the same every time.
class GenerateTest {
  /// Weights that are computed once have no step that a time could name.
  @Test
  void commentsOfComputedWeightsHaveNoTimes() {
    String java =
        SluiceCompiler.compile(
                "a = exp(p); h_t = tanh(W h_{t-1} - W^T (a ∘ h_{t-1}) + x_t V)".replace("; ", "\n"))
            .javaSource();
    String weights = java.substring(java.indexOf("class WeightCode"));
    assertThat(weights).contains("// ∂L/∂p += ").doesNotContain("_t|", "|_t", "|_{t", "∂L/∂a_t");
  }

  @Test
  void namesThatMeanSomethingInJavaOrInTheGeneratedClassAreOnlyNames() {
    List<String> hostile =
        List.of(
            "class",
            "int",
            "frame",
            "step",
            "row",
            "rows",
            "work",
            "packed",
            "scratch",
            "SCRATCH",
            "Code",
            "Lanes",
            "Vectors",
            "JAVA_FLOAT",
            "VectorCode",
            "ScalarFunctions",
            "lane",
            "String",
            "one",
            "floats",
            "h_at",
            "Frame",
            "n_row",
            "x_blocks",
            "unit",
            "at",
            "b_1",
            "var",
            "TILE_ROWS",
            "mode",
            "gradients",
            "CellCode",
            "Math",
            "Float",
            "List",
            "FloatVector",
            "H",
            "X",
            "h_prev",
            "z_before",
            "D_H",
            "panel_V",
            "Rows",
            "Cell");
    for (int i = 0; i < hostile.size(); i++) {
      String cell = TestCells.RNN;
      for (String symbol : List.of("V", "b", "x", "h")) {
        String name = hostile.get((i + "Vbxh".indexOf(symbol) * 7) % hostile.size());
        cell = cell.replaceAll("\\b" + symbol + "\\b", "@" + name + "@");
      }
      String renamed = cell.replaceAll("@(\\w+)@", "$1");
      Compiled compiled = CellCompiler.generate(IrParser.cell(renamed), Options.named("cell"));
      assertThat(compiled.load().name()).as(renamed).isEqualTo("rnn");
    }
  }

  @Test
  void aPreciseCellsNamesAreOnlyNames() {
    for (String name : List.of("Precise", "ScalarPrecise")) {
      Cell cell = IrParser.cell(TestCells.RNN.replaceAll("\\bh\\b", name));
      Options precise = Options.named("cell").withPrecise(true);
      assertThat(CellCompiler.generate(cell, precise).load().name()).isEqualTo("rnn");
    }
  }

  @Test
  void textOfTheSourceStaysInCommentsAndStrings() {
    Cell cell = IrParser.cell(TestCells.RNN);
    String evil = "h */ } static { System.exit(1); } /* \\u002a/ \" + \" \n // \u2028 \u202e $L $T";
    Cell hostile =
        new Cell(
            "rnn",
            cell.inputs(),
            cell.states(),
            cell.parameters(),
            cell.equations().stream()
                .map(e -> new Equation(e.target(), e.value(), new Origin(evil, 1, evil)))
                .toList(),
            cell.output(),
            cell.dimensions());
    Compiled compiled = CellCompiler.generate(hostile, Options.named("cell"));
    assertThat(compiled.load().name()).isEqualTo("rnn");
    assertThat(compiled.javaSource()).doesNotContain("\\u002a", "\u2028", "\u202e");
  }

  @Test
  void aCellMayBeNamedAsATypeOfTheGeneratedClass() {
    for (String name :
        List.of(
            "code",
            "vector_code",
            "scalar_code",
            "string",
            "sizes",
            "override",
            "frame",
            "list",
            "float_vector")) {
      Compiled compiled = CellCompiler.generate(IrParser.cell(TestCells.RNN), Options.named(name));
      assertThat(compiled.load().name()).isEqualTo("rnn");
    }
  }

  @Test
  void theSameCellGivesTheSameBytes() {
    String first =
        CellCompiler.generate(IrParser.cell(TestCells.BLOCK), Options.named("block")).javaSource();
    String second =
        CellCompiler.generate(IrParser.cell(TestCells.BLOCK), Options.named("block")).javaSource();
    assertThat(second).isEqualTo(first);
  }

  @Test
  void sizesGivenAtBuildTimeAreConstantsAndOthersAreRefused() {
    Options options = Options.named("rnn").withSizes(Map.of("x", 3, "h", 5));
    Compiled compiled = CellCompiler.generate(IrParser.cell(TestCells.RNN), options);
    assertThat(compiled.javaSource()).contains("static final int n = 5;");
    CellCode code = compiled.load().bind(Sizes.of("x", 3).and("h", 5));
    assertThat(code.parameterFloats()).isEqualTo(5 * 3 + 5 * 5 + 5);
    assertThatThrownBy(() -> compiled.load().bind(Sizes.of("x", 3).and("h", 6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was compiled for")
        .hasMessageContaining("n=6");
  }

  @Test
  void aLengthThatIsMissingOrTooLargeIsRefusedInWords() {
    var program = CellCompiler.generate(IrParser.cell(TestCells.RNN), Options.named("rnn")).load();
    assertThatThrownBy(() -> program.bind(Sizes.of("x", 3))).hasMessageContaining("no size for n");
    assertThatThrownBy(() -> Sizes.of("x", -3)).hasMessageContaining("between 1 and");
    assertThatThrownBy(() -> Sizes.of("x", Integer.MAX_VALUE))
        .hasMessageContaining("between 1 and");
  }
}
