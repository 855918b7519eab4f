package dev.sluice.runtime;

import java.util.Map;
import java.util.SequencedMap;

/// What a session's network reads: number 0 is the input of the lowest layer, the others are by
/// name.
final class Inputs implements AutoCloseable {
  private final String[] names;
  private final Rows[] values;
  private final Rows[] gradients;

  Inputs(int length, SequencedMap<String, Integer> more) {
    names = new String[more.size() + 1];
    values = new Rows[names.length];
    gradients = new Rows[names.length];
    add(0, "x", length);
    int i = 1;
    for (var entry : more.entrySet()) {
      add(i++, entry.getKey(), entry.getValue());
    }
  }

  private void add(int i, String name, int length) {
    names[i] = name;
    values[i] = new Rows("input " + name, length);
    gradients[i] = new Rows("gradient of input " + name, length);
  }

  int count() {
    return names.length;
  }

  String name(int i) {
    return names[i];
  }

  Rows value(int i) {
    return values[i];
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
    if (x.rank() != 3 || x.size(2) != values[0].length()) {
      throw new IllegalArgumentException(
          "x: expected the shape [T, B, %d], found %s"
              .formatted(values[0].length(), x.shapeText()));
    }
    batch.inputs().keySet().forEach(this::find);
    for (int i = 1; i < names.length; i++) {
      Tensor tensor = batch.inputs().get(names[i]);
      if (tensor == null || !tensor.hasShape(x.size(0), x.size(1), values[i].length())) {
        throw new IllegalArgumentException(
            "input %s: expected the shape [%d, %d, %d], found %s; Batch.input gives it"
                .formatted(
                    names[i],
                    x.size(0),
                    x.size(1),
                    values[i].length(),
                    tensor == null ? "none" : tensor.shapeText()));
      }
    }
  }

  void read(Batch batch, Layout layout) {
    for (int i = 0; i < names.length; i++) {
      Tensor tensor = i == 0 ? batch.x() : batch.inputs().get(names[i]);
      values[i].room(layout.pairs());
      if (tensor != null) {
        values[i].read(tensor, layout);
      }
    }
  }

  void checkStep(int sequences, float[] x, Map<String, float[]> more) {
    if (sequences < 1 || x.length != sequences * values[0].length()) {
      throw new IllegalArgumentException(
          "x of a step: expected %d floats for each sequence, found %d"
              .formatted(values[0].length(), x.length));
    }
    if (more.size() > names.length - 1) {
      more.keySet().forEach(this::find);
    }
    for (int i = 1; i < names.length; i++) {
      float[] tensor = more.get(names[i]);
      if (tensor == null || tensor.length != sequences * values[i].length()) {
        throw new IllegalArgumentException(
            "input %s of a step: expected %d floats for each of %d sequences, found %s"
                .formatted(
                    names[i],
                    values[i].length(),
                    sequences,
                    tensor == null ? "none" : tensor.length));
      }
    }
  }

  void readStep(int sequences, float[] x, Map<String, float[]> more) {
    for (int i = 0; i < names.length; i++) {
      float[] tensor = i == 0 ? x : more.get(names[i]);
      values[i].room(sequences);
      if (tensor != null) {
        values[i].read(tensor, sequences);
      }
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
      sum += values[i].bytes() + gradients[i].bytes();
    }
    return sum;
  }

  @Override
  public void close() {
    for (int i = 0; i < names.length; i++) {
      values[i].close();
      gradients[i].close();
    }
  }
}
