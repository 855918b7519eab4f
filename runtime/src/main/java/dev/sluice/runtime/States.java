package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiFunction;

/// The states of an unrolled network, by name: where they start, where they end, and their
/// gradients.
final class States {
  private final SequencedMap<Name, StateOf> states = new LinkedHashMap<>();
  private final List<Unit> units = new ArrayList<>();

  /// States that start as another one does, with that one.
  private final Map<Name, Name> followers = new LinkedHashMap<>();

  private Set<Name> startedApart = Set.of();

  /// Sequences that the states are of; 0 before the first pass.
  private int sequences;

  /// A state of a cell.
  record StateOf(Unit unit, int state) {
    Rows value() {
      return unit.state(state);
    }

    Rows gradient() {
      return unit.stateGradient(state);
    }

    /// Shape of a tensor of many values: [B, length], [B, rows, columns] for a matrix.
    int[] shape(int... count) {
      int[] one = unit.stateShape(state);
      int[] shape = java.util.Arrays.copyOf(count, count.length + one.length);
      System.arraycopy(one, 0, shape, count.length, one.length);
      return shape;
    }
  }

  void add(Unit unit) {
    units.add(unit);
    Placed cell = unit.cell();
    for (int s = 0; s < cell.code().states().size(); s++) {
      Slot slot = cell.code().states().get(s);
      states.put(cell.name(slot.name()), new StateOf(unit, s));
      if (!slot.startsAs().equals(slot.name())) {
        followers.put(cell.name(slot.name()), cell.name(slot.startsAs()));
      }
    }
  }

  /// @throws IllegalArgumentException when there is no such state
  StateOf get(Name name) {
    StateOf state = states.get(name);
    if (state == null) {
      throw new IllegalArgumentException(
          "there is no state %s; the network has %s".formatted(name, states.keySet()));
    }
    return state;
  }

  /// @throws IllegalArgumentException when a tensor is of no state, or has not its shape
  void check(String what, Map<Name, Tensor> tensors, int batch) {
    tensors.forEach(
        (name, tensor) -> {
          StateOf state = states.get(name);
          if (state == null) {
            throw new IllegalArgumentException(
                "%s %s: there is no such state; the network has %s"
                    .formatted(what, name, states.keySet()));
          }
          int[] shape = state.shape(batch);
          boolean numbers = state.value().length() == 1 && tensor.hasShape(batch);
          if (!tensor.hasShape(shape) && !numbers) {
            throw new IllegalArgumentException(
                "%s %s: expected the shape %s, found %s"
                    .formatted(what, name, java.util.Arrays.toString(shape), tensor.shapeText()));
          }
        });
  }

  /// @throws IllegalArgumentException when so many sequences can't go on
  void checkContinued(int batch) {
    for (int i = 0; i < units.size(); i++) { // no iterator: steps allocate nothing
      if (units.get(i).reverse()) {
        throw new IllegalArgumentException(
            "%s starts at a sequence's end and can't go on step by step: run whole sequences"
                .formatted(units.get(i).cell()));
      }
    }
    if (sequences != 0 && sequences != batch) {
      throw new IllegalArgumentException(
          "%d sequences go on after %d: expected as many, or reset() before"
              .formatted(batch, sequences));
    }
  }

  /// Lets states start as their cells say, unless they go on.
  ///
  /// @return whether they have started
  boolean start(int batch, boolean continued) {
    boolean starts = !continued || sequences == 0;
    if (starts) {
      units.forEach(unit -> unit.resetStates(batch));
    }
    sequences = batch;
    return starts;
  }

  /// The next pass starts anew.
  void reset() {
    sequences = 0;
  }

  /// Values to start from. States that hand another one on start as it does, unless the caller says
  /// otherwise.
  void startFrom(Map<Name, Tensor> initial) {
    initial.forEach((name, tensor) -> get(name).value().read(tensor.data(), sequences));
    startedApart = initial.keySet();
    followers.forEach(
        (name, leader) -> {
          Tensor tensor = initial.get(leader);
          if (tensor != null && !initial.containsKey(name)) {
            get(name).value().read(tensor.data(), sequences);
          }
        });
  }

  /// Gradients of final states; 0 for those that are not there.
  void setGradients(Map<Name, Tensor> finals, int batch) {
    states.forEach(
        (name, state) -> {
          Tensor tensor = finals.get(name);
          state.gradient().room(batch);
          if (tensor == null) {
            state.gradient().fill(batch, 0);
          } else {
            state.gradient().read(tensor.data(), batch);
          }
        });
  }

  SequencedMap<Name, Tensor> finals() {
    return copies(Unit::state);
  }

  /// ∂L/∂(initial state): that of a state includes those of the states that started as it did.
  SequencedMap<Name, Tensor> gradients() {
    SequencedMap<Name, Tensor> gradients = copies(Unit::stateGradient);
    followers.forEach(
        (name, leader) -> {
          if (!startedApart.contains(name)) {
            Tensor follower = Objects.requireNonNull(gradients.remove(name));
            Objects.requireNonNull(gradients.get(leader)).add(follower);
          }
        });
    return gradients;
  }

  private SequencedMap<Name, Tensor> copies(BiFunction<Unit, Integer, Rows> rows) {
    SequencedMap<Name, Tensor> copies = new LinkedHashMap<>();
    states.forEach(
        (name, state) -> {
          Rows from = rows.apply(state.unit, state.state);
          Tensor copy = Tensor.zeros(state.shape(sequences));
          from.write(copy.data(), sequences);
          copies.put(name, copy);
        });
    return copies;
  }
}
