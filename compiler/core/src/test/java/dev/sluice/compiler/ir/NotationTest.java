package dev.sluice.compiler.ir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.compiler.ir.Expr.Axis;
import dev.sluice.compiler.ir.Expr.Binary;
import dev.sluice.compiler.ir.Expr.BinaryOp;
import dev.sluice.compiler.ir.Expr.Literal;
import dev.sluice.compiler.ir.Expr.MatMul;
import dev.sluice.compiler.ir.Expr.Outer;
import dev.sluice.compiler.ir.Expr.Parameter;
import dev.sluice.compiler.ir.Expr.ReduceOp;
import dev.sluice.compiler.ir.Expr.Select;
import dev.sluice.compiler.ir.Expr.Slice;
import dev.sluice.compiler.ir.Expr.StepNumber;
import dev.sluice.compiler.ir.Expr.Sum;
import dev.sluice.compiler.ir.Expr.Transpose;
import dev.sluice.compiler.ir.Expr.Unary;
import dev.sluice.compiler.ir.Expr.UnaryOp;
import dev.sluice.compiler.ir.Expr.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotationTest {
  private static final Dim N = Dim.of("n");
  private static final Shape VECTOR = Shape.vector(N);
  private static final Expr C = at("c", 0);
  private static final Expr F = at("f", 0);
  private static final Expr H_PREVIOUS = at("h", 1);
  private static final Expr ALPHA = new Value(Symbol.of("a"), 0, Shape.SCALAR);
  private static final Expr ONE = new Literal(1);

  private static Value at(String display, int delay) {
    return new Value(symbol(display), delay, VECTOR);
  }

  private static Symbol symbol(String display) {
    return new Symbol("s" + Integer.toUnsignedString(display.hashCode()), display);
  }

  private static Parameter matrix(String name) {
    return new Parameter(Symbol.of(name), Shape.matrix(N, N));
  }

  private static Expr binary(BinaryOp op, Expr a, Expr b) {
    return new Binary(op, a, b);
  }

  private static Expr unary(UnaryOp op, Expr x) {
    return new Unary(op, x);
  }

  private static void prints(Expr e, String expected) {
    assertThat(Notation.expression(e)).isEqualTo(expected);
  }

  @Test
  void aNameTakesItsTimeAsASubscript() {
    prints(at("h", 0), "h_t");
    prints(at("h", 1), "h_{t-1}");
    prints(at("h", -1), "h_{t+1}");
    prints(at("c̃", 0), "c̃_t");
    prints(at("h′", 2), "h′_{t-2}");
    prints(at("z_f", 0), "z_{f,t}");
    prints(at("z_{hf}", 1), "z_{hf,t-1}");
    prints(at("h^y", 0), "h^y_t");
    prints(at("∂L/∂f", 0), "∂L/∂f_t");
    prints(at("∂L/∂z_f", -1), "∂L/∂z_{f,t+1}");
  }

  @Test
  void aNameThatHoldsTimesHasThemMoved() {
    prints(at("∂L/∂h_{t-1}|_t", 0), "∂L/∂h_{t-1}|_t");
    prints(at("∂L/∂h_{t-1}|_t", -1), "∂L/∂h_t|_{t+1}");
    prints(at("∂L/∂h_{y,t-1}", -1), "∂L/∂h_{y,t}");
    prints(at("a_tanh", 0), "a_{tanh,t}");
  }

  @Test
  void theGateOfTheSlides() {
    Expr z =
        new Sum(
            List.of(
                new MatMul(matrix("W_f"), H_PREVIOUS),
                new MatMul(matrix("U_f"), at("x", 0)),
                new Parameter(Symbol.of("b_f"), VECTOR)));
    Equation gate = new Equation(Symbol.of("f"), unary(UnaryOp.SIGMOID, z), Origin.NONE);
    assertThat(Notation.equation(gate)).isEqualTo("f_t = σ(W_f h_{t-1} + U_f x_t + b_f)");
  }

  @Test
  void precedenceNeedsFewBrackets() {
    Expr product = binary(BinaryOp.MULTIPLY, F, H_PREVIOUS);
    prints(binary(BinaryOp.ADD, product, C), "f_t ∘ h_{t-1} + c_t");
    prints(binary(BinaryOp.MULTIPLY, C, binary(BinaryOp.ADD, F, C)), "c_t ∘ (f_t + c_t)");
    prints(binary(BinaryOp.MULTIPLY, C, product), "c_t ∘ (f_t ∘ h_{t-1})");
    prints(binary(BinaryOp.SUBTRACT, C, binary(BinaryOp.SUBTRACT, F, C)), "c_t − (f_t − c_t)");
    prints(binary(BinaryOp.DIVIDE, ALPHA, binary(BinaryOp.MULTIPLY, F, C)), "a_t / (f_t ∘ c_t)");
    prints(new MatMul(matrix("W"), product), "W (f_t ∘ h_{t-1})");
    prints(new MatMul(matrix("W"), new MatMul(matrix("V"), C)), "W (V c_t)");
    prints(unary(UnaryOp.NEGATE, product), "−f_t ∘ h_{t-1}");
    prints(binary(BinaryOp.MULTIPLY, unary(UnaryOp.NEGATE, F), C), "(−f_t) ∘ c_t");
    prints(
        new Sum(List.of(C, unary(UnaryOp.NEGATE, product), new Literal(-2))),
        "c_t − f_t ∘ h_{t-1} − 2");
    prints(new Sum(List.of(C)), "c_t");
  }

  @Test
  void squaresAndPowers() {
    Expr tanh = unary(UnaryOp.TANH, C);
    Expr square = binary(BinaryOp.MULTIPLY, tanh, tanh);
    prints(binary(BinaryOp.SUBTRACT, ONE, square), "1 − tanh²(c_t)");
    prints(binary(BinaryOp.MULTIPLY, F, F), "f_t²");
    prints(binary(BinaryOp.POWER, F, new Literal(12)), "f_t¹²");
    prints(binary(BinaryOp.POWER, F, new Literal(0.5)), "f_t^{0.5}");
    prints(binary(BinaryOp.POWER, F, new Literal(-1)), "f_t^{−1}");
    prints(
        binary(BinaryOp.POWER, binary(BinaryOp.POWER, F, new Literal(2)), new Literal(3)),
        "(f_t²)³");
    prints(binary(BinaryOp.MULTIPLY, at("∂L/∂f", 0), at("∂L/∂f", 0)), "(∂L/∂f_t)²");
  }

  @Test
  void scalarsScaleWithADot() {
    prints(binary(BinaryOp.MULTIPLY, ALPHA, C), "a_t · c_t");
    prints(
        binary(BinaryOp.MULTIPLY, new Literal(0.5), binary(BinaryOp.ADD, C, F)),
        "0.5 · (c_t + f_t)");
    prints(binary(BinaryOp.MULTIPLY, C, new Literal(-2)), "c_t · (−2)");
    prints(new Expr.Constant(new Symbol("epsilon", "ε"), 0.1), "ε");
    prints(new StepNumber(), "t");
  }

  @Test
  void matricesOfTheBackwardPass() {
    prints(new MatMul(new Transpose(matrix("W_f")), at("∂L/∂z_f", 0)), "W_fᵀ ∂L/∂z_{f,t}");
    prints(new Outer(at("∂L/∂z_f", 0), H_PREVIOUS), "∂L/∂z_{f,t} h_{t-1}ᵀ");
    prints(new Outer(F, binary(BinaryOp.MULTIPLY, F, C)), "f_t (f_t ∘ c_t)ᵀ");
    prints(new Transpose(new Slice(matrix("V"), Axis.ROWS, Dim.ZERO, N)), "V[0:n]ᵀ");
    prints(new Slice(matrix("V"), Axis.COLUMNS, N, N.times(2)), "V[:, n:3n]");
    prints(new Slice(C, Axis.ROWS, N, N.plus(Dim.ONE)), "c_t[n:2n+1]");
    prints(new Expr.Concat(List.of(H_PREVIOUS, at("x", 0))), "[h_{t-1}, x_t]");
  }

  @Test
  void functionsAndComparisons() {
    Expr above = binary(BinaryOp.GREATER, binary(BinaryOp.ADD, C, F), ONE);
    prints(binary(BinaryOp.MAX, C, F), "max(c_t, f_t)");
    prints(new Select(above, C, F), "where(c_t + f_t > 1, c_t, f_t)");
    prints(binary(BinaryOp.MULTIPLY, above, C), "(c_t + f_t > 1) ∘ c_t");
    prints(new Expr.Reduce(ReduceOp.SUM, binary(BinaryOp.MULTIPLY, C, F)), "sum(c_t ∘ f_t)");
    prints(unary(UnaryOp.SOFTPLUS, unary(UnaryOp.NEGATE, C)), "softplus(−c_t)");
  }

  @Test
  void aCellHasAHeader() {
    assertThat(Notation.cell(rnn()))
        .isEqualTo(
            """
            rnn
              inputs      x_t ∈ ℝ^m
              states      h_t ∈ ℝ^n (initially 1)
              parameters  W, U ∈ ℝ^{n×m}, b ∈ ℝ^{4n}, β ∈ ℝ
              output      h_t

            h_t = h_{t-1}
            """);
  }

  @Test
  void anAdjointEndsWithWhatItAddsToTheGradients() {
    Expr d = at("∂L/∂z", 0);
    Adjoint adjoint =
        new Adjoint(
            rnn(),
            new Symbol("d_output", "∂L/∂h"),
            new LinkedHashMap<>(Map.of()),
            List.of(new Equation(symbol("∂L/∂z"), at("∂L/∂h", 0), Origin.NONE)),
            new LinkedHashMap<>(Map.of()),
            List.of(
                new Adjoint.Accumulation(matrix("W_f"), new Outer(d, H_PREVIOUS)),
                new Adjoint.Accumulation(
                    new Slice(matrix("V"), Axis.ROWS, Dim.ZERO, N), new Outer(d, H_PREVIOUS))));
    assertThat(Notation.adjoint(adjoint))
        .isEqualTo(
            """
            ∂L/∂z_t = ∂L/∂h_t
            ∂L/∂W_f += ∂L/∂z_t h_{t-1}ᵀ
            ∂L/∂V[0:n] += ∂L/∂z_t h_{t-1}ᵀ
            """);
  }

  private static Cell rnn() {
    Shape matrix = Shape.matrix(N, Dim.of("m"));
    Initialiser initialiser = new Initialiser.Default();
    Symbol h = Symbol.of("h");
    return new Cell(
        "rnn",
        List.of(new Cell.Input(Symbol.of("x"), Shape.vector(Dim.of("m")))),
        List.of(new Cell.State(h, VECTOR, 1)),
        List.of(
            new Cell.Parameter(Symbol.of("W"), matrix, initialiser),
            new Cell.Parameter(Symbol.of("U"), matrix, initialiser),
            new Cell.Parameter(Symbol.of("b"), Shape.vector(N.times(4)), initialiser),
            new Cell.Parameter(new Symbol("beta", "β"), Shape.SCALAR, initialiser)),
        List.of(new Equation(h, H_PREVIOUS, Origin.NONE)),
        h,
        new LinkedHashMap<>(Map.of("n", List.of(h), "m", List.of(Symbol.of("x")))));
  }
}
