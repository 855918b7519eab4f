package dev.sluice.compiler.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.derive.Derive;
import dev.sluice.compiler.ir.IrParser;
import dev.sluice.compiler.ir.Schedule;
import dev.sluice.compiler.ir.ScheduleNotation;
import dev.sluice.compiler.ir.TestCells;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What is hoisted, which products share a panel, what is kept: read off the printed schedule.
class FuseTest {
  private static Schedule plan(String cell) {
    return Fuse.plan(Derive.reverse(Canon.rewrite(IrParser.cell(cell))));
  }

  /// k_1 = α α, k_2 = k_1 k_1, …: 2^60 paths through 60 numbers.
  @Test
  void numbersOfNumbersAreLookedAtOnce() {
    StringBuilder equations = new StringBuilder("k0: scalar = sigmoid(alpha)\n");
    for (int i = 1; i <= 60; i++) {
      equations.append("k%d: scalar = k%d * sigmoid(k%d)\n".formatted(i, i - 1, i - 1));
    }
    String cell =
        """
        cell numbers
        dim n = x, h
        input x: [n]
        state h: [n]
        param alpha: scalar
        output h
        %sh: [n] = tanh(x + k60 * h[t-1])
        """
            .formatted(equations);
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> assertThat(plan(cell).backward().uniform()).hasSizeGreaterThan(60));
  }

  @Test
  void anInputProjectionIsHoistedOutOfTheLoop() {
    assertInference(
        TestCells.RNN,
        """
        before: z⁰_t = V x_t + b | product panel of 1, from 13 sequences on in the loop, every step kept
        step t: z_t = W h_{t-1} + z⁰_t | product panel of 1
        h_t = tanh(z_t) | map every step kept
        """);
  }

  @Test
  void gatesThatReadTheSameVectorShareAPanel_andAGateThatWaitsForAnotherHasItsOwn() {
    assertInference(
        """
        cell gru
        dim n = h, r, u, g
        dim m = x
        input x: [m]
        state h: [n]
        param V_r: [n, m]
        param W_r: [n, n]
        param V_u: [n, m]
        param W_u: [n, n]
        param V_g: [n, m]
        param W_g: [n, n]
        output h
        r: [n] = sigmoid(V_r @ x + W_r @ h[t-1])
        u: [n] = sigmoid(V_u @ x + W_u @ h[t-1])
        g: [n] = tanh(V_g @ x + W_g @ (r * h[t-1]))
        h: [n] = (1.0 - u) * g + u * h[t-1]
        """,
        """
        before: z_{r⁰,t} = V_r x_t | product panel of 2, from 13 sequences on in the loop, every step kept
        z_{u⁰,t} = V_u x_t | product panel of 2, from 13 sequences on in the loop, every step kept
        z_{g⁰,t} = V_g x_t | product panel of 1, from 13 sequences on in the loop, every step kept
        step t: z_{r,t} = W_r h_{t-1} + z_{r⁰,t} | product panel of 2
        z_{u,t} = W_u h_{t-1} + z_{u⁰,t} | product panel of 2
        r_t = σ(z_{r,t}) | map
        u_t = σ(z_{u,t}) | map this step kept
        r_t ∘ h_{t-1} | map this step kept
        z_{g,t} = W_g (r_t ∘ h_{t-1}) + z_{g⁰,t} | product panel of 1
        g_t = tanh(z_{g,t}) | map
        h_t = (1 − u_t) ∘ g_t + u_t ∘ h_{t-1} | map every step kept
        """);
  }

  @Test
  void whatTheRecurrenceDoesNotWaitForRunsAfterTheLoop_andASumStartsFromWhatIsThereAlready() {
    assertInference(
        """
        cell elman
        dim n = h, x
        dim k = y
        input x: [n]
        state h: [n]
        param U: [n, n]
        param V: [k, n]
        output y
        h: [n] = tanh(U @ h[t-1] + x)
        y: [k] = V @ h
        """,
        """
        step t: z_{h,t} = U h_{t-1} + x_t | product panel of 1
        h_t = tanh(z_{h,t}) | map every step kept
        after: y_t = V h_t | product panel of 1, every step kept
        """);
  }

  @Test
  void cheapValuesAreComputedAgainInTheBackwardPass_dearOnesAreKept() {
    Schedule schedule =
        plan(
            """
            cell leaky
            dim n = h, u
            dim m = x
            input x: [m]
            state h: [n]
            param V: [n, m]
            param W: [n, n]
            output h
            u: [n] = sigmoid(V @ x)
            h: [n] = (1.0 - u) * h[t-1] + u * tanh(W @ h[t-1])
            """);
    String forward = forward(schedule);
    assertThat(forward).contains("u_t = σ(z_{u,t}) | map every step kept");
    assertThat(forward).doesNotContain("1 − u_t | map every step kept");
    assertThat(schedule.backward().step().toString()).contains("one_minus_u");
  }

  @Test
  void weightGradientsAccumulateOverAllStepsAfterTheLoop() {
    String printed = squeezed(ScheduleNotation.print(plan(TestCells.RNN)));
    assertThat(printed.substring(printed.indexOf("after:")))
        .contains("∂L/∂W += ∂L/∂z_t h_{t-1}ᵀ | sum over all steps");
    assertThat(printed.substring(printed.indexOf("after:")))
        .contains("∂L/∂x_t = Vᵀ ∂L/∂z_t | product");
  }

  private static void assertInference(String cell, String expected) {
    assertThat(squeezed(ScheduleNotation.inference(plan(cell)))).isEqualTo(expected);
  }

  private static String forward(Schedule schedule) {
    String printed = squeezed(ScheduleNotation.print(schedule));
    return printed.substring(0, printed.indexOf("backward"));
  }

  /// Columns without their padding: `equation | kind note`.
  private static String squeezed(String table) {
    return Arrays.stream(table.split("\n"))
        .map(String::strip)
        .map(line -> line.replaceFirst(" {2,}(product|map|row|sum)\\b", " | $1"))
        .map(line -> line.replaceAll(" {2,}", " "))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
