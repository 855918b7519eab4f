package dev.sluice.runtime;

import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.Team;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// Runs a network forward and back. One thread at a time; several may train on one network's
/// weights, each with its own Training, and add their [Gradients] up.
///
///     Tensor y = training.forward(x);
///     double loss = CrossEntropy.loss(y, targets, gradient);
///     training.gradients().zero();
///     training.backward(gradient);
///     training.gradients().clipNorm(1);
///     adam.step(training.gradients());
public final class Training implements AutoCloseable {
  private final Guard guard = new Guard("training session");
  private final Gradients gradients;
  private final Pass pass;
  private Progress progress = Progress.NONE;

  private enum Progress {
    NONE,
    FORWARD,
    BACKWARD
  }

  Training(Sequential network, int threads) {
    Team team = Team.of(threads);
    WeightForm form = new WeightForm(Mode.TRAINING, WeightFormat.FLOAT32);
    this.gradients = new Gradients(network.weights());
    try {
      this.pass = new Pass(network, form, gradients, team);
    } catch (Throwable e) {
      gradients.close();
      throw e;
    }
  }

  /// Keeps the memory off the heap that this training and the network's weights take together
  /// within a limit: where the values of all steps don't fit, cells run in chunks of steps, and
  /// forward again on the way back. Gradients are the same but for rounding.
  ///
  /// @param bytes [Long#MAX_VALUE] for no limit
  public Training memory(long bytes) {
    guard.enter();
    try {
      progress = Progress.NONE;
      pass.limit(bytes);
      return this;
    } finally {
      guard.exit();
    }
  }

  /// Sets the seed of the cells' random masks (dropout, zoneout). Passes forward after it have the
  /// same masks, one after the other, on any number of threads and within any limit of memory;
  /// without it the seed is 0. Warming up doesn't count.
  public Training seed(long seed) {
    guard.enter();
    try {
      pass.seed(OptionalLong.of(seed));
      return this;
    } finally {
      guard.exit();
    }
  }

  /// From now on the cells' random masks are what they are on average, as in inference, until
  /// [#seed] is called.
  public Training withoutMasks() {
    guard.enter();
    try {
      pass.seed(OptionalLong.empty());
      return this;
    } finally {
      guard.exit();
    }
  }

  /// What a batch will take off the heap together with the network's weights, and how it will keep
  /// within the limit of [#memory].
  ///
  /// @throws IllegalArgumentException when it can't
  public MemoryPlan plan(int steps, int batch) {
    return pass.plan(steps, batch);
  }

  /// Bytes off the heap that this training and the network's weights take now: with what has been
  /// allocated for the largest batch so far.
  public long memoryUsed() {
    guard.enter();
    try {
      return pass.bytes() + gradients.bytes();
    } finally {
      guard.exit();
    }
  }

  /// Runs whole sequences of equal length, from the cells' own initial states.
  public Tensor forward(Tensor x) {
    return forward(Batch.of(x));
  }

  /// Runs a batch and keeps what the way back needs.
  ///
  /// @return the output, [T, B, O], 0 past the end of a sequence; [1, B, O] above a layer that
  /// gives its last step
  public Tensor forward(Batch batch) {
    guard.enter();
    try {
      pass.check(batch);
      Tensor output = Tensor.zeros(pass.outputShape(batch));
      run(batch, output);
      return output;
    } finally {
      guard.exit();
    }
  }

  /// Runs a batch into a tensor of the caller's.
  public void forward(Batch batch, Tensor output) {
    guard.enter();
    try {
      pass.check(batch);
      run(batch, output);
    } finally {
      guard.exit();
    }
  }

  private void run(Batch batch, Tensor output) {
    progress = Progress.NONE;
    pass.forward(batch, output);
    progress = Progress.FORWARD;
  }

  /// The way back of the last [#forward], for a loss of the output alone.
  public void backward(Tensor outputGradient) {
    backward(outputGradient, Map.of());
  }

  /// The way back of the last [#forward], once for each. Adds the gradients of the parameters to
  /// [#gradients].
  ///
  /// @param outputGradient ∂L/∂output, of the output's shape; what it says past the end of a
  /// sequence doesn't count
  /// @param finalGradients ∂L/∂(final state), [B, length]; 0 for states that are not there
  /// @throws IllegalStateException without a forward pass before it, or when the weights have
  /// changed since
  public void backward(Tensor outputGradient, Map<Name, Tensor> finalGradients) {
    guard.enter();
    try {
      if (progress != Progress.FORWARD) {
        throw new IllegalStateException(
            "backward without a forward pass before it: each forward serves one backward");
      }
      pass.backward(outputGradient, finalGradients);
      progress = Progress.BACKWARD;
    } finally {
      guard.exit();
    }
  }

  /// Runs passes over zeros, forward and back, until the JVM has compiled what they need; the
  /// gradients of parameters stay as they are.
  ///
  /// @param most how long it may take, but for the pass that runs then
  public void warmUp(int steps, int batch, Duration most) {
    guard.enter();
    try {
      progress = Progress.NONE;
      Batch zeros = pass.zeros(steps, batch);
      Tensor output = Tensor.zeros(pass.outputShape(zeros));
      Tensor gradient = Tensor.zeros(pass.outputShape(zeros));
      pass.aside(
          () ->
              WarmUp.run(
                  () -> {
                    pass.forward(zeros, output);
                    pass.backward(gradient, Map.of());
                  },
                  most));
    } finally {
      guard.exit();
    }
  }

  /// Gradients of the parameters: the sum of all backward passes since they were zeroed.
  public Gradients gradients() {
    return gradients;
  }

  /// ∂L/∂x of the last backward pass, [T, B, I].
  public Tensor inputGradient() {
    return inputGradientOf(0);
  }

  /// ∂L/∂(another input), [T, B, length]: the sum over the layers that read it.
  public Tensor inputGradient(String name) {
    return inputGradientOf(pass.input(name));
  }

  private Tensor inputGradientOf(int input) {
    guard.enter();
    try {
      checkBackward();
      return pass.inputGradient(input);
    } finally {
      guard.exit();
    }
  }

  /// ∂L/∂(initial state) of the last backward pass, [B, length].
  public SequencedMap<Name, Tensor> initialStateGradients() {
    guard.enter();
    try {
      checkBackward();
      return pass.stateGradients();
    } finally {
      guard.exit();
    }
  }

  private void checkBackward() {
    if (progress != Progress.BACKWARD) {
      throw new IllegalStateException("no gradients: run backward after forward");
    }
  }

  /// Copies of all states where the last forward pass ended, each [B, length].
  public SequencedMap<Name, Tensor> finalStates() {
    guard.enter();
    try {
      return pass.finalStates();
    } finally {
      guard.exit();
    }
  }

  /// A state after every step of the last forward pass, [T, B, length]; 0 past the end of a
  /// sequence.
  public Tensor states(Name name) {
    guard.enter();
    try {
      if (progress == Progress.NONE) {
        throw new IllegalStateException("no states: run forward first");
      }
      return pass.trajectory(name);
    } finally {
      guard.exit();
    }
  }

  /// Gives the memory back, that of the gradients too; closing again does nothing.
  ///
  /// @throws IllegalStateException while another thread is inside
  @Override
  public void close() {
    guard.close(
        () -> {
          pass.close();
          gradients.close();
        });
  }
}
