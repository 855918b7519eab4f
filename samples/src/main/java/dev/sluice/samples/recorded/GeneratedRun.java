package dev.sluice.samples.recorded;

import dev.sluice.runtime.Batch;
import dev.sluice.runtime.Direction;
import dev.sluice.runtime.Layer;
import dev.sluice.runtime.Name;
import dev.sluice.runtime.Recurrent;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.Tensor;
import dev.sluice.runtime.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A recording through the Java API, in float: outputs and final states in inference and in
/// training, states of every step, and every gradient.
public final class GeneratedRun implements AutoCloseable {
  private final Recording recording;
  private final Compilation compilation;
  private final List<Sequential> networks = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();

  private GeneratedRun(Recording recording, Compilation compilation) {
    this.recording = recording;
    this.compilation = compilation;
  }

  /// @throws dev.sluice.compiler.CellException when a cell doesn't compile
  /// @throws IllegalArgumentException when the recording has other shapes or names than the cells
  public static List<Comparison> of(Recording recording, Compilation compilation) {
    try (GeneratedRun run = new GeneratedRun(recording, compilation)) {
      for (List<Recording.Layer> branch : recording.branches()) {
        run.networks.add(run.network(branch));
      }
      run.inference();
      run.training();
      return List.copyOf(run.comparisons);
    }
  }

  private Sequential network(List<Recording.Layer> branch) {
    List<Layer> layers = new ArrayList<>();
    int length = recording.x().size(2);
    for (Recording.Layer layer : branch) {
      var cell = compilation.of(layer).cell();
      Map<String, Integer> lengths = Compilation.sizes(cell, layer.sides().getFirst(), length);
      Recurrent recurrent =
          Recurrent.of(compilation.program(layer), new Sizes(new LinkedHashMap<>(lengths)));
      recurrent =
          layer.sides().size() == 2
              ? recurrent.bidirectional(layer.merge())
              : layer.sides().getFirst().direction() == Direction.REVERSE
                  ? recurrent.reverse()
                  : recurrent;
      layers.add(layer.last() ? recurrent.lastStep() : recurrent);
      try (Sequential alone = Sequential.of(recurrent)) {
        length = alone.outputLength();
      }
    }
    Sequential network = Sequential.of(layers.toArray(Layer[]::new));
    everywhere(
        branch,
        (side, layer) ->
            side.parameters()
                .forEach(
                    (symbol, parameter) ->
                        network
                            .weights()
                            .set(
                                new Name(layer, side.direction(), symbol),
                                parameter.value().tensor())));
    return network;
  }

  private interface Place {
    void at(Recording.Side side, int layer);
  }

  private static void everywhere(List<Recording.Layer> branch, Place place) {
    for (int layer = 0; layer < branch.size(); layer++) {
      for (Recording.Side side : branch.get(layer).sides()) {
        place.at(side, layer);
      }
    }
  }

  private Batch batch(List<Recording.Layer> branch) {
    Batch batch = Batch.of(recording.x().tensor()).lengths(recording.lengths());
    for (var input : recording.inputs().entrySet()) {
      batch = batch.input(input.getKey(), input.getValue().tensor());
    }
    return batch.initial(states(branch, Recording.State::initial));
  }

  private interface Part {
    @Nullable Numbers of(Recording.State state);
  }

  private static Map<Name, Tensor> states(List<Recording.Layer> branch, Part part) {
    Map<Name, Tensor> states = new LinkedHashMap<>();
    everywhere(
        branch,
        (side, layer) ->
            side.states()
                .forEach(
                    (symbol, state) -> {
                      Numbers value = part.of(state);
                      if (value != null) {
                        states.put(new Name(layer, side.direction(), symbol), value.tensor());
                      }
                    }));
    return states;
  }

