package dev.sluice.runtime;

/// A layer of a session: its cells, and what lies between it and the next.
final class Stage implements AutoCloseable {
  private final Level level;
  private final Unit[] units;
  private final Rows merged;
  private final Rows outputGradient;

  Stage(Level level, Unit[] units) {
    this.level = level;
    this.units = units;
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

  Rows output() {
    return level.plain() ? units[0].output() : merged;
  }

  /// ∂L/∂output; whoever reads the output adds to it.
  Rows outputGradient() {
    return outputGradient;
  }

  /// Runs the cells, whose frames are laid out and hold their inputs.
  void forward(Layout in, Layout out) {
    for (Unit unit : units) {
      unit.forward(in);
    }
    if (level.plain()) {
      return;
    }
    merged.room(out.pairs());
    if (!concatenates()) {
      merged.fill(out.pairs(), 0);
    }
    for (int i = 0; i < units.length; i++) {
      gather(i, in);
    }
  }

  private void gather(int i, Layout in) {
    Rows source = units[i].output();
    boolean reverse = units[i].cell().reverse();
    int column = i * source.length();
    if (!level.last()) {
      if (concatenates()) {
        source.copyTo(merged, in, reverse, 0, column, source.length());
      } else {
        source.addTo(merged, in, reverse, scale());
      }
      return;
    }
    for (int b = 0; b < in.batch(); b++) {
      int row = in.row(in.length(b) - 1, b, false);
      if (concatenates()) {
        source.copyRow(row, 0, merged, b, column, source.length());
      } else {
        source.addRow(row, merged, b, scale());
      }
    }
  }

  /// Runs the cells backwards after [#outputGradient] is complete.
  void backward(Layout in) {
    for (int i = 0; i < units.length; i++) {
      scatter(i, in);
      units[i].backward(in);
    }
  }

  private void scatter(int i, Layout in) {
    Rows target = units[i].outputGradient();
    int column = concatenates() ? i * target.length() : 0;
    if (level.last()) {
      target.fill(in.pairs(), 0);
      for (int b = 0; b < in.batch(); b++) {
        int row = in.row(in.length(b) - 1, b, false);
        outputGradient.copyRow(b, column, target, row, 0, target.length());
      }
    } else {
      outputGradient.copyTo(target, in, units[i].cell().reverse(), column, 0, target.length());
    }
    if (!concatenates() && level.merge() == Merge.MEAN) {
      target.scale(in.pairs(), scale());
    }
  }

  private boolean concatenates() {
    return units.length == 1 || level.merge() == Merge.CONCAT;
  }

  private float scale() {
    return level.merge() == Merge.MEAN ? 0.5f : 1;
  }

  @Override
  public void close() {
    for (Unit unit : units) {
      unit.close();
    }
    merged.close();
    outputGradient.close();
  }
}
