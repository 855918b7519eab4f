package dev.sluice.compiler.same;

import java.util.stream.Stream;

/// Cells whose published documentation and code differ: what each says. Found by reading
/// RecurrentLayers.jl at commit ffed898, the equations of a cell's documentation against the
/// function below it.
enum DriftedCells {
  /// Documented with recurrent terms in a and c; coded with the input's terms twice.
  NBRC(
      """
      a_t = 1 + tanh(U_a x_t + W_a h_{t-1})
      c_t = σ(U_c x_t + W_c h_{t-1})
      h_t = c_t ∘ h_{t-1} + (1 - c_t) ∘ tanh(U x_t + a_t ∘ h_{t-1})
      """,
      """
      a_t = 1 + tanh(U_a x_t + U_a x_t)
      c_t = σ(U_c x_t + U_c x_t)
      h_t = c_t ∘ h_{t-1} + (1 - c_t) ∘ tanh(U x_t + a_t ∘ h_{t-1})
      """),
  /// Coded without any activation of the gates.
  MC_LSTM(
      """
      f_t = σ(W_f x_t + U_f v_{t-1} + b_f)
      i_t = σ(W_i x_t + U_i v_{t-1} + b_i)
      o_t = σ(W_o x_t + U_o v_{t-1} + b_o)
      m_t = σ(W_m x_t + U_m v_{t-1} + b_m)
      n_t = tanh(W_n x_t + U_n v_{t-1} + b_n)
      c_t = f_t ∘ c_{t-1} + i_t ∘ n_t
      h_t = o_t ∘ tanh(c_t)
      v_t = m_t ∘ tanh(c_t)
      """,
      """
      f_t = W_f x_t + U_f v_{t-1} + b_f
      i_t = W_i x_t + U_i v_{t-1} + b_i
      o_t = W_o x_t + U_o v_{t-1} + b_o
      m_t = W_m x_t + U_m v_{t-1} + b_m
      n_t = W_n x_t + U_n v_{t-1} + b_n
      c_t = f_t ∘ c_{t-1} + i_t ∘ n_t
      h_t = o_t ∘ tanh(c_t)
      v_t = m_t ∘ tanh(c_t)
      """),
  /// The roles of f and 1 − f are swapped, and f resets too, so that no sign makes up for it.
  MGU(
      """
      f_t = σ(W_f x_t + U_f h_{t-1} + b_f)
      g_t = tanh(W x_t + U (f_t ∘ h_{t-1}) + b)
      h_t = (1 - f_t) ∘ h_{t-1} + f_t ∘ g_t
      """,
      """
      f_t = σ(W_f x_t + U_f h_{t-1} + b_f)
      g_t = tanh(W x_t + U (f_t ∘ h_{t-1}) + b)
      h_t = f_t ∘ h_{t-1} + (1 - f_t) ∘ g_t
      """),
  /// Another activation.
  LIGRU(
      """
      z_t = σ(W_z x_t + U_z h_{t-1})
      g_t = relu(W_h x_t + U_h h_{t-1})
      h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ g_t
      """,
      """
      z_t = σ(W_z x_t + U_z h_{t-1})
      g_t = tanh(W_h x_t + U_h h_{t-1})
      h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ g_t
      """),
  /// Documented: h reads the new z, and the second step size is never used. Coded: the other way.
  LEM(
      """
      const δ = 0.5
      d_t = δ σ(W_1 h_{t-1} + V_1 x_t + b_1)
      e_t = δ σ(W_2 h_{t-1} + V_2 x_t + b_2)
      z_t = (1 - d_t) ∘ z_{t-1} + d_t ∘ tanh(W_z h_{t-1} + V_z x_t + b_z)
      h_t = (1 - d_t) ∘ h_{t-1} + d_t ∘ tanh(W_h z_t + V_h x_t + b_h)
      """,
      """
      const δ = 0.5
      d_t = δ σ(W_1 h_{t-1} + V_1 x_t + b_1)
      e_t = δ σ(W_2 h_{t-1} + V_2 x_t + b_2)
      z_t = (1 - d_t) ∘ z_{t-1} + d_t ∘ tanh(W_z h_{t-1} + V_z x_t + b_z)
      h_t = (1 - e_t) ∘ h_{t-1} + e_t ∘ tanh(W_h z_{t-1} + V_h x_t + b_h)
      """),
  /// The gate reads the new z, or the one before.
  MINIMAL_RNN(
      """
      z_t = tanh(W x_t + b)
      u_t = σ(U_h h_{t-1} + U_z z_t + b_u)
      h_t = u_t ∘ h_{t-1} + (1 - u_t) ∘ z_t
      """,
      """
      z_t = tanh(W x_t + b)
      u_t = σ(U_h h_{t-1} + U_z z_{t-1} + b_u)
      h_t = u_t ∘ h_{t-1} + (1 - u_t) ∘ z_t
      """),
  /// The output gate sees the new memory, or the old one.
  PEEPHOLE_LSTM(
      """
      g_t = tanh(V_g x_t + W_g h_{t-1} + b_g)
      i_t = σ(V_i x_t + W_i h_{t-1} + p_i ∘ c_{t-1} + b_i)
      f_t = σ(V_f x_t + W_f h_{t-1} + p_f ∘ c_{t-1} + b_f)
      c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
      o_t = σ(V_o x_t + W_o h_{t-1} + p_o ∘ c_t + b_o)
      h_t = o_t ∘ tanh(c_t)
      """,
      """
      g_t = tanh(V_g x_t + W_g h_{t-1} + b_g)
      i_t = σ(V_i x_t + W_i h_{t-1} + p_i ∘ c_{t-1} + b_i)
      f_t = σ(V_f x_t + W_f h_{t-1} + p_f ∘ c_{t-1} + b_f)
      c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
      o_t = σ(V_o x_t + W_o h_{t-1} + p_o ∘ c_{t-1} + b_o)
      h_t = o_t ∘ tanh(c_t)
      """),
  /// The output's second gate is that of the state.
  INTERSECTION_RNN(
      """
      dim x = dim h
      p_t = relu(W_p x_t + U_p h_{t-1} + b_p)
      q_t = tanh(W_q x_t + U_q h_{t-1} + b_q)
      g_t = σ(W_g x_t + U_g h_{t-1} + b_g)
      k_t = σ(W_k x_t + U_k h_{t-1} + b_k)
      y_t = g_t ∘ x_t + (1 - g_t) ∘ p_t
      h_t = k_t ∘ h_{t-1} + (1 - k_t) ∘ q_t
      """,
      """
      dim x = dim h
      p_t = relu(W_p x_t + U_p h_{t-1} + b_p)
      q_t = tanh(W_q x_t + U_q h_{t-1} + b_q)
      g_t = σ(W_g x_t + U_g h_{t-1} + b_g)
      k_t = σ(W_k x_t + U_k h_{t-1} + b_k)
      y_t = g_t ∘ x_t + (1 - k_t) ∘ p_t
      h_t = k_t ∘ h_{t-1} + (1 - k_t) ∘ q_t
      """),
  /// The fourth gate multiplies its terms, or adds them.
  NAS(nas("(W_4 x_t) ∘ (U_4 h_{t-1})"), nas("W_4 x_t + U_4 h_{t-1}")),
  /// The damping is that of the new velocity (solved for it here), or of the old one.
  CORNN(
      """
      const δ = 0.5, γ = 1, ε = 2
      z_t = (z_{t-1} + δ (tanh(W h_{t-1} + Z z_{t-1} + V x_t + b) - γ h_{t-1})) / (1 + δ ε)
      h_t = h_{t-1} + δ z_t
      """,
      """
      const δ = 0.5, γ = 1, ε = 2
      z_t = z_{t-1} + δ (tanh(W h_{t-1} + Z z_{t-1} + V x_t + b) - γ h_{t-1} - ε z_{t-1})
      h_t = h_{t-1} + δ z_t
      """),
  /// The recurrent weight is a vector, or a matrix.
  UNICORNN(
      """
      const δ = 0.5, α = 1
      z_t = z_{t-1} - δ σ(c) ∘ (tanh(w ∘ h_{t-1} + V x_t + b) + α h_{t-1})
      h_t = h_{t-1} + δ σ(c) ∘ z_t
      """,
      """
      const δ = 0.5, α = 1
      z_t = z_{t-1} - δ σ(c) ∘ (tanh(W h_{t-1} + V x_t + b) + α h_{t-1})
      h_t = h_{t-1} + δ σ(c) ∘ z_t
      """),
  /// The candidate sees the input alone, or the state too.
  WMC_LSTM(wmcLstm("W_g x_t + b_g"), wmcLstm("W_g x_t + U_g h_{t-1} + b_g")),
  /// The hidden layer has a term of the input, or has none.
  SCRN(
      """
      const α = 0.5
      s_t = (1 - α) B x_t + α s_{t-1}
      h_t = σ(P s_t + A h_{t-1})
      y_t = σ(U_y h_t + V s_t)
      """,
      """
      const α = 0.5
      s_t = (1 - α) B x_t + α s_{t-1}
      h_t = σ(P s_t + W x_t + A h_{t-1})
      y_t = σ(U_y h_t + V s_t)
      """),
  /// Gate and candidate have weights of their own, or share them.
  FASTGRNN(
      """
      z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
      g_t = tanh(W_h x_t + U_h h_{t-1} + b_h)
      h_t = (σ(ζ) (1 - z_t) + σ(ν)) ∘ g_t + z_t ∘ h_{t-1}
      """,
      """
      z_t = σ(W x_t + U h_{t-1} + b_z)
      g_t = tanh(W x_t + U h_{t-1} + b_h)
      h_t = (σ(ζ) (1 - z_t) + σ(ν)) ∘ g_t + z_t ∘ h_{t-1}
      """),
  /// The reset gate adds the input itself, which needs equal lengths, or a product with it.
  MUT2(
      """
      z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
      r_t = σ(x_t + U_r h_{t-1} + b_r)
      dim x = dim h
      h_t = tanh(U_h (r_t ∘ h_{t-1}) + W_h x_t + b_h) ∘ z_t + h_{t-1} ∘ (1 - z_t)
      """,
      """
      z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
      r_t = σ(W_r x_t + U_r h_{t-1} + b_r)
      h_t = tanh(U_h (r_t ∘ h_{t-1}) + W_h x_t + b_h) ∘ z_t + h_{t-1} ∘ (1 - z_t)
      """);