  private void inference() {
    List<Numbers> outputs = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      List<Recording.Layer> branch = recording.branches().get(i);
      try (Session session = networks.get(i).session()) {
        outputs.add(Numbers.of(session.run(batch(branch))));
        compareStates(
            "inference: final ", branch, Recording.State::last, session.finalStates()::get, false);
      }
    }
    compare("inference: output", joined(outputs), recording.results().output());
    if (recording.branches().size() == 1 && recording.lengths().length == 0) {
      stepByStep(recording.branches().getFirst());
    }
  }

  /// States after every step, where they were recorded: of sequences that go on step by step.
  private void stepByStep(List<Recording.Layer> branch) {
    List<Recording.Side> sides = branch.stream().flatMap(layer -> layer.sides().stream()).toList();
    boolean recorded =
        sides.stream().flatMap(s -> s.states().values().stream()).anyMatch(s -> s.all() != null);
    if (!recorded || sides.stream().anyMatch(s -> s.direction() == Direction.REVERSE)) {
      return;
    }
    try (Session session = networks.getFirst().session()) {
      for (int t = 0; t < recording.x().size(0); t++) {
        int step = t;
        Batch batch = Batch.of(recording.x().range(0, t, t + 1).tensor());
        for (var input : recording.inputs().entrySet()) {
          batch = batch.input(input.getKey(), input.getValue().range(0, t, t + 1).tensor());
        }
        session.run(
            t == 0 ? batch.initial(states(branch, Recording.State::initial)) : batch.continuing());
        compareStates(
            "after step " + t + ": ",
            branch,
            state -> state.all() == null ? null : state.all().at(0, step),
            session.finalStates()::get,
            false);
      }
    }
  }

  private void training() {
    List<Training> trainings = new ArrayList<>();
    try {
      List<Numbers> outputs = new ArrayList<>();
      for (int i = 0; i < networks.size(); i++) {
        List<Recording.Layer> branch = recording.branches().get(i);
        Training training = networks.get(i).training().withoutMasks();
        trainings.add(training);
        outputs.add(Numbers.of(training.forward(batch(branch))));
        compareStates(
            "training: final ", branch, Recording.State::last, training.finalStates()::get, false);
      }
      compare("training: output", joined(outputs), recording.results().output());
      if (recording.hasGradients()) {
        backward(trainings, outputs);
      }
    } finally {
      trainings.forEach(Training::close);
    }
  }

  private void backward(List<Training> trainings, List<Numbers> outputs) {
    for (int i = 0; i < trainings.size(); i++) {
      List<Recording.Layer> branch = recording.branches().get(i);
      Training training = trainings.get(i);
      training.backward(
          outputGradient(i, outputs).tensor(), states(branch, Recording.State::lastGradient));
      compareStates(
          "grad initial ",
          branch,
          Recording.State::initialGradient,
          training.initialStateGradients()::get,
          true);
      everywhere(branch, (side, layer) -> compareParameters(training, side, layer));
    }
    compareGradient(
        "grad x",
        sum(trainings.stream().map(Training::inputGradient).map(Numbers::of).toList()),
        recording.results().inputGradient());
    recording
        .results()
        .inputGradients()
        .forEach(
            (name, expected) ->
                compareGradient(
                    "grad " + name,
                    sum(trainings.stream().map(t -> Numbers.of(t.inputGradient(name))).toList()),
                    expected));
  }

  private static Numbers sum(List<Numbers> all) {
    return all.stream().reduce(Numbers::plus).orElseThrow();
  }

  private void compareParameters(Training training, Recording.Side side, int layer) {
    side.parameters()
        .forEach(
            (symbol, parameter) -> {
              Name name = new Name(layer, side.direction(), symbol);
              compareGradient(
                  "grad " + name, Numbers.of(training.gradients().get(name)), parameter.gradient());
            });
  }

  private Numbers joined(List<Numbers> outputs) {
    return outputs.stream()
        .reduce(
            (a, b) ->
                switch (recording.join()) {
                  case CONCAT -> a.beside(b);
                  case SUM, MEAN -> a.plus(b);
                  case PRODUCT -> a.with(b, (x, y) -> x * y);
                })
        .map(all -> recording.join() == Recording.Join.MEAN ? all.over(outputs.size()) : all)
        .orElseThrow();
  }

  /// ∂L/∂(output of a branch).
  private Numbers outputGradient(int branch, List<Numbers> outputs) {
    Numbers whole = Optional.ofNullable(recording.results().outputGradient()).orElseThrow();
    if (outputs.size() == 1) {
      return whole;
    }
    return switch (recording.join()) {
      case CONCAT -> {
        int from = outputs.stream().limit(branch).mapToInt(o -> o.size(-1)).sum();
        yield whole.range(whole.rank() - 1, from, from + outputs.get(branch).size(-1));
      }
      case SUM -> whole;
      case MEAN -> whole.over(outputs.size());
      case PRODUCT -> {
        Numbers gradient = whole;
        for (int i = 0; i < outputs.size(); i++) {
          gradient = i == branch ? gradient : gradient.with(outputs.get(i), (x, y) -> x * y);
        }
        yield gradient;
      }
    };
  }

  private interface Lookup {
    @Nullable Tensor of(Name name);
  }

  private void compareStates(
      String what, List<Recording.Layer> branch, Part part, Lookup actual, boolean gradient) {
    everywhere(
        branch,
        (side, layer) ->
            side.states()
                .forEach(
                    (symbol, state) -> {
                      Numbers expected = part.of(state);
                      if (expected != null) {
                        Name name = new Name(layer, side.direction(), symbol);
                        Tensor ours = actual.of(name);
                        if (ours == null) {
                          throw new IllegalArgumentException("the network has no state " + name);
                        }
                        add(what + name, Numbers.of(ours), expected, gradient);
                      }
                    }));
  }

  private void compare(String what, Numbers actual, @Nullable Numbers expected) {
    if (expected != null) {
      add(what, actual, expected, false);
    }
  }

  private void compareGradient(String what, Numbers actual, @Nullable Numbers expected) {
    if (expected != null) {
      add(what, actual, expected, true);
    }
  }

  private void add(String what, Numbers actual, Numbers expected, boolean gradient) {
    Tolerance tolerance = gradient ? recording.gradients() : recording.values();
    comparisons.add(Comparison.of(what, actual, expected, tolerance));
  }

  @Override
  public void close() {
    networks.forEach(Sequential::close);
  }
}
