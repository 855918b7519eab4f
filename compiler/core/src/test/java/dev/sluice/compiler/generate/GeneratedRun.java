package dev.sluice.compiler.generate;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Values;
import dev.sluice.runtime.Sizes;
import dev.sluice.runtime.WeightFormat;
import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.ParameterSlot;
import dev.sluice.runtime.spi.CellCode.Slot;
import dev.sluice.runtime.spi.CellProgram;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Masks;
import dev.sluice.runtime.spi.Memory;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.PackedWeights;
import dev.sluice.runtime.spi.Split;
import dev.sluice.runtime.spi.Team;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Runs a generated cell on what the interpreter gets, straight on the contract, without the
/// runtime's networks. Every float of the frame is NaN at the start: nothing may be read unwritten.
final class GeneratedRun implements AutoCloseable {
  private final CellCode code;
  private final Values given;
  private final Memory.Block parameters;
  private final PackedWeights packed;
  private final Memory.Block gradients;
  private final Memory.Block work;
  private final Optional<GeneratedRun> weights;
  private final Frame frame;
  private final Team team;
  private final Split split;
  private final Frame[] frames;

  /// @param given sequences sorted by length, longest first
  GeneratedRun(CellProgram program, Map<String, Integer> sizes, Values given, Mode mode) {
    this(program, sizes, given, mode, 1, Split.SEQUENCES);
  }

  /// @param members that share out every pass
  GeneratedRun(
      CellProgram program,
      Map<String, Integer> sizes,
      Values given,
      Mode mode,
      int members,
      Split split) {
    Sizes lengths = Sizes.none();
    for (var size : sizes.entrySet()) {
      lengths = lengths.and(size.getKey(), size.getValue());
    }
    this(program.bind(lengths), given, mode, members, split);
  }

  private GeneratedRun(CellCode code, Values given, Mode mode, int members, Split split) {
    this.code = code;
    this.given = given;
    parameters = Memory.allocate("parameters", code.blockFloats());
    gradients = Memory.allocate("gradients", code.blockFloats());
    for (ParameterSlot p : code.parameters()) {
      double[] values = given.parameters().get(p.name()).toArray();
      for (int i = 0; i < values.length; i++) {
        set(parameters, (p.offset() + i) * Float.BYTES, values[i]);
      }
    }
    Values once = Values.of(1, 1, given.parameters(), Map.of());
    weights = code.weightCode().map(w -> new GeneratedRun(w, once, mode, 1, Split.SEQUENCES));
    weights.ifPresent(this::compute);
    packed = PackedWeights.allocate("packed", code.packing(), mode, WeightFormat.FLOAT32);
    code.pack(parameters.segment(), packed, mode);
    int[] rows = new int[given.steps()];
    int pairs = 0;
    for (int t = 0; t < rows.length; t++) {
      for (int length : given.lengths()) {
        rows[t] += length > t ? 1 : 0;
      }
      pairs += rows[t];
    }
    long floats = Frame.workFloats(code.buffers(), mode, given.batch(), pairs, members);
    work = Memory.allocate("work", floats);
    for (long i = 0; i < floats; i++) {
      set(work, i * Float.BYTES, Double.NaN);
    }
    MemorySegment target = mode == Mode.TRAINING ? gradients.segment() : MemorySegment.NULL;
    this.team = Team.of(members);
    this.split = split;
    frame = new Frame(code, mode, parameters.segment(), packed, target, work.segment(), members);
    frames = new Frame[members];
    for (int member = 0; member < members; member++) {
      frames[member] = member == 0 ? frame : frame.member(member, packed);
    }
    frame.layOut(given.batch(), rows, rows.length);
    frame.firstStep(given.firstStep());
  }

  /// Puts computed weights behind the parameters.
  private void compute(GeneratedRun run) {
    run.forward();
    Map<String, double[][]> computed = run.finals();
    for (ParameterSlot p : code.computed()) {
      for (int i = 0; i < p.floats(); i++) {
        set(parameters, (p.offset() + i) * Float.BYTES, computed.get(p.name())[0][i]);
      }
    }
  }

  private static void set(Memory.Block block, long offset, double value) {
    block.segment().set(ValueLayout.JAVA_FLOAT, offset, (float) value);
  }

