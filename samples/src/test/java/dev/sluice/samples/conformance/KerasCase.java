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
  private final KerasOutputs outputs;
  private int states;

  private KerasCase(RecordedCase run, KerasOutputs outputs) {
    this.run = run;
    this.config = run.map("config");
    this.mask = mask(run, config);
    this.outputs = outputs;
    this.weights =
        run.tensors().keySet().stream().filter(name -> name.startsWith("weight_")).iterator();
  }

  /// What Keras computed, and what a test of Keras' expects.
  static List<Recording> recordings(RecordedCase run) {
    List<Recording> all = new ArrayList<>();
    all.add(new KerasCase(run, KerasOutputs.computed(run)).recording());
    if (run.json().containsKey("goldens")) {
      all.add(new KerasCase(run, KerasOutputs.typed(run)).recording());
    }
    return all;
  }

  /// [B, T]: given, or what a layer `Masking` in front makes of the input.
  private static @Nullable Numbers mask(RecordedCase run, Map<?, ?> config) {
    if (options(config).get("layers") instanceof List<?> layers) {
      for (Object layer : layers) {
        if (kind((Map<?, ?>) layer).equals("Masking")) {
          double masked =
              (Double) Objects.requireNonNull(options((Map<?, ?>) layer).get("mask_value"));
          return run.tensor("input").rowsWithout(masked);
        }
      }
    }
    return find(run, "mask");
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
              List.of(stack(config, 1, false)),
              Recording.Join.CONCAT,
              is(options, "return_sequences"),
              is(options, "go_backwards"),
              1);
    };
  }

  /// A layer that goes backwards hands its steps on in the order in which it computed them: the
  /// layers above run the other way round too.
  private Recording sequential(Map<?, ?> options) {
    List<Recording.Layer> layers = new ArrayList<>();
    boolean sequences = true;
    boolean turned = false;
    for (Object layer : (List<?>) Objects.requireNonNull(options.get("layers"))) {
      Map<?, ?> one = unwrapped((Map<?, ?>) layer);
      switch (kind(one)) {
        case "InputLayer", "Dropout", "Masking" -> {}
        case "Bidirectional" -> {
          if (turned) {
            throw unknown("a bidirectional layer above one that goes backwards");
          }
          layers.add(both(options(one)));
          sequences &= is(options(inner(one, "layer")), "return_sequences");
        }
        default -> {
          layers.addAll(stack(one, Integer.MAX_VALUE, turned));
          turned ^= is(options(one), "go_backwards");
          sequences &= kind(one).equals("Dense") || is(options(one), "return_sequences");
        }
      }
    }
    return recording(List.of(layers), Recording.Join.CONCAT, sequences, turned, 1);
  }

  private static Map<?, ?> unwrapped(Map<?, ?> layer) {
    return kind(layer).equals("TimeDistributed") ? inner(layer, "layer") : layer;
  }

  private static Map<?, ?> inner(Map<?, ?> layer, String name) {
    return (Map<?, ?>) Objects.requireNonNull(options(layer).get(name));
  }

  private IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException(run + ": no network here for " + what);
  }

  /// Both directions of one cell as one layer of a model.
  private Recording.Layer both(Map<?, ?> options) {
    int states = Integer.MAX_VALUE;
    Recording.Layer one = direction(options, "layer", states);
    Recording.Layer other = direction(options, "backward_layer", states);
    String mode = String.valueOf(options.get("merge_mode"));
    if (!one.equations().equals(other.equations())) {
      throw unknown("directions of different cells in a model");
    }
    return together(
        one,
        other,
        switch (mode) {
          case "concat" -> Merge.CONCAT;
          case "sum" -> Merge.SUM;
          case "ave" -> Merge.MEAN;
          default -> throw unknown("merge mode " + mode + " in a model");
        });
  }

  private Recording.Layer direction(Map<?, ?> options, String layer, int firstState) {
    Map<?, ?> one = (Map<?, ?>) Objects.requireNonNull(options.get(layer));
    return stack(one, firstState, false).getFirst();
  }

  private static Recording.Layer together(Recording.Layer one, Recording.Layer other, Merge merge) {
    return new Recording.Layer(
        one.name(),
        one.equations(),
        Map.of(),
        List.of(one.sides().getFirst(), other.sides().getFirst()),
        merge,
        one.last());
  }

  /// Directions are branches, for their cells may differ; sums of one cell's are one layer.
  private Recording bidirectional(Map<?, ?> options) {
    String mode = options.get("merge_mode") instanceof String given ? given : "null";
    Map<?, ?> forward = options((Map<?, ?>) Objects.requireNonNull(options.get("layer")));
    boolean sequences = is(forward, "return_sequences");
    boolean turned = is(forward, "go_backwards");
    int outputs = mode.equals("null") ? 2 : 1;
    Recording.Layer one = direction(options, "layer", outputs);
    Recording.Layer other = direction(options, "backward_layer", outputs);
    boolean same = one.equations().equals(other.equations());
    if (same && List.of("sum", "ave").contains(mode)) {
      Merge merge = mode.equals("sum") ? Merge.SUM : Merge.MEAN;
      return recording(
          List.of(List.of(together(one, other, merge))),
          Recording.Join.CONCAT,
          sequences,
          turned,
          outputs);
    }
    Recording.Join join =
        switch (mode) {
          case "sum" -> Recording.Join.SUM;
          case "ave" -> Recording.Join.MEAN;
          case "mul" -> Recording.Join.PRODUCT;
          default -> Recording.Join.CONCAT;
        };
    return recording(List.of(List.of(one), List.of(other)), join, sequences, turned, outputs);
  }

  /// The layers of a layer: several for stacked cells.
  ///
  /// @param firstState number of the output that is the first state
  /// @param turned whether it is given the last step first
  private List<Recording.Layer> stack(Map<?, ?> layer, int firstState, boolean turned) {
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
    boolean reverse = turned != is(options, "go_backwards");
    Direction direction = reverse ? Direction.REVERSE : Direction.FORWARD;
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
