package dev.sluice.compiler.ir;

/// Where an equation comes from: shown above the code that computes it.
///
/// @param file name of the cell file
/// @param line line in it, from 1
/// @param equation the source equation in normalised Unicode, one line:
///     `f_t = σ(W_f h_{t-1} + U_f x_t + b_f)`
public record Origin(String file, int line, String equation) {
  public static final Origin NONE = new Origin("", 0, "");
}
