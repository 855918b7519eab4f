package dev.sluice.runtime;

import dev.sluice.runtime.spi.Masks;
import dev.sluice.runtime.spi.Team;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A network unrolled: what [Session] and [Training] have in common. Not for several threads at
/// once.
final class Pass implements AutoCloseable {
  private static final int[] FULL_LENGTH = {};

  private final Weights weights;
  private final WeightForm form;
  private final @Nullable Gradients gradients;
  private final Stage[] stages;
  private final Inputs inputs;
  private final States states = new States();
  private final Layout all = new Layout();
  private final Layout single = new Layout();
  private final boolean givesLastStep;
  private final Planner planner;
  private final Workspace shared = new Workspace("frames of chunked cells");
  private long limit = Long.MAX_VALUE;
  private @Nullable MemoryPlan plan;
  private int position;
  private OptionalLong seed = OptionalLong.of(0);

  /// Passes forward since the seed was set.
  private long passes;

  /// Number of the last pass's first step.
  private int startedAt;

  private long ranVersion;

  /// @param gradients null in inference
  /// @param team runs all of its passes
  Pass(Sequential network, WeightForm form, @Nullable Gradients gradients, Team team) {
    this.weights = network.weights();
    this.form = form;
    this.gradients = gradients;
    this.inputs = new Inputs(network.inputLength(), network.moreInputs());
    this.stages =
        network.levels().stream().map(level -> stage(level, gradients, team)).toArray(Stage[]::new);
    this.planner = new Planner(network, form, team.size());
    this.givesLastStep = network.levels().stream().anyMatch(Level::last);
  }

  private Stage stage(Level level, @Nullable Gradients gradients, Team team) {
    Unit[] units = new Unit[level.cells().size()];
    for (int u = 0; u < units.length; u++) {
      int index = level.first() + u;
      Placed cell = level.cells().get(u);
      int[] sources =
          cell.code().inputs().stream()
              .skip(1)
              .mapToInt(slot -> inputs.find(slot.name()))
              .toArray();
      units[u] =
          new Unit(
              weights,
              index,
              form,
              sources,
              gradients == null ? MemorySegment.NULL : gradients.block(index),
              team);
      states.add(units[u]);
    }
    return new Stage(level, units, form.mode(), inputs);
  }

  private Stage top() {
    return stages[stages.length - 1];
  }

  private Layout topLayout() {
    return givesLastStep ? single : all;
  }

  /// [T, B, O], or [1, B, O] when a layer gives its last step only.
  int[] outputShape(Batch batch) {
    return new int[] {
      givesLastStep ? 1 : batch.x().size(0), batch.x().size(1), top().outputLength()
    };
  }

  /// A batch of zeros.
  Batch zeros(int steps, int sequences) {
    Batch batch = Batch.of(Tensor.zeros(steps, sequences, inputs.length(0)));
    for (int i = 1; i < inputs.count(); i++) {
      batch = batch.input(inputs.name(i), Tensor.zeros(steps, sequences, inputs.length(i)));
    }
    return batch;
  }

  /// @throws IllegalArgumentException when the batch doesn't fit the network
  void check(Batch batch) {
    inputs.check(batch);
    states.check("initial state", batch.initial(), batch.x().size(1));
    if (batch.continued()) {
      states.checkContinued(batch.x().size(1));
    }
  }

  /// Runs a batch that [#check] has seen.
  void forward(Batch batch, Tensor output) {
    if (!output.hasShape(outputShape(batch))) {
      throw new IllegalArgumentException(
          "output: expected the shape %s, found %s"
              .formatted(java.util.Arrays.toString(outputShape(batch)), output.shapeText()));
    }
    int sequences = batch.x().size(1);
    all.set(batch.x().size(0), sequences, batch.lengths());
    keepWithinLimit(batch.continued());
    startStates(sequences, batch.continued());
    states.startFrom(batch.initial());
    inputs.set(batch, all, readsAgain());
    run();
    top().output().write(output, topLayout(), false);
  }

  /// One step of sequences that go on; allocates nothing once a batch of the size has been seen.
  void step(float[] x, Map<String, float[]> more, float[] output) {
    int sequences = x.length / inputs.length(0);
    inputs.checkStep(sequences, x, more);
    int outputs = top().outputLength();
    if (output.length != sequences * outputs) {
      throw new IllegalArgumentException(
          "output of a step: expected %d floats for each of %d sequences, found %d"
              .formatted(outputs, sequences, output.length));
    }
    states.checkContinued(sequences);
    all.set(1, sequences, FULL_LENGTH);
    keepWithinLimit(true);
    startStates(sequences, true);
    inputs.setStep(x, more);
    run();
    top().output().write(output, sequences);
  }

  void reset() {
    states.reset();
  }

  /// Starts the random masks over; empty for what they are on average.
  void seed(OptionalLong seed) {
    this.seed = seed;
    passes = 0;
  }

  /// Runs what leaves the masks of later passes as they would have been.
  void aside(Runnable work) {
    long before = passes;
    try {
      work.run();
    } finally {
      passes = before;
    }
  }

  /// Every pass and every cell has masks of its own.
  private void seedMasks() {
    long pass = Masks.seed(seed.orElse(0), passes++);
    for (Stage stage : stages) {
      for (int u = 0; u < stage.units().length; u++) {
        long own = Masks.seed(pass, stage.level().first() + u);
        stage.units()[u].maskSeed(seed.isPresent(), own);
      }
    }
  }

