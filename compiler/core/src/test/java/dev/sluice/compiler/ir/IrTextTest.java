package dev.sluice.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.compiler.canon.Canon;
import dev.sluice.compiler.derive.Derive;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class IrTextTest {
  private static final String GRU =
      """
      cell gru
      dim n = u, h
      dim m = x
      input x: [m]
      state h: [n] = 0.5
      param V: [2n, m] orthogonal
      param W: [n, n] uniform 0.1
      param b: [n]
      param beta: scalar
      output h
      u: [n] = sigmoid(V[0:n] @ x + W.T @ h[t-1] + b)
      g: [n] = tanh(V[n:2n] @ x + W @ (u * h[t-1]))
      h: [n] = ((1.0 - u) * h[t-1]) + u * g + const(alpha, 0.9) + beta
      """;

  @Test
  void aCellReadsAsItPrints() {
    String canonical = GRU.replace("((1.0 - u) * h[t-1])", "(1.0 - u) * h[t-1]");
    Cell cell = IrParser.cell(GRU);
    assertThat(IrPrinter.print(cell)).isEqualTo(canonical);
    assertThat(IrParser.cell(canonical)).isEqualTo(cell);
    assertThat(Notation.equation(cell.equations().getFirst()))
        .isEqualTo("u_t = σ(V[0:n] x_t + Wᵀ h_{t-1} + b)");
  }

  @Test
  void anAdjointReadsAsItPrints() {
    Cell cell = IrParser.cell(TestCells.RNN);
    Adjoint adjoint = IrParser.adjoint(cell, TestCells.RNN_ADJOINT);
    assertThat(IrPrinter.print(adjoint)).isEqualTo(TestCells.RNN_ADJOINT);
    assertThat(adjoint.carries()).containsEntry(Symbol.of("h"), Symbol.of("d_h_prev"));
  }

  @Test
  void aDisplayNameMayFollowAName() {
    Cell cell =
        IrParser.cell(
            """
            dim n = c_tilde
            state c_tilde "c̃": [n]
            output c_tilde
            c_tilde: [n] = tanh(c_tilde[t-1])
            """);
    assertThat(Notation.equation(cell.equations().getFirst())).isEqualTo("c̃_t = tanh(c̃_{t-1})");
  }

  @Test
  void masksComeBack() {
    String text =
        """
        cell dropped
        dim n = h
        state h: [n]
        mask mask: [n] = 1.25 with 0.8
        mask mask2: scalar = 1.0 with 0.5 once
        output h
        h: [n] = tanh(h[t-1]) * mask
        """;
    Cell cell = IrParser.cell(text);
    assertThat(IrPrinter.print(cell)).isEqualTo(text);
    assertThat(IrParser.cell(text)).isEqualTo(cell);
    assertThat(cell.masks())
        .containsExactly(
            new Cell.Mask(Symbol.of("mask"), Shape.vector(Dim.of("n")), 0.8, 1.25, true),
            new Cell.Mask(Symbol.of("mask2"), Shape.SCALAR, 0.5, 1, false));
  }

  @Test
  void computedWeightsComeBack() {
    String text =
        """
        cell rnn
        dim n = h
        state h: [n]
        param W: [n, n]
        output h
        h: [n] = tanh(sum(A @ h[t-1]))

        weights
        cell rnn weights
        dim n = h
        state A: [n, n]
        param W: [n, n]
        output A
        A: [n, n] = W - W.T
        """;
    Cell cell = IrParser.cell(text);
    assertThat(IrPrinter.print(cell)).isEqualTo(text);
    assertThat(cell.coefficients()).extracting(p -> p.symbol().plain()).containsExactly("W", "A");
    Adjoint adjoint = Derive.reverse(Canon.rewrite(cell));
    String backward = IrPrinter.print(adjoint);
    assertThat(IrPrinter.print(IrParser.adjoint(adjoint.cell(), backward))).isEqualTo(backward);
    assertThat(backward).contains("accumulate A += ", "weights", "accumulate W.T += ");
  }

  @Test
  void oddNodesComeBack() {
    Expr c = new Expr.Constant(Symbol.of("alpha"), -0.5);
    for (Expr e :
        new Expr[] {
          new Expr.Literal(Double.NEGATIVE_INFINITY),
          new Expr.Literal(-1e-9),
          new Expr.Sum(List.of(c)),
          new Expr.Sum(List.of(new Expr.Sum(List.of(c, c)), c)),
          new Expr.Binary(Expr.BinaryOp.SUBTRACT, c, new Expr.Binary(Expr.BinaryOp.SUBTRACT, c, c)),
          new Expr.Binary(Expr.BinaryOp.DIVIDE, new Expr.Literal(-2), new Expr.StepNumber())
        }) {
      String text = "output y\ny: scalar = " + IrPrinter.print(e);
      assertThat(IrParser.cell(text).equations().getFirst().value()).as(text).isEqualTo(e);
    }
  }

  @Test
  void randomCellsComeBackEqual() {
    for (long seed = 0; seed < 300; seed++) {
      Cell cell = RandomCells.cell(seed, EnumSet.allOf(RandomCells.Feature.class));
      String text = IrPrinter.print(cell);
      assertThat(IrParser.cell(text)).as(text).isEqualTo(cell);
    }
  }

  @Test
  void anErrorNamesTheLine() {
    assertError("h: [n] = tanh(z)", "line 1: nothing is called z: h: [n] = tanh(z)");
    assertError(
        "\nh: [n] = tanh(h[t-1], h)",
        "line 2: tanh takes 1 operands, not 2: h: [n] = tanh(h[t-1], h)");
    assertError("h: [n] = 1.0", "line 1: the right side has shape scalar, not [n]: h: [n] = 1.0");
    assertError("input x: [m]\nh: [n] = h * x", "line 2: MULTIPLY of [n] and [m]: h: [n] = h * x");
    assertError("h: [n] = h h", "line 1: unexpected 'h': h: [n] = h h");
    assertError("h: [n] = (h", "line 1: expected ')', found '': h: [n] = (h");
    assertError("function h", "line 1: neither an equation nor a declaration: function h");
  }

  private static void assertError(String text, String message) {
    assertThatThrownBy(() -> IrParser.cell(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
