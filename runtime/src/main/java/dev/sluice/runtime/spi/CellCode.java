package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// A compiled cell of definite size. It has no state of its own: any number of threads may use it,
/// each with its own [Frame].
///
/// A cell that [#isShared] runs a pass on several threads: each calls [#forward], or [#backward],
/// with its own frame of the same memory, and does its share.
public interface CellCode {
  /// Inputs in order of appearance. A scalar input has length 1.
  List<Slot> inputs();

  /// States in order of appearance.
  List<Slot> states();

  /// The output: its value buffer holds y_t for every step, its gradient buffer takes ∂L/∂y_t.
  Slot output();

  /// Parameters in order of first use.
  List<ParameterSlot> parameters();

  /// Random masks, which the runtime fills before a pass: in training with [Masks], in inference
  /// with what they are on average, if they have memory there.
  default List<MaskSlot> masks() {
    return List.of();
  }

  /// The sum of the parameters' sizes.
  default long parameterFloats() {
    return parameters().stream().mapToLong(ParameterSlot::floats).sum();
  }

  /// What computes weights from parameters, once after every change of a parameter: a cell without
  /// inputs that has the same parameters. Its states after its one step are the weights
  /// ([#computed]); its pass backwards takes their gradients as those of final states.
  default Optional<CellCode> weightCode() {
    return Optional.empty();
  }

  /// Places of the weights that [#weightCode] computes, in the order of its states: behind the
  /// parameters in the parameter block.
  default List<ParameterSlot> computed() {
    return List.of();
  }

  /// Floats of the parameter block: [#parameterFloats], then the computed weights.
  default long blockFloats() {
    return parameterFloats() + computed().stream().mapToLong(ParameterSlot::floats).sum();
  }

  /// All buffers of a frame; [Slot]s and generated code refer to them by index.
  List<Buffer> buffers();

  /// The layout that [#pack] fills.
  Packing packing();

  /// Whether [#forward] and [#backward] keep to their frame's share of the work.
  default boolean isShared() {
    return false;
  }

  /// Brings weights into the layout that the kernels read; once after every change of a parameter.
  ///
  /// @param parameters the parameter block, row-major, [out, in], with the computed weights
  /// @param packed laid out as [#packing], cleared
  /// @throws IllegalArgumentException when its format can't hold a weight
  void pack(MemorySegment parameters, PackedWeights packed, Mode mode);

  /// Runs all steps. Inputs and initial states are in their buffers; afterwards the output and the
  /// states are.
  void forward(Frame frame);

  /// Runs all steps backwards after [#forward] in training mode. Output gradients are in the
  /// output's gradient buffer, gradients of the final states in both halves of the states' gradient
  /// buffers: step t reads row t + 1 of them and writes row t. Afterwards gradients of the inputs
  /// are in theirs, of the initial states in row 0, and gradients of parameters have been added to
  /// [Frame#gradients].
  ///
  /// A gradient buffer that is a [Buffer.Rows#STATE_SEQUENCE] lies as the state's own values do:
  /// step t reads row t and writes row t - 1. Gradients of the final states are in the row of each
  /// sequence's last step, afterwards those of the initial states in row -1.
  void backward(Frame frame);

  /// A value that goes in or out: a vector, or a matrix row by row.
  ///
  /// @param rows of a matrix; 1 for a vector. In a frame each takes a whole number of panels
  /// @param length floats of one row that count
  /// @param initial value that a state starts from unless told otherwise; 0 for others
  /// @param startsAs the state whose initial value it takes when the caller gives none of its own:
  ///     its own name, but for `h_lag1`, which holds `h_{t-1}` for a cell that reads `h_{t-2}`
  /// @param buffer index of the buffer of its values
  /// @param gradient index of the buffer of ∂L/∂value ([Buffer.Rows#RING] or, if every step's is
  ///     kept, [Buffer.Rows#STATE_SEQUENCE] for states), -1 where there is none
  record Slot(
      String name, int rows, int length, float initial, String startsAs, int buffer, int gradient) {
    /// A vector.
    public Slot(String name, int length, float initial, String startsAs, int buffer, int gradient) {
      this(name, 1, length, initial, startsAs, buffer, gradient);
    }

    /// A vector that starts on its own.
    public Slot(String name, int length, float initial, int buffer, int gradient) {
      this(name, 1, length, initial, name, buffer, gradient);
    }

    /// Floats of the whole value.
    public int floats() {
      return Math.multiplyExact(rows, length);
    }
  }

  /// A parameter.
  ///
  /// @param rank 0 scalar, 1 vector, 2 matrix
  /// @param offset of its first float in the parameter block
  /// @param initialiser `default`, `constant 1.0`, `orthogonal`, `glorot`, `uniform 0.1`, `normal
  /// 0.02`, `identity`
  record ParameterSlot(
      String name, int rank, int rows, int columns, long offset, String initialiser) {
    public long floats() {
      return (long) rows * columns;
    }
  }

  /// A random mask: `scale` with a probability, else 0.
  ///
  /// @param rows of a matrix, each padded on its own; else 1
  /// @param length units, of each row
  /// @param everyStep whether it is drawn anew at every step, else once for a sequence
  /// @param buffer index of the buffer of its values
  record MaskSlot(
      String name,
      int rows,
      int length,
      double probability,
      float scale,
      boolean everyStep,
      int buffer) {
    /// Of a vector or scalar.
    public MaskSlot(
        String name, int length, double probability, float scale, boolean everyStep, int buffer) {
      this(name, 1, length, probability, scale, everyStep, buffer);
    }
  }
}
