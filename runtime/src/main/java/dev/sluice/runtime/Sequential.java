package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.Team;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A network: layers on top of each other, and the memory of their weights.
///
///     try (var network = Sequential.of(lstm.stacked(2), Linear.of(256, 65)).initialise(42);
///         var session = network.session()) {
///       session.step(x, out);
///     }
///
/// Threads: the network and its weights may be shared by any number of callers; each needs its own
/// [Session] or [Training], which one thread calls at a time. Inside, a pass is shared out among
/// the threads of one pool.
public final class Sequential implements AutoCloseable {
  private final List<Level> levels;
  private final Weights weights;
  private final long memory;

  private Sequential(List<Level> levels, long memory) {
    this.levels = levels;
    this.memory = memory;
    this.weights = new Weights(levels.stream().flatMap(level -> level.cells().stream()).toList());
  }

  /// Layers from the lowest to the highest; weights are 0 until [#initialise] or they are set.
  ///
  /// @throws IllegalArgumentException when a layer doesn't take what the one below gives
  public static Sequential of(Layer... layers) {
    if (layers.length == 0) {
      throw new IllegalArgumentException("a network needs a layer");
    }
    List<Level> levels = new ArrayList<>();
    long memory = Long.MAX_VALUE;
    for (Layer layer : layers) {
      Recurrent cells =
          switch (layer) {
            case Recurrent recurrent -> recurrent;
            case Linear linear -> linear.cell();
          };
      addStack(levels, cells);
      memory = Math.min(memory, cells.program().memory());
    }
    checkInputs(levels);
    return new Sequential(List.copyOf(levels), memory);
  }

  private static void addStack(List<Level> levels, Recurrent layer) {
    CellCode code = layer.bind(layer.sizes());
    for (int depth = 0; depth < layer.depth(); depth++) {
      // Layers of one size share their code.
      if (depth > 0 && code.inputs().getFirst().length() != levels.getLast().outputLength()) {
        code = layer.bindTo(levels.getLast().outputLength());
      }
      int number = levels.size();
      List<Placed> cells = new ArrayList<>();
      for (Direction direction : layer.directions()) {
        cells.add(new Placed(number, direction, layer.program().name(), code));
      }
      int first = levels.isEmpty() ? 0 : levels.getLast().first() + levels.getLast().cells().size();
      Level level =
          new Level(cells, first, layer.merge(), layer.last() && depth == layer.depth() - 1);
      if (!levels.isEmpty() && levels.getLast().outputLength() != level.inputLength()) {
        throw new IllegalArgumentException(
            "%s reads %d floats a step, but the layer below gives %d"
                .formatted(cells.getFirst(), level.inputLength(), levels.getLast().outputLength()));
      }
      levels.add(level);
    }
  }

  private static void checkInputs(List<Level> levels) {
    boolean last = false;
    SequencedMap<String, Integer> seen = new LinkedHashMap<>();
    for (Level level : levels) {
      for (CellCode.Slot slot : level.moreInputs()) {
        Integer before = seen.putIfAbsent(slot.name(), slot.length());
        if (before != null && before != slot.length()) {
          throw new IllegalArgumentException(
              "input %s has %d floats for one layer and %d for %s"
                  .formatted(slot.name(), before, slot.length(), level.cells().getFirst()));
        }
        if (last) {
          throw new IllegalArgumentException(
              "%s reads the input %s at every step, but stands above a layer that gives its last step only"
                  .formatted(level.cells().getFirst(), slot.name()));
        }
      }
      last |= level.last();
    }
  }

  /// Sets all weights as the cells' `init` lines say, by default uniform in ±1/√columns for
  /// matrices and 0 for vectors. The same seed gives the same weights.
  public Sequential initialise(long seed) {
    weights.initialise(seed);
    return this;
  }

  public Weights weights() {
    return weights;
  }

  /// A new session for one caller at a time. A pass may use all processors, or
  /// `-Dsluice.threads=n` of them, for as much as its work is worth.
  public Session session() {
    return session(Team.defaultSize());
  }

  /// A new session whose passes run on the calling thread and on up to `threads - 1` helpers.
  /// Helpers belong to the JVM: those that another session is using are done without. Results are
  /// the same to the bit, whatever the number.
  ///
  /// @param threads 1 to 1024
  public Session session(int threads) {
    return session(threads, WeightFormat.FLOAT32);
  }

  /// A new session that keeps the weights of its products in fewer bits, on as many threads as
  /// [#session(int)].
  ///
  /// Weights may be changed as ever; passes throw an [IllegalArgumentException] while there is one
  /// that the format can't hold.
  public Session session(int threads, WeightFormat format) {
    return new Session(this, threads, format).memory(memory);
  }

  /// A new session that trains, for one caller at a time, on as many threads as [#session()].
  public Training training() {
    return training(Team.defaultSize());
  }

  /// A new session that trains, on as many threads as [#session(int)].
  public Training training(int threads) {
    return new Training(this, threads).memory(memory);
  }

  /// Floats of x at every step.
  public int inputLength() {
    return levels.getFirst().inputLength();
  }

  /// Floats of the output at every step.
  public int outputLength() {
    return levels.getLast().outputLength();
  }

  /// The inputs beside x with their lengths, in order of appearance.
  public SequencedMap<String, Integer> moreInputs() {
    SequencedMap<String, Integer> inputs = new LinkedHashMap<>();
    levels.forEach(
        level -> level.moreInputs().forEach(slot -> inputs.put(slot.name(), slot.length())));
    return inputs;
  }

  /// Every state, lowest layer first.
  public List<Name> states() {
    return weights.cells().stream()
        .flatMap(cell -> cell.code().states().stream().map(slot -> cell.name(slot.name())))
        .toList();
  }

  List<Level> levels() {
    return levels;
  }

  /// Gives the memory of the weights back, after the passes that run; sessions of this network can
  /// then only be closed.
  @Override
  public void close() {
    weights.close();
  }
}
