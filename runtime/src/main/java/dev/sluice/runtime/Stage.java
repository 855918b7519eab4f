package dev.sluice.runtime;

import dev.sluice.runtime.spi.Mode;
import java.util.Arrays;

/// A layer of a session: its cells, and what lies between it and the next.
final class Stage implements AutoCloseable {
  private final Level level;
  private final Unit[] units;
  private final Mode mode;
  private final Inputs inputs;
  private final Rows merged;
  private final Rows outputGradient;
  private final Part part = new Part();
  private final boolean[] chunked;
  private int chunk = Integer.MAX_VALUE;

  /// @param inputs of the network
  Stage(Level level, Unit[] units, Mode mode, Inputs inputs) {
    this.level = level;
    this.units = units;
    this.mode = mode;
    this.inputs = inputs;
    this.chunked = new boolean[units.length];
    this.merged =
        new Rows("output of layer " + level.cells().getFirst().layer(), level.outputLength());
    this.outputGradient =
        new Rows(
            "output gradient of layer " + level.cells().getFirst().layer(), level.outputLength());
  }

  Level level() {
    return level;
  }

  Unit[] units() {
    return units;
  }

  /// Floats of one row of the output; known before the first pass.
  int outputLength() {
    return merged.length();
  }

  /// Whether a cell runs in chunks, in memory that it shares with others.
  ///
  /// @param steps of a chunk
  void chunk(int unit, boolean inChunks, int steps, Workspace shared) {
    chunked[unit] = inChunks;
    chunk = steps;
    units[unit].place(inChunks ? shared : null);
  }

  /// Whether a pass backwards reads again what the cells have read.
  boolean readsAgain() {
    boolean again = false;
    for (boolean inChunks : chunked) {
      again |= inChunks;
    }
    return again && mode == Mode.TRAINING;
  }

  private boolean isPlain() {
    return level.plain() && !chunked[0];
  }

  private int chunkOf(int unit, Layout in) {
    return chunked[unit] ? Math.min(chunk, in.steps()) : in.steps();
  }

  Rows output() {
    return isPlain() ? units[0].output() : merged;
  }

  /// ∂L/∂output; whoever reads the output adds to it.
  Rows outputGradient() {
    return outputGradient;
  }

  /// Runs the cells.
  ///
  /// @param below what the first inputs of the cells are
  /// @param firstStep number of the pass's first step
  void forward(Layout in, Layout out, Source below, int firstStep) {
    if (!isPlain()) {
      merged.room(out.pairs());
      if (!concatenates() || level.last() && in.running() < in.batch()) {
        merged.fill(out.pairs(), 0);
      }
    }
    for (int i = 0; i < units.length; i++) {
      int steps = chunkOf(i, in);
      boolean keeps = chunked[i] && mode == Mode.TRAINING;
      if (keeps) {
        units[i].checkpoints().room(chunks(in, steps) + 1, in.batch());
      }
      for (int from = 0; from < in.steps(); from += steps) {
        point(in, from, steps);
        if (keeps) {
          units[i].checkpoints().keep(from / steps, in.batch());
        }
        forward(units[i], below, firstStep);
        gather(i);
      }
    }
  }

  private static int chunks(Layout in, int steps) {
    return (in.steps() + steps - 1) / steps;
  }

  private void point(Layout in, int from, int steps) {
    if (steps == in.steps()) {
      part.set(in);
    } else {
      part.set(in, from, Math.min(from + steps, in.steps()));
    }
  }

  private void forward(Unit unit, Source below, int firstStep) {
    unit.layOut(part, firstStep);
    for (int input = 0; input < unit.inputCount(); input++) {
      Source source = input == 0 ? below : inputs.value(unit.source(input));
      part.copyIn(source, unit.input(input), unit.reverse());
    }
    unit.forward(part.steps());
  }

