package dev.sluice.samples.conformance;

import static dev.sluice.samples.conformance.Adapter.find;

import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Merge;
import dev.sluice.samples.recorded.Numbers;
import dev.sluice.samples.recorded.RecordedCase;
import dev.sluice.samples.recorded.Recording;
import dev.sluice.samples.recorded.Tolerance;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A layer or a model of Keras: one layer, a bidirectional one, a stack of cells, or a sequential
/// model.
final class KerasCase {
  private final RecordedCase run;
  private final Map<?, ?> config;
  private final @Nullable Numbers mask;
  private final Iterator<String> weights;
  private final Outputs outputs;
  private int states;

  private KerasCase(RecordedCase run, Outputs outputs) {
    this.run = run;
    this.config = run.map("config");
    this.mask = find(run, "mask");
    this.outputs = outputs;
    this.weights =
        run.tensors().keySet().stream().filter(name -> name.startsWith("weight_")).iterator();
  }

  /// What Keras computed, and what a test of Keras' expects.
  static List<Recording> recordings(RecordedCase run) {
    List<Recording> all = new ArrayList<>();
    all.add(new KerasCase(run, Outputs.computed(run)).recording());
    if (run.json().containsKey("goldens")) {
      all.add(new KerasCase(run, Outputs.typed(run)).recording());
    }
    return all;
  }

  /// The outputs of a case, by number, and how near they are to be met.
  private record Outputs(Map<Integer, Numbers> byNumber, Tolerance tolerance) {
    static Outputs computed(RecordedCase run) {
      Map<Integer, Numbers> outputs = new LinkedHashMap<>();
      for (int i = 0; run.find("output_" + i).isPresent(); i++) {
        outputs.put(i, run.tensor("output_" + i));
      }
      return new Outputs(outputs, Tolerance.VALUES);
    }

    /// The strictest tolerance of the test.
    static Outputs typed(RecordedCase run) {
      Map<Integer, Numbers> outputs = new LinkedHashMap<>();
      double absolute = Double.MAX_VALUE;
      double relative = Double.MAX_VALUE;
      for (Object golden : (List<?>) run.get("goldens")) {
        Map<?, ?> map = (Map<?, ?>) golden;
        int output = ((Double) Objects.requireNonNull(map.get("output_index"))).intValue();
        String file = (String) Objects.requireNonNull(map.get("file"));
        Numbers value = run.tensor(file.replace(".npy", ""));
        Object sequence = map.get("batch");
        outputs.put(
            output,
            sequence instanceof Double b
                ? placed(value, run.tensor("output_" + output), b.intValue())
                : value);
        absolute = Math.min(absolute, (Double) Objects.requireNonNull(map.get("atol")));
        relative = Math.min(relative, (Double) Objects.requireNonNull(map.get("rtol")));
      }
      return new Outputs(outputs, new Tolerance(absolute, relative, 0));
    }

    /// One sequence of a batch; the others are left open.
    private static Numbers placed(Numbers value, Numbers like, int sequence) {
      Numbers all = Numbers.filled(Double.NaN, like.shape());
      int length = like.data().length / like.size(0);
      System.arraycopy(value.data(), 0, all.data(), sequence * length, length);
      return all;
    }
  }

  private static String kind(Map<?, ?> config) {
    return (String) Objects.requireNonNull(config.get("class_name"));
  }

  private static Map<?, ?> options(Map<?, ?> config) {
    return (Map<?, ?>) Objects.requireNonNull(config.get("config"));
  }

  private static boolean is(Map<?, ?> options, String name) {
    return Boolean.TRUE.equals(options.get(name));
  }

  private Recording recording() {
    Map<?, ?> options = options(config);
    return switch (kind(config)) {
      case "Bidirectional" -> bidirectional(options);
      case "Sequential" -> sequential(options);
      default ->
          recording(
              List.of(stack(config, 1)),
              Recording.Join.CONCAT,
              is(options, "return_sequences"),
              is(options, "go_backwards"),
              1);
    };
  }

  private Recording sequential(Map<?, ?> options) {
    List<Recording.Layer> layers = new ArrayList<>();
    boolean sequences = true;
    for (Object layer : (List<?>) Objects.requireNonNull(options.get("layers"))) {
      Map<?, ?> one = (Map<?, ?>) layer;
      if (!kind(one).equals("InputLayer")) {
        boolean dense = kind(one).equals("Dense");
        boolean two = kind(one).equals("Bidirectional");
        Map<?, ?> inner = two ? (Map<?, ?>) Objects.requireNonNull(options(one).get("layer")) : one;
        layers.addAll(two ? List.of(both(options(one))) : stack(one, Integer.MAX_VALUE));
        sequences &= dense || is(options(inner), "return_sequences");
      }
    }
    return recording(List.of(layers), Recording.Join.CONCAT, sequences, false, 1);
  }

  /// Both directions of one cell as one layer.
  private Recording.Layer both(Map<?, ?> options) {
    int states = Integer.MAX_VALUE;
    Recording.Layer one =
        stack((Map<?, ?>) Objects.requireNonNull(options.get("layer")), states).getFirst();
    Recording.Layer other =
        stack((Map<?, ?>) Objects.requireNonNull(options.get("backward_layer")), states).getFirst();
    Merge merge =
        switch (String.valueOf(options.get("merge_mode"))) {
          case "concat" -> Merge.CONCAT;
          case "sum" -> Merge.SUM;
          case "ave" -> Merge.MEAN;
          default -> throw new IllegalArgumentException(run + ": merge mode inside a model");
        };
    return new Recording.Layer(
        one.name(),
        one.equations(),
        Map.of(),
        List.of(one.sides().getFirst(), other.sides().getFirst()),
        merge,
        one.last());
  }

