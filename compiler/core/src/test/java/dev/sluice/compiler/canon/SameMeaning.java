package dev.sluice.compiler.canon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Interpreter;
import dev.sluice.compiler.ir.IrPrinter;
import dev.sluice.compiler.ir.RandomValues;
import dev.sluice.compiler.ir.Run;
import dev.sluice.compiler.ir.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs a cell and its rewritten form on the same numbers.
final class SameMeaning {
  private static final int STEPS = 5;

  private SameMeaning() {}

  /// Output and states agree up to rounding, on two sequences that start from random states.
  static void check(Cell before, Cell after, Map<String, Integer> sizes, long seed) {
    Interpreter original = Interpreter.of(before, sizes);
    Values values = RandomValues.of(original, STEPS, List.of(STEPS, 3), seed);
    Run expected = original.run(values);
    Run found =
        Interpreter.of(after, sizes).run(values.withInitial(withLags(values.initial(), after)));
    String what = IrPrinter.print(before) + "→\n" + IrPrinter.print(after);
    close(expected.output(), found.output(), what);
    before
        .states()
        .forEach(
            s ->
                close(
                    expected.sequence(s.symbol().plain()),
                    found.sequence(s.symbol().plain()),
                    what));
  }

  /// At any delay the interpreter reads the initial value that was given, so a chain starts from it
  /// too.
  private static Map<String, double[][]> withLags(Map<String, double[][]> initial, Cell after) {
    Map<String, double[][]> all = new LinkedHashMap<>(initial);
    for (Cell.State state : after.states()) {
      String name = state.symbol().plain();
      double[][] given = initial.get(name.replaceFirst("_lag\\d+$", ""));
      if (given != null) {
        all.put(name, given);
      }
    }
    return all;
  }

  private static void close(double[][][] expected, double[][][] found, String what) {
    for (int t = 0; t < expected.length; t++) {
      for (int b = 0; b < expected[t].length; b++) {
        for (int i = 0; i < expected[t][b].length; i++) {
          double size = 1 + Math.abs(expected[t][b][i]);
          assertThat(found[t][b][i]).as(what).isCloseTo(expected[t][b][i], within(1e-9 * size));
        }
      }
    }
  }
}