  private double[] row(int buffer, int step, int sequence, int length) {
    long start = address(buffer, step, sequence);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = work.segment().get(ValueLayout.JAVA_FLOAT, start + (long) i * Float.BYTES);
    }
    return values;
  }

  private void setRow(int buffer, int step, int sequence, double[] values) {
    long start = address(buffer, step, sequence);
    for (int i = 0; i < values.length; i++) {
      set(work, start + (long) i * Float.BYTES, values[i]);
    }
  }

  /// All rows of a state, which is a matrix perhaps.
  private double[] value(Slot slot, int buffer, int step, int sequence) {
    double[] values = new double[slot.floats()];
    long start = address(buffer, step, sequence);
    for (int i = 0; i < values.length; i++) {
      values[i] = work.segment().get(ValueLayout.JAVA_FLOAT, start + offset(slot, i));
    }
    return values;
  }

  private void setValue(Slot slot, int buffer, int step, int sequence, double[] values) {
    long start = address(buffer, step, sequence);
    for (int i = 0; i < values.length; i++) {
      set(work, start + offset(slot, i), values[i]);
    }
  }

  private static long offset(Slot slot, int i) {
    long row = i / slot.length();
    return (row * Lanes.pad(slot.length()) + i % slot.length()) * Float.BYTES;
  }

  private long address(int buffer, int step, int sequence) {
    long stride = (long) code.buffers().get(buffer).stride() * Float.BYTES;
    return frame.row(buffer, step) + sequence * stride;
  }

  void forward() {
    for (Slot input : code.inputs()) {
      double[][][] values = given.inputs().get(input.name());
      for (int b = 0; b < given.batch(); b++) {
        for (int t = 0; t < given.lengths().get(b); t++) {
          setRow(input.buffer(), t, b, values[t][b]);
        }
      }
    }
    for (Slot state : code.states()) {
      double[][] rows =
          given.initial().getOrDefault(state.name(), given.initial().get(state.startsAs()));
      for (int b = 0; b < given.batch(); b++) {
        double[] usual = new double[state.floats()];
        java.util.Arrays.fill(usual, state.initial());
        setValue(state, state.buffer(), -1, b, rows == null ? usual : rows[b]);
      }
    }
    Masks.fill(code, frame, given.maskSeed(), b -> b);
    run(code::forward);
  }

  private void run(Consumer<Frame> pass) {
    AtomicBoolean ran = new AtomicBoolean();
    while (!ran.get()) {
      team.run(
          (member, members) -> {
            // Another test may hold helpers for a moment.
            if (members == frames.length) {
              ran.set(true);
              frames[member].share(team, members, split);
              pass.accept(frames[member]);
            }
          },
          frames.length);
    }
  }

  void backward(double[][][] outputGradients, Map<String, double[][]> finalGradients) {
    for (int b = 0; b < given.batch(); b++) {
      for (int t = 0; t < given.lengths().get(b); t++) {
        setRow(code.output().gradient(), t, b, outputGradients[t][b]);
      }
      for (Slot state : code.states()) {
        double[] gradient = finalGradients.get(state.name())[b];
        if (isKept(state.gradient())) {
          setValue(state, state.gradient(), given.lengths().get(b) - 1, b, gradient);
        } else {
          setValue(state, state.gradient(), 0, b, gradient);
          setValue(state, state.gradient(), -1, b, gradient);
        }
      }
    }
    run(code::backward);
    weights.ifPresent(this::passBack);
  }

  private void passBack(GeneratedRun run) {
    Map<String, double[][]> finals = new LinkedHashMap<>();
    code.computed().forEach(p -> finals.put(p.name(), new double[][] {gradient(p)}));
    int floats = run.code.buffers().get(run.code.output().gradient()).stride();
    run.backward(new double[][][] {{new double[floats]}}, finals);
    for (ParameterSlot p : code.parameters()) {
      double[] sum = gradient(p);
      double[] more = run.gradient(p);
      for (int i = 0; i < sum.length; i++) {
        set(gradients, (p.offset() + i) * Float.BYTES, sum[i] + more[i]);
      }
    }
  }

  private double[] gradient(ParameterSlot p) {
    double[] values = new double[(int) p.floats()];
    for (int i = 0; i < values.length; i++) {
      long at = (p.offset() + i) * Float.BYTES;
      values[i] = gradients.segment().get(ValueLayout.JAVA_FLOAT, at);
    }
    return values;
  }

  /// Whether gradients lie as the values of the state they belong to.
  private boolean isKept(int gradient) {
    return code.buffers().get(gradient).training() == Buffer.Rows.STATE_SEQUENCE;
  }

  double[][][] output() {
    return sequence(code.output().buffer(), code.output().length());
  }

  private double[][][] sequence(int buffer, int length) {
    double[][][] all = new double[given.steps()][given.batch()][length];
    for (int b = 0; b < given.batch(); b++) {
      for (int t = 0; t < given.lengths().get(b); t++) {
        all[t][b] = row(buffer, t, b, length);
      }
    }
    return all;
  }

  Map<String, double[][]> finals() {
    Map<String, double[][]> all = new LinkedHashMap<>();
    for (Slot state : code.states()) {
      double[][] rows = new double[given.batch()][];
      for (int b = 0; b < rows.length; b++) {
        rows[b] = value(state, state.buffer(), given.lengths().get(b) - 1, b);
      }
      all.put(state.name(), rows);
    }
    return all;
  }

  Map<String, Array> parameterGradients() {
    Map<String, Array> all = new LinkedHashMap<>();
    code.parameters().forEach(p -> all.put(p.name(), Array.vector(gradient(p))));
    return all;
  }

  Map<String, double[][][]> inputGradients() {
    Map<String, double[][][]> all = new LinkedHashMap<>();
    for (Slot input : code.inputs()) {
      if (input.gradient() >= 0) {
        all.put(input.name(), sequence(input.gradient(), input.length()));
      }
    }
    return all;
  }

  Map<String, double[][]> initialGradients() {
    Map<String, double[][]> all = new LinkedHashMap<>();
    for (Slot state : code.states()) {
      double[][] rows = new double[given.batch()][];
      for (int b = 0; b < rows.length; b++) {
        int initial = isKept(state.gradient()) ? -1 : 0;
        rows[b] = value(state, state.gradient(), initial, b);
      }
      all.put(state.name(), rows);
    }
    return all;
  }

  @Override
  public void close() {
    List.of(parameters, gradients, work).forEach(Memory.Block::close);
    packed.close();
    weights.ifPresent(GeneratedRun::close);
  }
}
