package dev.sluice.compiler.ir;

import java.util.Map;

/// What the backward pass gives, by plain name.
///
/// @param parameters ∂L/∂parameter, summed over steps and sequences
/// @param inputs ∂L/∂x_t: [T][B][length], zeros after the end of a sequence
/// @param initial ∂L/∂initial state: [B][length]
public record Gradients(
    Map<String, Array> parameters,
    Map<String, double[][][]> inputs,
    Map<String, double[][]> initial) {}
