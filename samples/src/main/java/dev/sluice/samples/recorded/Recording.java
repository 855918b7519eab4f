package dev.sluice.samples.recorded;

import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Merge;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A recorded run in this project's terms: cells as equations, sequences [T, B, ·], states [B, ·].
/// What is null or missing was not recorded.
///
/// @param branches stacks of layers side by side, each of which reads x
/// @param join what becomes of their outputs
/// @param inputs beside x, by name
/// @param lengths empty when all sequences have T steps
public record Recording(
    String name,
    List<List<Layer>> branches,
    Join join,
    Numbers x,
    Map<String, Numbers> inputs,
    int[] lengths,
    Results results,
    Tolerance values,
    Tolerance gradients) {

  /// How branches are joined: one is as it is.
  public enum Join {
    CONCAT,
    SUM,
    MEAN,
    PRODUCT
  }

  /// Of the whole network.
  ///
  /// @param outputGradient ∂L/∂output, with which the backward pass starts
  /// @param inputGradient ∂L/∂x
  /// @param inputGradients of the other inputs, by name
  public record Results(
      @Nullable Numbers output,
      @Nullable Numbers outputGradient,
      @Nullable Numbers inputGradient,
      Map<String, Numbers> inputGradients) {
    public static Results of(@Nullable Numbers output) {
      return new Results(output, null, null, Map.of());
    }
  }

  /// One layer.
  ///
  /// @param name of the cell
  /// @param equations its text
  /// @param settings of its hyperparameters
  /// @param sides one or two directions
  /// @param last whether only its last step is given on
  public record Layer(
      String name,
      String equations,
      Map<String, Double> settings,
      List<Side> sides,
      Merge merge,
      boolean last) {

    /// A layer with one direction, of a cell without hyperparameters.
    public static Layer of(String name, String equations, Side side) {
      return new Layer(name, equations, Map.of(), List.of(side), Merge.CONCAT, false);
    }

    public Layer lastStep(boolean only) {
      return new Layer(name, equations, settings, sides, merge, only);
    }
  }

  /// One direction of a layer: its parameters and states by the cell's own names.
  public record Side(
      Direction direction, Map<String, Parameter> parameters, Map<String, State> states) {
    public Side {
      parameters = new LinkedHashMap<>(parameters);
      states = new LinkedHashMap<>(states);
    }
  }

  /// @param gradient recorded
  public record Parameter(Numbers value, @Nullable Numbers gradient) {}

  /// @param initial where it starts from; as the cell says when null
  /// @param last after the last step
  /// @param all after every step
  /// @param lastGradient ∂L/∂last beside what comes through the output; 0 when null
  /// @param initialGradient recorded
  public record State(
      @Nullable Numbers initial,
      @Nullable Numbers last,
      @Nullable Numbers all,
      @Nullable Numbers lastGradient,
      @Nullable Numbers initialGradient) {}

  /// Whether gradients were recorded.
  public boolean hasGradients() {
    return results.outputGradient() != null;
  }

  @Override
  public String toString() {
    return name;
  }
}
