package dev.sluice.runtime;

import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.Team;
import java.time.Duration;
import java.util.Map;
import java.util.SequencedMap;

/// Runs a network forward. One thread at a time; sessions of one network share its weights, so each
/// thread takes its own.
///
/// Memory is kept from call to call and grows with the largest batch.
public final class Session implements AutoCloseable {
  private final Guard guard = new Guard("session");
  private final Pass pass;

  Session(Sequential network, int threads, WeightFormat format) {
    WeightForm form = new WeightForm(Mode.INFERENCE, format);
    this.pass = new Pass(network, form, null, Team.of(threads));
  }

  /// Keeps the memory off the heap that this session and the network's weights take together within
  /// a limit: where sequences are too long, cells run them in chunks of steps.
  ///
  /// @param bytes [Long#MAX_VALUE] for no limit
  public Session memory(long bytes) {
    guard.enter();
    try {
      pass.limit(bytes);
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

  /// Bytes off the heap that this session and the network's weights take now.
  public long memoryUsed() {
    guard.enter();
    try {
      return pass.bytes();
    } finally {
      guard.exit();
    }
  }

  /// Runs whole sequences of equal length, from the cells' own initial states.
  ///
  /// @param x [T, B, I]
  /// @return the output, [T, B, O]
  public Tensor run(Tensor x) {
    return run(Batch.of(x));
  }

  /// Runs a batch.
  ///
  /// @return the output, [T, B, O], 0 past the end of a sequence; [1, B, O] above a layer that
  /// gives its last step
  /// @throws IllegalArgumentException when a shape, a length or a name doesn't fit
  public Tensor run(Batch batch) {
    guard.enter();
    try {
      pass.check(batch);
      Tensor output = Tensor.zeros(pass.outputShape(batch));
      pass.forward(batch, output);
      return output;
    } finally {
      guard.exit();
    }
  }

  /// Runs a batch into a tensor of the caller's, which may lie where an input does.
  public void run(Batch batch, Tensor output) {
    guard.enter();
    try {
      pass.check(batch);
      pass.forward(batch, output);
    } finally {
      guard.exit();
    }
  }

  /// One step of one sequence, or of B side by side; goes on where the last call ended. Allocates
  /// nothing.
  ///
  /// @param x [B · I] floats
  /// @param output takes [B · O] floats
  /// @throws IllegalArgumentException when a length doesn't fit, or the network has a reverse
  /// direction
  public void step(float[] x, float[] output) {
    step(x, Map.of(), output);
  }

  /// One step of a network with more than one input.
  ///
  /// @param inputs the others by name, [B · length] floats each
  public void step(float[] x, Map<String, float[]> inputs, float[] output) {
    guard.enter();
    try {
      pass.step(x, inputs, output);
    } finally {
      guard.exit();
    }
  }

  /// Runs passes over zeros until the JVM has compiled what they need, and forgets the states: call
  /// it after loading, perhaps in a thread of its own, and the first real pass is as fast as later
  /// ones. One step is enough for [#step]; batches of more than three sequences and of fewer run
  /// other code.
  ///
  /// @param most how long it may take, but for the pass that runs then
  public void warmUp(int steps, int batch, Duration most) {
    guard.enter();
    try {
      Batch zeros = pass.zeros(steps, batch);
      Tensor output = Tensor.zeros(pass.outputShape(zeros));
      WarmUp.run(() -> pass.forward(zeros, output), most);
      pass.reset();
    } finally {
      guard.exit();
    }
  }

  /// Forgets the states: the next step starts from the cells' own initial states.
  public void reset() {
    guard.enter();
    try {
      pass.reset();
    } finally {
      guard.exit();
    }
  }

  /// Copies of all states where the last call ended, each [B, length]: each sequence's own last
  /// step in its direction.
  public SequencedMap<Name, Tensor> finalStates() {
    guard.enter();
    try {
      return pass.finalStates();
    } finally {
      guard.exit();
    }
  }

  /// Gives the memory back; closing again does nothing.
  ///
  /// @throws IllegalStateException while another thread is inside
  @Override
  public void close() {
    guard.close(pass::close);
  }
}