  private void gather(int i) {
    if (isPlain()) {
      return;
    }
    Rows source = units[i].output();
    boolean reverse = units[i].reverse();
    int column = i * source.length();
    if (!level.last()) {
      if (concatenates()) {
        part.copyOut(source, merged, column, reverse);
      } else {
        part.addOut(source, merged, reverse, scale());
      }
      return;
    }
    for (int b = 0; b < part.steps().batch(); b++) {
      if (part.ends(b) && concatenates()) {
        source.copyRow(part.lastRow(b), 0, merged, b, column, source.length());
      } else if (part.ends(b)) {
        source.addRow(part.lastRow(b), merged, b, scale());
      }
    }
  }

  /// Runs the cells backwards after [#outputGradient] is complete, those forward again whose values
  /// have gone.
  ///
  /// @param below what the first inputs of the cells were
  /// @param gradient takes their gradients, added up
  void backward(Layout in, Source below, Rows gradient, int firstStep) {
    for (int i = units.length - 1; i >= 0; i--) {
      Unit unit = units[i];
      int steps = chunkOf(i, in);
      int last = chunks(in, steps);
      if (chunked[i]) {
        unit.checkpoints().keep(last, in.batch());
      }
      for (int number = last - 1; number >= 0; number--) {
        point(in, number * steps, steps);
        if (!unit.holds(part)) {
          unit.checkpoints().bringBack(number, in.batch());
          forward(unit, below, firstStep);
        }
        scatter(i);
        unit.backward(part.steps());
        giveGradients(unit, gradient);
      }
      if (chunked[i]) {
        unit.checkpoints().bringBack(last, in.batch());
      }
    }
  }

  private void giveGradients(Unit unit, Rows below) {
    for (int input = 0; input < unit.inputCount(); input++) {
      if (unit.hasInputGradient(input)) {
        Rows target = input == 0 ? below : inputs.gradient(unit.source(input));
        part.addOut(unit.inputGradient(input), target, unit.reverse(), 1);
      }
    }
  }

  private void scatter(int i) {
    Rows target = units[i].outputGradient();
    int column = concatenates() ? i * target.length() : 0;
    Layout steps = part.steps();
    if (level.last()) {
      target.fill(steps.pairs(), 0);
      for (int b = 0; b < steps.batch(); b++) {
        if (part.ends(b)) {
          outputGradient.copyRow(b, column, target, part.lastRow(b), 0, target.length());
        }
      }
    } else {
      part.copyIn(outputGradient, column, target, units[i].reverse());
    }
    if (!concatenates() && level.merge() == Merge.MEAN) {
      target.scale(steps.pairs(), scale());
    }
  }

  /// Every value of a state in the last pass forward, computed again where it has gone.
  void trajectory(int i, int state, Layout in, Source below, int firstStep, Tensor values) {
    Unit unit = units[i];
    int steps = chunkOf(i, in);
    int last = chunks(in, steps);
    if (chunked[i]) {
      unit.checkpoints().keep(last, in.batch());
    }
    for (int number = 0; number < last; number++) {
      point(in, number * steps, steps);
      if (!unit.holds(part)) {
        unit.checkpoints().bringBack(number, in.batch());
        forward(unit, below, firstStep);
      }
      try (Rows rows = unit.trajectory(state)) {
        part.write(rows, values, unit.reverse());
      }
    }
    if (chunked[i]) {
      unit.checkpoints().bringBack(last, in.batch());
    }
  }

  private boolean concatenates() {
    return units.length == 1 || level.merge() == Merge.CONCAT;
  }

  private float scale() {
    return level.merge() == Merge.MEAN ? 0.5f : 1;
  }

  long bytes() {
    return merged.bytes()
        + outputGradient.bytes()
        + Arrays.stream(units).mapToLong(Unit::bytes).sum();
  }

  /// Gives all memory back but that of the states.
  void release() {
    for (Unit unit : units) {
      unit.release();
    }
    merged.close();
    outputGradient.close();
  }

  @Override
  public void close() {
    for (Unit unit : units) {
      unit.close();
    }
    release();
  }
}
