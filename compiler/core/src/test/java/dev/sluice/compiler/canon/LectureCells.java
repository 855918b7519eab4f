package dev.sluice.compiler.canon;

import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.IrParser;
import java.util.List;

/// The cells of the lectures as binding gives them.
public final class LectureCells {
  public static final String RNN =
      """
      cell rnn
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param V: [n, m]
      param W: [n, n]
      param b_h: [n]
      output h
      h: [n] = tanh(V @ x + W @ h[t-1] + b_h)
      """;

  public static final String LSTM =
      """
      cell lstm
      dim n = h, c
      dim m = x
      input x: [m]
      state h: [n]
      state c: [n]
      param W_f: [n, n]
      param U_f: [n, m]
      param b_f: [n]
      param W_i: [n, n]
      param U_i: [n, m]
      param b_i: [n]
      param W_o: [n, n]
      param U_o: [n, m]
      param b_o: [n]
      param W_c: [n, n]
      param U_c: [n, m]
      param b_c: [n]
      output h
      f: [n] = sigmoid(W_f @ h[t-1] + U_f @ x + b_f)
      i: [n] = sigmoid(W_i @ h[t-1] + U_i @ x + b_i)
      o: [n] = sigmoid(W_o @ h[t-1] + U_o @ x + b_o)
      c_tilde "c̃": [n] = tanh(W_c @ h[t-1] + U_c @ x + b_c)
      c: [n] = (f * c[t-1]) + (i * c_tilde)
      h: [n] = o * tanh(c)
      """;

  /// The column of functions over a stacked sum, without a forget gate.
  public static final String LSTM_BLOCK =
      """
      cell lstm_block
      dim n = h, c
      dim m = x
      input x: [m]
      state h: [n]
      state c: [n]
      param V: [3n, m]
      param W: [3n, n]
      param b: [3n]
      output h
      g: [n] = tanh((V @ x + W @ h[t-1] + b)[0:n])
      i: [n] = sigmoid((V @ x + W @ h[t-1] + b)[n:2n])
      o: [n] = sigmoid((V @ x + W @ h[t-1] + b)[2n:3n])
      c: [n] = c[t-1] + i * g
      h: [n] = o * tanh(c)
      """;

  /// The update gate keeps; reset before the product.
  public static final String GRU =
      """
      cell gru
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param V: [2n, m]
      param W: [2n, n]
      param b: [2n]
      param V_g: [n, m]
      param W_g: [n, n]
      param b_g: [n]
      output h
      s: [2n] = sigmoid(V @ x + W @ h[t-1] + b)
      r: [n] = s[0:n]
      u: [n] = s[n:2n]
      g: [n] = tanh(V_g @ x + W_g @ (h[t-1] * r) + b_g)
      h: [n] = (1.0 - u) * g + u * h[t-1]
      """;

  /// Reset after the product, with two biases.
  public static final String GRU_RESET_AFTER =
      """
      cell gru_reset_after
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param W_r: [n, n]
      param U_r: [n, m]
      param b_r: [n]
      param W_u: [n, n]
      param U_u: [n, m]
      param b_u: [n]
      param W_h: [n, n]
      param U_h: [n, m]
      param b_h: [n]
      param b_x: [n]
      output h
      r: [n] = sigmoid(W_r @ h[t-1] + U_r @ x + b_r)
      u: [n] = sigmoid(W_u @ h[t-1] + U_u @ x + b_u)
      h_tilde "h̃": [n] = tanh(U_h @ x + b_x + r * (W_h @ h[t-1] + b_h))
      h: [n] = (1.0 - u) * h_tilde + u * h[t-1]
      """;

  /// Gates that look at the memory: `p_i ∘ c_{t-1}`, and the output gate at the new one.
  public static final String PEEPHOLE =
      """
      cell peephole
      dim n = h, c
      dim m = x
      input x: [m]
      state h: [n]
      state c: [n]
      param W: [n, n]
      param U: [n, m]
      param p: [n]
      param b: [n]
      param W_o: [n, n]
      param U_o: [n, m]
      param p_o: [n]
      param b_o: [n]
      output h
      i: [n] = sigmoid(W @ h[t-1] + U @ x + p * c[t-1] + b)
      c: [n] = (1.0 - i) * c[t-1] + i * tanh(U @ x)
      o: [n] = sigmoid(W_o @ h[t-1] + U_o @ x + p_o * c + b_o)
      h: [n] = o * tanh(c)
      """;

  private LectureCells() {}

  public static List<Cell> all() {
    return List.of(RNN, LSTM, LSTM_BLOCK, GRU, GRU_RESET_AFTER, PEEPHOLE).stream()
        .map(IrParser::cell)
        .toList();
  }
}
