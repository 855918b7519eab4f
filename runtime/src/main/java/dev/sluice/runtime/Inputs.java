package dev.sluice.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// What a session's network reads: number 0 is the input of the lowest layer, the others are by
/// name. Cells read the caller's own memory; only what a pass backwards reads again is copied.
final class Inputs implements AutoCloseable {
  private final String[] names;
  private final Given[] given;
  private final Rows[] copies;
  private final Rows[] gradients;
  private boolean copied;

  Inputs(int length, SequencedMap<String, Integer> more) {
    names = new String[more.size() + 1];
    given = new Given[names.length];
    copies = new Rows[names.length];
    gradients = new Rows[names.length];
    add(0, "x", length);
    int i = 1;
    for (var entry : more.entrySet()) {
      add(i++, entry.getKey(), entry.getValue());
    }
  }

  private void add(int i, String name, int length) {
    names[i] = name;
    given[i] = new Given(length);
    copies[i] = new Rows("input " + name, length);
    gradients[i] = new Rows("gradient of input " + name, length);
  }

  int count() {
    return names.length;
  }

  String name(int i) {
    return names[i];
  }

  /// Floats of one row.
  int length(int i) {
    return given[i].length();
  }

  Source value(int i) {
    return copied ? copies[i] : given[i];
  }

  Rows gradient(int i) {
    return gradients[i];
  }

  /// Number of a named input.
  ///
  /// @throws IllegalArgumentException when no cell reads it
  int find(String name) {
    for (int i = 1; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    throw unknown(name);
  }

  private IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "input %s: no cell of the network reads it beside x; they read %s"
            .formatted(name, java.util.Arrays.asList(names).subList(1, names.length)));
  }

  void check(Batch batch) {
    Tensor x = batch.x();
    if (x.rank() != 3 || x.size(2) != length(0)) {
      throw new IllegalArgumentException(
          "x: expected the shape [T, B, %d], found %s".formatted(length(0), x.shapeText()));
    }
    checkReadable("x", x);
    batch.inputs().keySet().forEach(this::find);
    for (int i = 1; i < names.length; i++) {
      Tensor tensor = batch.inputs().get(names[i]);
      if (tensor == null || !tensor.hasShape(x.size(0), x.size(1), length(i))) {
        throw new IllegalArgumentException(
            "input %s: expected the shape [%d, %d, %d], found %s; Batch.input gives it"
                .formatted(
                    names[i],
                    x.size(0),
                    x.size(1),
                    length(i),
                    tensor == null ? "none" : tensor.shapeText()));
      }
      checkReadable("input " + names[i], tensor);
    }
  }

  /// Before the pass: a layer that failed half-way would leave the states of those below ahead.
  private static void checkReadable(String what, Tensor tensor) {
    MemorySegment data = tensor.data();
    if (!data.scope().isAlive()) {
      throw new IllegalArgumentException(
          what + ": the arena of its memory has been closed; run the pass before");
    }
    if (!data.isAccessibleBy(Thread.currentThread())) {
      throw new IllegalArgumentException(
          "%s: its memory belongs to another thread than %s; take a shared arena"
              .formatted(what, Thread.currentThread()));
    }
  }

  /// Takes a batch that [#check] has seen.
  ///
  /// @param again whether it will be read after the pass forward too
  void set(Batch batch, Layout layout, boolean again) {
    copied = again;
    for (int i = 0; i < names.length; i++) {
      Tensor tensor = i == 0 ? batch.x() : Objects.requireNonNull(batch.inputs().get(names[i]));
      if (again) {
        copies[i].room(layout.pairs());
        copies[i].read(tensor, layout);
      } else {
        given[i].set(tensor);
      }
    }
  }

  /// The pass forward has ended: the caller may change what it gave.
  void giveBack() {
    for (Given value : given) {
      value.clear();
    }
  }

  void checkStep(int sequences, float[] x, Map<String, float[]> more) {
    if (sequences < 1 || x.length != sequences * length(0)) {
      throw new IllegalArgumentException(
          "x of a step: expected %d floats for each sequence, found %d"
              .formatted(length(0), x.length));
    }
    if (more.size() > names.length - 1) {
      more.keySet().forEach(this::find);
    }
    for (int i = 1; i < names.length; i++) {
      float[] tensor = more.get(names[i]);
      if (tensor == null || tensor.length != sequences * length(i)) {
        throw new IllegalArgumentException(
            "input %s of a step: expected %d floats for each of %d sequences, found %s"
                .formatted(
                    names[i], length(i), sequences, tensor == null ? "none" : tensor.length));
      }
    }
  }

  /// Takes a step that [#checkStep] has seen.
  void setStep(float[] x, Map<String, float[]> more) {
    copied = false;
    given[0].set(x);
    for (int i = 1; i < names.length; i++) {
      given[i].set(Objects.requireNonNull(more.get(names[i])));
    }
  }

  /// Zeroes the gradients, which the cells add to.
  void clearGradients(Layout layout) {
    for (Rows gradient : gradients) {
      gradient.room(layout.pairs());
      gradient.fill(layout.pairs(), 0);
    }
  }

  long bytes() {
    long sum = 0;
    for (int i = 0; i < names.length; i++) {
      sum += copies[i].bytes() + gradients[i].bytes();
    }
    return sum;
  }

  @Override
  public void close() {
    for (int i = 0; i < names.length; i++) {
      copies[i].close();
      gradients[i].close();
    }
  }
}
