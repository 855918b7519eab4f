package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// A compiled cell unrolled over time: one layer, or a stack of equal ones. A description;
/// [Sequential] gives it weights.
///
///     Recurrent.of(new Lstm(), Sizes.of("x", 65).and("h", 256)).stacked(2).bidirectional()
///
/// The cell's first input is what the layer below gives. Its other inputs are inputs of the
/// network, by name.
///
/// @param sizes of the lowest layer of the stack
/// @param depth layers on top of each other, each of which reads the output of the one below
/// @param directions one, or forward and reverse
/// @param merge what becomes of the outputs of two directions
/// @param last whether only each sequence's last step is given on: the last that the direction
///     computes, so for a reverse one that of the sequence's first element. The next layer then
///     sees sequences of one step
public record Recurrent(
    CellProgram program,
    Sizes sizes,
    int depth,
    List<Direction> directions,
    Merge merge,
    boolean last)
    implements Layer {

  public Recurrent {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(sizes, "sizes");
    Objects.requireNonNull(merge, "merge");
    directions = List.copyOf(directions);
    if (depth < 1) {
      throw new IllegalArgumentException(
          "a stack of %d layers of %s: expected 1 or more".formatted(depth, program.name()));
    }
    if (directions.isEmpty()
        || directions.size() > 2
        || (directions.size() == 2 && directions.get(0) == directions.get(1))) {
      throw new IllegalArgumentException("directions " + directions + ": expected one, or both");
    }
    if (program.version() != CellProgram.RUNTIME_VERSION) {
      throw new IllegalArgumentException(
          "cell %s was generated for version %d of the runtime, this is version %d: generate it again with this Sluice"
              .formatted(program.name(), program.version(), CellProgram.RUNTIME_VERSION));
    }
  }

  /// One layer, forward in time.
  ///
  /// @throws IllegalArgumentException when sizes are missing, unknown or contradictory, or when the
  ///     cell was generated for another version of this runtime
  public static Recurrent of(CellProgram program, Sizes sizes) {
    Recurrent layer =
        new Recurrent(program, sizes, 1, List.of(Direction.FORWARD), Merge.CONCAT, false);
    layer.bind(sizes);
    return layer;
  }

  /// `depth` layers of this cell; the upper ones have the size that the output below asks for.
  public Recurrent stacked(int depth) {
    return new Recurrent(program, sizes, depth, directions, merge, last);
  }

  /// Both directions in every layer, outputs concatenated.
  public Recurrent bidirectional() {
    return bidirectional(Merge.CONCAT);
  }

  /// Both directions in every layer.
  public Recurrent bidirectional(Merge merge) {
    return new Recurrent(
        program, sizes, depth, List.of(Direction.FORWARD, Direction.REVERSE), merge, last);
  }

  /// From each sequence's end to its start; the output stands at the step of its input.
  public Recurrent reverse() {
    return new Recurrent(program, sizes, depth, List.of(Direction.REVERSE), merge, last);
  }

  /// Only the last output of each sequence, [1, B, O].
  public Recurrent lastStep() {
    return new Recurrent(program, sizes, depth, directions, merge, true);
  }

  CellCode bind(Sizes sizes) {
    CellCode code = program.bind(sizes);
    if (code.inputs().isEmpty()) {
      throw new IllegalArgumentException(
          "cell %s has no input; a layer needs one".formatted(program.name()));
    }
    requireCountable(code, sizes);
    return code;
  }

  /// A matrix state has a product of two lengths.
  private void requireCountable(CellCode code, Sizes sizes) {
    try {
      code.states().forEach(CellCode.Slot::floats);
      code.buffers();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "cell %s with %s: more numbers side by side than an array can hold; take smaller sizes"
              .formatted(program.name(), sizes.byName()),
          e);
    }
  }

  /// The cell, with `length` floats in its first input.
  CellCode bindTo(int length) {
    CellCode code = bind(sizes);
    String input = code.inputs().getFirst().name();
    Map<String, Integer> lengths = sizes.resolve(program.name(), program.dimensions());
    SequencedMap<String, Integer> resized = new LinkedHashMap<>();
    program
        .dimensions()
        .forEach(
            (dimension, vectors) -> {
              String name =
                  vectors.stream().filter(v -> !v.contains("/")).findFirst().orElse(dimension);
              boolean ofInput = vectors.stream().anyMatch(v -> v.startsWith(input + "/"));
              if (vectors.contains(input) || ofInput) {
                resized.put(input, length);
              } else {
                resized.put(name, lengths.getOrDefault(dimension, length));
              }
            });
    CellCode result = bind(new Sizes(resized));
    if (result.inputs().getFirst().length() != length) {
      throw new IllegalArgumentException(
          "a stack of %s: its input %s is a scalar, the layer below gives %d floats"
              .formatted(program.name(), input, length));
    }
    return result;
  }
}
