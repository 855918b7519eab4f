package dev.sluice.compiler.ir;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What the [Interpreter] is given for one run over a batch of sequences. Names are plain; arrays
/// are not copied.
///
/// @param steps number of steps T
/// @param lengths steps of each sequence, at most T; their number is the batch B
/// @param firstStep number of the first step, 0 unless a sequence goes on
/// @param parameters of every parameter
/// @param inputs of every input: [T][B][length], a matrix row-major
/// @param initial of states that don't start from their usual value: [B][length]
/// @param maskSeed of the random masks in training; empty for inference, where a mask is what it
/// is on average
public record Values(
    int steps,
    List<Integer> lengths,
    int firstStep,
    Map<String, Array> parameters,
    Map<String, double[][][]> inputs,
    Map<String, double[][]> initial,
    OptionalLong maskSeed) {

  public Values {
    lengths = List.copyOf(lengths);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    initial = Collections.unmodifiableMap(new LinkedHashMap<>(initial));
    for (int length : lengths) {
      if (length < 0 || length > steps) {
        throw new IllegalArgumentException(
            "a sequence of " + length + " steps in a run of " + steps);
      }
    }
  }

  /// Sequences of equal length and usual initial states.
  public static Values of(
      int steps, int batch, Map<String, Array> parameters, Map<String, double[][][]> inputs) {
    return new Values(
        steps,
        Collections.nCopies(batch, steps),
        0,
        parameters,
        inputs,
        Map.of(),
        OptionalLong.empty());
  }

  public Values withLengths(List<Integer> lengths) {
    return new Values(steps, lengths, firstStep, parameters, inputs, initial, maskSeed);
  }

  public Values withFirstStep(int firstStep) {
    return new Values(steps, lengths, firstStep, parameters, inputs, initial, maskSeed);
  }

  public Values withParameters(Map<String, Array> parameters) {
    return new Values(steps, lengths, firstStep, parameters, inputs, initial, maskSeed);
  }

  public Values withInputs(Map<String, double[][][]> inputs) {
    return new Values(steps, lengths, firstStep, parameters, inputs, initial, maskSeed);
  }

  public Values withInitial(Map<String, double[][]> initial) {
    return new Values(steps, lengths, firstStep, parameters, inputs, initial, maskSeed);
  }

  /// As in training.
  public Values withMaskSeed(long seed) {
    return new Values(
        steps, lengths, firstStep, parameters, inputs, initial, OptionalLong.of(seed));
  }

  public int batch() {
    return lengths.size();
  }
}
