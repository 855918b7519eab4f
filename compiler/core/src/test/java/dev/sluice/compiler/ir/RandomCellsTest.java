package dev.sluice.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RandomCellsTest {
  @Test
  void randomCellsStayFinite() {
    for (long seed = 0; seed < 200; seed++) {
      Cell cell = RandomCells.cell(seed, EnumSet.allOf(RandomCells.Feature.class));
      Interpreter interpreter = Interpreter.of(cell, RandomCells.sizes(cell, seed));
      Run run = interpreter.run(RandomValues.of(interpreter, 6, List.of(6, 4), seed));
      for (Equation equation : cell.equations()) {
        for (double[][] rows : run.sequence(equation.target().plain())) {
          for (double[] row : rows) {
            assertThat(Arrays.stream(row).allMatch(v -> Math.abs(v) < 1e3))
                .as("%s in%n%s", equation.target(), IrPrinter.print(cell))
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameCell() {
    assertThat(RandomCells.cell(7)).isEqualTo(RandomCells.cell(7));
    assertThat(RandomCells.cell(7)).isNotEqualTo(RandomCells.cell(8));
  }

  @Test
  void everyOperationAppears() {
    Set<String> words = new TreeSet<>();
    StringBuilder all = new StringBuilder();
    for (long seed = 0; seed < 200; seed++) {
      String text =
          IrPrinter.print(RandomCells.cell(seed, EnumSet.allOf(RandomCells.Feature.class)));
      all.append(text);
      Matcher call = Pattern.compile("[a-z_]+(?=\\()").matcher(text);
      while (call.find()) {
        words.add(call.group());
      }
    }
    for (Expr.UnaryOp op : Expr.UnaryOp.values()) {
      assertThat(words).contains(op.name().toLowerCase(Locale.ROOT));
    }
    assertThat(words)
        .contains("add", "max", "min", "power", "greater", "select", "outer", "reduce_sum");
    assertThat(words).contains("step_number", "const");
    for (String piece :
        List.of(
            " @ ",
            " * ",
            " / ",
            " - ",
            " + ",
            ".T @ ",
            "[t-1]",
            "[t-2]",
            "x[t-1]",
            "[n:2n]",
            "[:, n:2n]",
            " @ [",
            "][0:n]",
            "input s: scalar",
            "state c: scalar",
            "state q: [k]",
            "state M: [n, m]",
            " - S.T) @ h[t-1]",
            "tanh(S",
            "running(w",
            "= 0.5\n")) {
      assertThat(all.indexOf(piece)).as(piece).isPositive();
    }
  }

  @Test
  void aFeatureCanBeLeftOut() {
    for (long seed = 0; seed < 100; seed++) {
      String text = IrPrinter.print(RandomCells.cell(seed, Set.of()));
      assertThat(text)
          .doesNotContain("[t-2]", "relu", "greater", "scalar", "step_number", "[n:2n]", "= 0.5\n");
    }
  }

  @Test
  void everyInputIsReadAndEveryStateAtAnEarlierStep() {
    for (long seed = 0; seed < 200; seed++) {
      Cell cell = RandomCells.cell(seed);
      String text = IrPrinter.print(cell);
      String equations = text.substring(text.indexOf("\noutput "));
      for (Cell.Input input : cell.inputs()) {
        assertThat(equations).as(text).containsPattern("\\b" + input.symbol() + "\\b(?!:)");
      }
      for (Cell.State state : cell.states()) {
        assertThat(equations).as(text).containsPattern("\\b" + state.symbol() + "\\[t-");
      }
    }
  }
}
