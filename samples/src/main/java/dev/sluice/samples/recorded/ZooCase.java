package dev.sluice.samples.recorded;

import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Merge;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A recorded run of a research cell, computed from the paper's equations in double precision:
/// values, the states of every step, and all gradients. The cell's file has the case's name and its
/// parameters' names.
public final class ZooCase {
  private static final Set<String> IN_EQUATIONS = Set.of("eps", "rounds");

  private ZooCase() {}

  public static boolean fits(RecordedCase run) {
    return "custom".equals(run.json().get("op"));
  }

  /// @param equations text of the cell
  public static Recording recording(RecordedCase run, String equations) {
    Map<String, Recording.Parameter> parameters = new LinkedHashMap<>();
    Map<String, Recording.State> states = new LinkedHashMap<>();
    Map<String, Numbers> inputs = new LinkedHashMap<>();
    Map<String, Numbers> inputGradients = new LinkedHashMap<>();
    for (Object tensor : (List<?>) run.get("tensors")) {
      String name = String.valueOf(((Map<?, ?>) tensor).get("name"));
      switch (String.valueOf(((Map<?, ?>) tensor).get("role"))) {
        case "param" ->
            parameters.put(
                name, new Recording.Parameter(run.tensor(name), find(run, "grad_" + name)));
        case "extra_input" -> {
          inputs.put(name, perStep(run.tensor(name)));
          Numbers gradient = find(run, "grad_" + name);
          if (gradient != null) {
            inputGradients.put(name, perStep(gradient));
          }
        }
        default -> {}
      }
    }
    run.map("states")
        .keySet()
        .forEach(name -> states.put(ours((String) name), state(run, (String) name)));
    return new Recording(
        run.name(),
        List.of(
            List.of(
                new Recording.Layer(
                    run.name(),
                    equations,
                    settings(run),
                    List.of(new Recording.Side(Direction.FORWARD, parameters, states)),
                    Merge.CONCAT,
                    false))),
        Recording.Join.CONCAT,
        run.tensor("x"),
        inputs,
        new int[0],
        new Recording.Results(
            run.tensor("output"), find(run, "grad_output"), find(run, "grad_x"), inputGradients),
        Tolerance.VALUES,
        Tolerance.GRADIENTS);
  }

  /// A scalar of each step is a vector of one.
  private static Numbers perStep(Numbers input) {
    return input.rank() == 2 ? input.expanded(2) : input;
  }

  /// A state that is the last input is our `x_lag`.
  private static String ours(String state) {
    return state.equals("x") ? "x_lag" : state;
  }

  private static Recording.State state(RecordedCase run, String name) {
    return new Recording.State(
        find(run, "initial_" + name),
        null,
        find(run, "states_" + name),
        find(run, "grad_final_" + name),
        find(run, "grad_initial_" + name));
  }

  private static @Nullable Numbers find(RecordedCase run, String name) {
    return run.find(name).orElse(null);
  }

  /// Hyperparameters that are the cell's `const`s; the others are in its equations.
  private static Map<String, Double> settings(RecordedCase run) {
    Map<String, Double> settings = new LinkedHashMap<>();
    run.map("hyperparameters")
        .forEach(
            (name, value) -> {
              if (!IN_EQUATIONS.contains((String) name)) {
                settings.put((String) name, (Double) value);
              }
            });
    return settings;
  }
}