  /// @param bytes off the heap that the network's weights and this session may take together
  void limit(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "a limit of %d bytes off the heap: expected 1 or more".formatted(bytes));
    }
    limit = bytes;
    plan = null;
  }

  MemoryPlan plan(int steps, int batch) {
    return planner.plan(steps, batch, Math.multiplyExact((long) steps, batch), limit);
  }

  /// Lays out anew when there is no plan for a batch as large as this.
  ///
  /// @throws IllegalArgumentException when no plan keeps within the limit
  private void keepWithinLimit(boolean continued) {
    MemoryPlan current = plan;
    if (limit == Long.MAX_VALUE && current == null && shared.bytes() == 0
        || current != null && current.covers(all.steps(), all.batch(), all.pairs())) {
      return;
    }
    MemoryPlan next = planner.plan(all.steps(), all.batch(), all.pairs(), limit);
    release();
    for (Stage stage : stages) {
      for (int i = 0; i < stage.units().length; i++) {
        boolean chunked = Planner.isChunked(next, stage.level().first() + i);
        stage.chunk(i, chunked, next.chunk(), shared);
        if (!continued) {
          stage.units()[i].closeStates();
        }
      }
    }
    plan = limit == Long.MAX_VALUE ? null : next;
  }

  private void release() {
    for (Stage stage : stages) {
      stage.release();
    }
    inputs.close();
    shared.close();
  }

  /// Bytes off the heap that it takes now.
  long bytes() {
    long sum = inputs.bytes() + shared.bytes() + weights.bytes(form);
    for (Stage stage : stages) {
      sum += stage.bytes();
    }
    return sum;
  }

  private void startStates(int sequences, boolean continued) {
    if (states.start(sequences, continued)) {
      position = 0;
    }
  }

  private boolean readsAgain() {
    boolean again = false;
    for (Stage stage : stages) {
      again |= stage.readsAgain();
    }
    return again;
  }

  private void run() {
    try {
      runStages();
    } finally {
      inputs.giveBack();
    }
  }

  private void runStages() {
    long stamp = weights.acquire(form);
    try {
      ranVersion = weights.version();
      single.setSingle(all);
      Layout layout = all;
      Source below = inputs.value(0);
      startedAt = position;
      seedMasks();
      for (Stage stage : stages) {
        Layout next = stage.level().last() ? single : layout;
        stage.forward(layout, next, below, position);
        layout = next;
        below = stage.output();
      }
      position += all.steps();
    } finally {
      weights.release(stamp);
    }
  }

  /// The way back of the last [#forward].
  ///
  /// @param finals gradients of final states, [B, length]; 0 for the others
  void backward(Tensor outputGradient, Map<Name, Tensor> finals) {
    int[] shape = {topLayout().paddedSteps(), all.batch(), top().outputLength()};
    if (!outputGradient.hasShape(shape)) {
      throw new IllegalArgumentException(
          "output gradient: expected the output's shape %s, found %s"
              .formatted(java.util.Arrays.toString(shape), outputGradient.shapeText()));
    }
    states.check("gradient of the final state", finals, all.batch());
    states.setGradients(finals, all.batch());
    inputs.clearGradients(all);
    top().outputGradient().room(topLayout().pairs());
    top().outputGradient().read(outputGradient, topLayout());
    runBack();
  }

  private void runBack() {
    long stamp = weights.acquire(form);
    try {
      checkUnchanged();
      for (int s = stages.length - 1; s >= 0; s--) {
        Layout layout = layoutBelow(s);
        Rows gradient = inputs.gradient(0);
        if (s > 0) {
          gradient = stages[s - 1].outputGradient();
          gradient.room(layout.pairs());
          gradient.fill(layout.pairs(), 0);
        }
        stages[s].backward(layout, below(s), gradient, startedAt);
      }
      Objects.requireNonNull(gradients).passBack();
    } finally {
      weights.release(stamp);
    }
  }

  private void checkUnchanged() {
    if (ranVersion != weights.version()) {
      throw new IllegalStateException(
          "the weights have changed since the forward pass: run it again");
    }
  }

  /// What a stage reads.
  private Source below(int stage) {
    return stage == 0 ? inputs.value(0) : stages[stage - 1].output();
  }

  /// Layout of what a stage reads.
  private Layout layoutBelow(int stage) {
    for (int s = 0; s < stage; s++) {
      if (stages[s].level().last()) {
        return single;
      }
    }
    return all;
  }

  SequencedMap<Name, Tensor> finalStates() {
    return states.finals();
  }

  /// ∂L/∂(initial state): that of a state includes those of the states that started as it did.
  SequencedMap<Name, Tensor> stateGradients() {
    return states.gradients();
  }

  /// ∂L/∂input of the last [#backward], [T, B, length].
  Tensor inputGradient(int input) {
    Tensor copy = Tensor.zeros(all.paddedSteps(), all.batch(), inputs.length(input));
    inputs.gradient(input).write(copy, all, false);
    return copy;
  }

  int input(String name) {
    return inputs.find(name);
  }

  /// A state after every step of the last training pass, [T, B, length] or [T, B, rows, columns].
  Tensor trajectory(Name name) {
    States.StateOf state = states.get(name);
    int s = 0;
    while (!List.of(stages[s].units()).contains(state.unit())) {
      s++;
    }
    int unit = List.of(stages[s].units()).indexOf(state.unit());
    Layout layout = layoutBelow(s);
    Tensor copy = Tensor.zeros(state.shape(layout.paddedSteps(), layout.batch()));
    long stamp = weights.acquire(form);
    try {
      if (plan != null) {
        checkUnchanged();
      }
      stages[s].trajectory(unit, state.state(), layout, below(s), startedAt, copy);
    } finally {
      weights.release(stamp);
    }
    return copy;
  }

  @Override
  public void close() {
    for (Stage stage : stages) {
      stage.close();
    }
    inputs.close();
    shared.close();
  }
}
