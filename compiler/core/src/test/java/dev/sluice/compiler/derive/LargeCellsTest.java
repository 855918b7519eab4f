package dev.sluice.compiler.derive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.IrParser;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Cells at the limits that binding sets: no rule takes more than about linear time, no stack
/// overflows.
@Timeout(20)
class LargeCellsTest {
  private static final String DECLARATIONS =
      """
      cell large
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param V: [n, m]
      param W: [n, n]
      param b: [n]
      output h
      """;

  private static Adjoint adjoint(String equations) {
    return Derive.reverse(Canon.rewrite(IrParser.cell(DECLARATIONS + equations)));
  }

  @Test
  void aSumOfManyTerms() {
    String terms =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "(h[t-1] * " + i + ".5)")
            .collect(Collectors.joining(" + "));
    assertThat(adjoint("h: [n] = tanh(V @ x + " + terms + ")\n").accumulations()).hasSize(1);
  }

  @Test
  void deepNesting() {
    String deep = "h[t-1]";
    for (int i = 0; i < 200; i++) {
      deep = i % 2 == 0 ? "tanh(" + deep + ")" : "(" + deep + " * h[t-1]) + b";
    }
    assertThat(adjoint("h: [n] = sum(" + deep + ")\n").accumulations()).hasSize(100);
  }

  @Test
  void manyEquations() {
    StringBuilder equations = new StringBuilder("g0: [n] = sigmoid(V @ x + W @ h[t-1] + b)\n");
    for (int i = 1; i < 2000; i++) {
      equations.append("g%d: [n] = sigmoid(V @ x + W @ (g%d * h[t-1]) + b)\n".formatted(i, i - 1));
    }
    assertThat(adjoint(equations + "h: [n] = (1.0 - g1999) * h[t-1]\n").accumulations())
        .hasSize(6000);
  }

  @Test
  void manyBlocks() {
    String equations = "param D: [1000n, m]\nz: [1000n] = D @ x\n" + blocks("z");
    assertThat(adjoint(equations).accumulations()).hasSize(1000);
  }

  @Test
  void manySlicesOfAnInput() {
    Adjoint adjoint = adjoint("input v: [1000n]\n" + blocks("v"));
    assertThat(adjoint.equations().stream().filter(e -> e.value() instanceof Expr.Concat))
        .hasSize(1);
  }

  /// A thousand gates, each from its rows of a vector.
  private static String blocks(String vector) {
    StringBuilder equations = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      equations.append("g%d: [n] = sigmoid(%s[%dn:%dn])\n".formatted(i, vector, i, i + 1));
    }
    String sum = IntStream.range(0, 1000).mapToObj(i -> "g" + i).collect(Collectors.joining(" + "));
    return equations + "h: [n] = h[t-1] + " + sum + "\n";
  }

  @Test
  void deepDelays() {
    assertThat(adjoint("h: [n] = tanh(W @ h[t-256] + V @ x[t-256])\n").carries()).hasSize(512);
  }
}