  final String documented;
  final String coded;

  DriftedCells(String documented, String coded) {
    this.documented = documented;
    this.coded = coded;
  }

  static Stream<DriftedCells> all() {
    return Stream.of(values());
  }

  private static String nas(String fourth) {
    return """
        a_t = σ(W_1 x_t + U_1 h_{t-1} + b_1)
        b_t = relu(W_2 x_t + U_2 h_{t-1} + b_2)
        d_t = σ(W_3 x_t + U_3 h_{t-1} + b_3)
        e_t = relu(%s)
        f_t = tanh(W_5 x_t + U_5 h_{t-1} + b_5)
        g_t = σ(W_6 x_t + U_6 h_{t-1} + b_6)
        i_t = tanh(W_7 x_t + U_7 h_{t-1} + b_7)
        j_t = σ(W_8 x_t + U_8 h_{t-1} + b_8)
        k_t = tanh(a_t ∘ b_t)
        l_t = tanh(d_t + e_t)
        m_t = tanh(f_t ∘ g_t)
        n_t = σ(i_t + j_t)
        c_t = tanh(k_t + c_{t-1}) ∘ l_t
        h_t = tanh(c_t ∘ tanh(m_t + n_t))
        """
        .formatted(fourth);
  }

  private static String wmcLstm(String candidate) {
    return """
        g_t = tanh(%s)
        i_t = σ(W_i x_t + U_i h_{t-1} + tanh(M_i c_{t-1}) + b_i)
        f_t = σ(W_f x_t + U_f h_{t-1} + tanh(M_f c_{t-1}) + b_f)
        c_t = f_t ∘ c_{t-1} + i_t ∘ g_t
        o_t = σ(W_o x_t + U_o h_{t-1} + tanh(M_o c_t) + b_o)
        h_t = o_t ∘ tanh(c_t)
        """
        .formatted(candidate);
  }
}
