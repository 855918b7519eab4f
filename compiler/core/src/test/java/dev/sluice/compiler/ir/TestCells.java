package dev.sluice.compiler.ir;

/// Cells and backward passes written by hand.
public final class TestCells {
  public static final String RNN =
      """
      cell rnn
      dim n = h
      dim m = x
      input x: [m]
      state h: [n]
      param V: [n, m]
      param W: [n, n]
      param b: [n]
      output h
      z: [n] = V @ x + W @ h[t-1] + b
      h: [n] = tanh(z)
      """;

  public static final String RNN_ADJOINT =
      """
      adjoint of rnn
      output_gradient d_output
      carry d_h_prev of h
      input_gradient d_x of x
      d_h: [n] = d_output + d_h_prev[t+1]
      d_z: [n] = d_h * (1.0 - (h * h))
      d_h_prev: [n] = W.T @ d_z
      d_x: [m] = V.T @ d_z
      accumulate V += outer(d_z, x)
      accumulate W += outer(d_z, h[t-1])
      accumulate b += d_z
      """;

  /// Block form with a scalar decay, `β` scales and `W` is used in halves.
  public static final String BLOCK =
      """
      cell block
      dim n = g, u, h
      dim m = x
      input x: [m]
      state h: [n]
      param V: [2n, m]
      param W: [n, 2n]
      param beta: scalar
      output h
      z_g: [n] = V[0:n] @ x + W[:, 0:n] @ h[t-1]
      z_u: [n] = V[n:2n] @ x + W[:, n:2n] @ h[t-1]
      g: [n] = relu(z_g)
      u: [n] = sigmoid(z_u)
      k: [n] = beta * h[t-1]
      w: [n] = u * g
      h: [n] = k + w
      """;

  public static final String BLOCK_ADJOINT =
      """
      adjoint of block
      output_gradient d_output
      carry d_h_prev of h
      input_gradient d_x of x
      d_h: [n] = d_output + d_h_prev[t+1]
      d_g: [n] = d_h * u
      d_u: [n] = d_h * g
      d_z_g: [n] = d_g * step(z_g)
      d_z_u: [n] = d_u * (u * (1.0 - u))
      d_beta: scalar = reduce_sum(d_h * h[t-1])
      d_h_prev: [n] = W[:, 0:n].T @ d_z_g + W[:, n:2n].T @ d_z_u + beta * d_h
      d_x: [m] = V[0:n].T @ d_z_g + V[n:2n].T @ d_z_u
      accumulate V[0:n] += outer(d_z_g, x)
      accumulate V[n:2n] += outer(d_z_u, x)
      accumulate W[:, 0:n] += outer(d_z_g, h[t-1])
      accumulate W[:, n:2n] += outer(d_z_u, h[t-1])
      accumulate beta += d_beta
      """;

  private TestCells() {}
}
