package dev.sluice.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// What one pass is given. T is the number of steps of the longest sequence, B of sequences.
///
/// @param x the input of the lowest layer, [T, B, I]
/// @param inputs further inputs of the cells by name, each [T, B, length]; every cell with an input
/// of the name reads it
/// @param lengths steps of each sequence, 0 to T, in any order; empty when all have T. States of a
/// sequence without steps stay as they started, and its last output is 0
/// @param initial states to start from, [B, length]; the others start as their cell says
/// @param continued whether the other states start from where the session's last pass ended
public record Batch(
    Tensor x,
    Map<String, Tensor> inputs,
    int[] lengths,
    Map<Name, Tensor> initial,
    boolean continued) {

  public Batch {
    Objects.requireNonNull(x, "x");
    inputs = Map.copyOf(inputs);
    lengths = lengths.clone();
    initial = Map.copyOf(initial);
  }

  @Override
  public int[] lengths() {
    return lengths.clone();
  }

  public static Batch of(Tensor x) {
    return new Batch(x, Map.of(), new int[0], Map.of(), false);
  }

  public Batch lengths(int... lengths) {
    return new Batch(x, inputs, lengths, initial, continued);
  }

  public Batch input(String name, Tensor values) {
    Map<String, Tensor> more = new LinkedHashMap<>(inputs);
    more.put(name, values);
    return new Batch(x, more, lengths, initial, continued);
  }

  public Batch initial(Name state, Tensor values) {
    Map<Name, Tensor> more = new LinkedHashMap<>(initial);
    more.put(state, values);
    return new Batch(x, inputs, lengths, more, continued);
  }

  /// States as [Session#finalStates] gives them.
  public Batch initial(Map<Name, Tensor> states) {
    return new Batch(x, inputs, lengths, states, continued);
  }

  /// Goes on where the session's last pass ended; for networks without a reverse direction.
  public Batch continuing() {
    return new Batch(x, inputs, lengths, initial, true);
  }
}