  /// Directions are branches: their cells may differ.
  private Recording bidirectional(Map<?, ?> options) {
    Map<?, ?> forward = (Map<?, ?>) Objects.requireNonNull(options.get("layer"));
    Map<?, ?> backward = (Map<?, ?>) Objects.requireNonNull(options.get("backward_layer"));
    String mode = options.get("merge_mode") instanceof String given ? given : "null";
    boolean sequences = is(options(forward), "return_sequences");
    int outputs = mode.equals("null") ? 2 : 1;
    if (List.of("sum", "ave").contains(mode)) {
      Recording.Layer one = stack(forward, outputs).getFirst();
      Recording.Layer other = stack(backward, outputs).getFirst();
      Recording.Layer both =
          new Recording.Layer(
              one.name(),
              one.equations(),
              Map.of(),
              List.of(one.sides().getFirst(), other.sides().getFirst()),
              mode.equals("sum") ? Merge.SUM : Merge.MEAN,
              one.last());
      return recording(List.of(List.of(both)), Recording.Join.CONCAT, sequences, false, outputs);
    }
    return recording(
        List.of(stack(forward, outputs), stack(backward, outputs)),
        mode.equals("mul") ? Recording.Join.PRODUCT : Recording.Join.CONCAT,
        sequences,
        false,
        outputs);
  }

  /// The layers of a layer: several for stacked cells.
  ///
  /// @param firstState number of the output that is the first state
  private List<Recording.Layer> stack(Map<?, ?> layer, int firstState) {
    Map<?, ?> options = options(layer);
    boolean dense = kind(layer).equals("Dense");
    List<Map<?, ?>> cells = new ArrayList<>();
    if (options.get("cell") instanceof Map<?, ?> cell) {
      if (kind(cell).equals("StackedRNNCells")) {
        for (Object one : (List<?>) Objects.requireNonNull(options(cell).get("cells"))) {
          cells.add((Map<?, ?>) one);
        }
      } else {
        cells.add(cell);
      }
    } else {
      cells.add(layer);
    }
    List<Recording.Layer> layers = new ArrayList<>();
    Direction direction = is(options, "go_backwards") ? Direction.REVERSE : Direction.FORWARD;
    for (Map<?, ?> cell : cells) {
      KerasCell equations =
          new KerasCell(
              kind(cell), options(cell), mask != null, is(options, "zero_output_for_mask"));
      Map<String, Recording.Parameter> parameters = equations.parameters(new Taken());
      layers.add(
          Recording.Layer.of(
              "keras",
              equations.equations(),
              new Recording.Side(direction, parameters, states(equations, firstState))));
    }
    boolean sequences = dense || is(options, "return_sequences");
    layers.add(layers.removeLast().lastStep(!sequences));
    return layers;
  }

  /// Keras' tensors one after the other.
  private final class Taken implements KerasCell.Weights {
    private String name = "";

    @Override
    public Numbers next() {
      name = weights.next();
      return run.tensor(name);
    }

    @Override
    public @Nullable Numbers gradient() {
      return find(run, "grad_" + name);
    }
  }

  private Map<String, Recording.State> states(KerasCell cell, int firstState) {
    Map<String, Recording.State> all = new LinkedHashMap<>();
    for (String name : cell.states()) {
      int number = states++;
      Numbers before = find(run, "state_before_" + number);
      Numbers initial = find(run, "initial_state_" + number);
      boolean returned = firstState < Integer.MAX_VALUE;
      all.put(
          name,
          new Recording.State(
              initial == null ? before : initial,
              returned ? outputs.byNumber().get(firstState + number) : null,
              null,
              returned ? find(run, "grad_output_" + (firstState + number)) : null,
              find(run, "grad_initial_state_" + number)));
    }
    return all;
  }

  /// @param turned whether Keras gives the steps in the order in which it computed them
  /// @param count of outputs side by side, without merging 2
  private Recording recording(
      List<List<Recording.Layer>> branches,
      Recording.Join join,
      boolean sequences,
      boolean turned,
      int count) {
    Map<String, Numbers> inputs = mask == null ? Map.of() : Map.of("m", mask.swapped().expanded(2));
    return new Recording(
        run.name(),
        branches,
        join,
        run.tensor("input").swapped(),
        inputs,
        new int[0],
        new Recording.Results(
            output(outputs.byNumber().get(0), outputs.byNumber().get(1), sequences, turned, count),
            output(
                find(run, "grad_output_0"), find(run, "grad_output_1"), sequences, turned, count),
            run.find("grad_input").map(Numbers::swapped).orElse(null),
            Map.of()),
        outputs.tolerance(),
        Tolerance.GRADIENTS);
  }

  private static @Nullable Numbers output(
      @Nullable Numbers first,
      @Nullable Numbers second,
      boolean sequences,
      boolean turned,
      int count) {
    if (first == null) {
      return null;
    }
    Numbers all = count == 2 ? first.beside(Objects.requireNonNull(second)) : first;
    if (!sequences) {
      return all.expanded(0);
    }
    return turned ? all.swapped().reversed() : all.swapped();
  }
}
