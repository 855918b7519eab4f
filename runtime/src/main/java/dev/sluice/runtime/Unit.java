package dev.sluice.runtime;

import dev.sluice.runtime.spi.Buffer;
import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.Slot;
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
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One cell of a session: its frame, and its states between passes.
final class Unit implements AutoCloseable {
  private final Placed cell;
  private final CellCode code;
  private final Mode mode;
  private final MemorySegment parameters;
  private final PackedWeights packed;
  private final long scratchFloats;
  private Memory.@Nullable Block scratch;
  private final MemorySegment gradients;
  private final List<Buffer> buffers;
  private final int[] sources;
  private final Slot[] inputSlots;
  private final Slot outputSlot;
  private final Rows[] inputs;
  private final Rows[] inputGradients;
  private final Rows output;
  private final Rows outputGradient;
  private final Slot[] states;
  private final Rows[] stateRows;
  private final Rows[] stateGradients;
  private final boolean hasMasks;
  private final Team team;
  private final Shares shares;
  private final Team.Task forward = this::forward;
  private final Team.Task backward = this::backward;
  private final Workspace own;
  private final Checkpoints checkpoints;
  private Workspace space;
  private MemorySegment work = MemorySegment.NULL;
  private Frame[] frames = {};
  private int batch;
  private int pairs;
  private long floats;
  private Split split = Split.SEQUENCES;
  private boolean masked;
  private long maskSeed;

  /// @param sources numbers of the network's inputs that the cell reads beside its first
  /// @param gradients the cell's gradient block, [MemorySegment#NULL] in inference
  /// @param team runs the passes
  Unit(
      Weights weights,
      int index,
      WeightForm form,
      int[] sources,
      MemorySegment gradients,
      Team team) {
    this.team = team;
    this.sources = sources;
    this.cell = weights.cells().get(index);
    this.code = cell.code();
    this.mode = form.mode();
    this.parameters = weights.parameters(index);
    this.packed = weights.packed(index, form);
    this.scratchFloats = PackedWeights.scratchFloats(code.packing(), form.format());
    this.gradients = gradients;
    this.shares = Shares.of(code, team.size());
    this.buffers = code.buffers();
    this.inputSlots = code.inputs().toArray(Slot[]::new);
    this.outputSlot = code.output();
    this.inputs = rows("input", code.inputs());
    this.inputGradients = rows("input gradient", code.inputs());
    this.output = new Rows("output", outputSlot.length());
    this.outputGradient = new Rows("output gradient", outputSlot.length());
    this.states = code.states().toArray(Slot[]::new);
    this.stateRows = rows("states of " + cell, code.states());
    this.stateGradients = rows("gradients of the states of " + cell, code.states());
    this.hasMasks =
        code.masks().stream()
            .anyMatch(mask -> buffers.get(mask.buffer()).rows(mode) != Buffer.Rows.NONE);
    this.checkpoints = new Checkpoints(cell, stateRows);
    this.own = new Workspace("frame of " + cell);
    this.space = own;
  }

  private static Rows[] rows(String what, List<Slot> slots) {
    return slots.stream().map(slot -> new Rows(what, slot.floats())).toArray(Rows[]::new);
  }

  Placed cell() {
    return cell;
  }

  boolean reverse() {
    return cell.reverse();
  }

  int inputCount() {
    return inputs.length;
  }

  /// Number of the network's input that an input beside the first is.
  int source(int index) {
    return sources[index - 1];
  }

  Rows input(int index) {
    return inputs[index];
  }

  /// Whether a pass backwards gives the gradient of an input.
  boolean hasInputGradient(int index) {
    return inputSlots[index].gradient() >= 0;
  }

  Rows inputGradient(int index) {
    return inputGradients[index];
  }

  Rows output() {
    return output;
  }

  Rows outputGradient() {
    return outputGradient;
  }

  /// Lengths of a state's axes: one for a vector, rows and columns for a matrix.
  int[] stateShape(int state) {
    Slot slot = states[state];
    return slot.rows() == 1 ? new int[] {slot.length()} : new int[] {slot.rows(), slot.length()};
  }

  /// Values of a state between passes, [B] rows in the caller's order.
  Rows state(int state) {
    return stateRows[state];
  }

  /// Before a pass backwards gradients of the final states, after it of the initial ones; [B] rows
  /// in the caller's order.
  Rows stateGradient(int state) {
    return stateGradients[state];
  }

  /// Where its frame will be: in memory of its own when that of others is null.
  void place(@Nullable Workspace shared) {
    space = shared == null ? own : shared;
  }

  /// Makes room for some steps of the batch and prepares the buffers.
  ///
  /// @param firstStep number of the pass's first step
  void layOut(Part part, int firstStep) {
    Layout layout = part.steps();
    if (layout.running() != batch || layout.pairs() != pairs) {
      batch = layout.running();
      pairs = layout.pairs();
      floats = Frame.workFloats(buffers, mode, batch, pairs, shares.most());
    }
    Frame current = frameIn(space.room(floats));
    space.holds(this, part.from());
    current.layOut(batch, layout.rows(), layout.steps());
    current.firstStep(firstStep + part.from());
    for (int i = 0; i < inputs.length; i++) {
      point(inputs[i], inputSlots[i].buffer(), current);
      if (mode == Mode.TRAINING && hasInputGradient(i)) {
        point(inputGradients[i], inputSlots[i].gradient(), current);
      }
    }
    point(output, outputSlot.buffer(), current);
    if (mode == Mode.TRAINING) {
      point(outputGradient, outputSlot.gradient(), current);
    }
  }

  // Other memory may come to lie at the address of what was given back.
  @SuppressWarnings("MemorySegmentReferenceEquality")
  private Frame frameIn(MemorySegment memory) {
    if (work != memory) {
      int most = shares.most();
      Frame[] made = new Frame[most];
      made[0] = new Frame(code, mode, parameters, packedFor(0), gradients, memory, most);
      for (int member = 1; member < most; member++) {
        made[member] = made[0].member(member, packedFor(member));
      }
      frames = made;
      work = memory;
    }
    return frames[0];
  }

  /// The weights as a member of the team reads them.
  private PackedWeights packedFor(int member) {
    if (scratchFloats == 0) {
      return packed;
    }
    if (scratch == null) {
      scratch = Memory.allocate("widened weights of " + cell, shares.most() * scratchFloats);
    }
    return packed.withScratch(scratch.segment(), member * scratchFloats * Float.BYTES);
  }

  /// Whether the frame still holds what a pass forward left there.
  boolean holds(Part part) {
    return space.isHeld(this, part.from());
  }

  Checkpoints checkpoints() {
    return checkpoints;
  }

  /// Multiplications of weights for one sequence at one step.
  long products() {
    return shares.products();
  }

  long bytes() {
    long sum = own.bytes() + checkpoints.bytes() + (scratch == null ? 0 : scratch.bytes());
    for (int i = 0; i < states.length; i++) {
      sum += stateRows[i].bytes() + stateGradients[i].bytes();
    }
    return sum;
  }

  /// Gives all memory back but that of the states.
  void release() {
    own.close();
    checkpoints.close();
    if (scratch != null) {
      scratch.close();
      scratch = null;
    }
    frames = new Frame[0];
    work = MemorySegment.NULL;
  }

  private void point(Rows rows, int buffer, Frame current) {
    rows.point(current.work(), current.row(buffer, 0), buffers.get(buffer).stride());
  }

  /// States start as the cell says.
  void resetStates(int batch) {
    for (int i = 0; i < states.length; i++) {
      stateRows[i].room(batch);
      stateRows[i].fill(batch, states[i].initial());
    }
  }

  /// What the masks of all passes forward are until the next call.
  ///
  /// @param masked whether they are random, else what they are on average
  void maskSeed(boolean masked, long seed) {
    this.masked = masked;
    maskSeed = seed;
  }

  void forward(Layout layout) {
    Frame current = current();
    if (hasMasks) {
      OptionalLong seed = masked ? OptionalLong.of(maskSeed) : OptionalLong.empty();
      Masks.fill(code, current, seed, layout::order);
    }
    for (int i = 0; i < states.length; i++) {
      for (int b = 0; b < layout.running(); b++) {
        exchange(
            current, states[i], stateRows[i], layout.order(b), states[i].buffer(), -1, b, true);
      }
    }
    run(forward, layout);
    for (int i = 0; i < states.length; i++) {
      for (int b = 0; b < layout.running(); b++) {
        exchange(
            current,
            states[i],
            stateRows[i],
            layout.order(b),
            states[i].buffer(),
            layout.length(b) - 1,
            b,
            false);
      }
    }
  }

  void backward(Layout layout) {
    Frame current = current();
    for (int i = 0; i < states.length; i++) {
      for (int b = 0; b < layout.running() && states[i].gradient() >= 0; b++) {
        if (isKept(states[i].gradient())) {
          exchangeGradient(current, layout, i, b, layout.length(b) - 1, true);
        } else {
          exchangeGradient(current, layout, i, b, -1, true);
          exchangeGradient(current, layout, i, b, 0, true);
        }
      }
    }
    run(backward, layout);
    for (int i = 0; i < states.length; i++) {
      for (int b = 0; b < layout.running() && states[i].gradient() >= 0; b++) {
        int initial = isKept(states[i].gradient()) ? -1 : 0;
        exchangeGradient(current, layout, i, b, initial, false);
      }
    }
  }

  /// Whether a buffer of gradients has those of the states after every step, not only those on the
  /// way.
  private boolean isKept(int buffer) {
    return buffers.get(buffer).rows(mode) == Buffer.Rows.STATE_SEQUENCE;
  }

  private void exchangeGradient(
      Frame current, Layout layout, int state, int b, int t, boolean intoFrame) {
    exchange(
        current,
        states[state],
        stateGradients[state],
        layout.order(b),
        states[state].gradient(),
        t,
        b,
        intoFrame);
  }

  private void run(Team.Task task, Layout layout) {
    split = shares.split(layout.running());
    team.run(task, shares.members(layout.running(), layout.pairs()));
  }

  private void forward(int member, int members) {
    frames[member].share(team, members, split);
    code.forward(frames[member]);
  }

  private void backward(int member, int members) {
    frames[member].share(team, members, split);
    code.backward(frames[member]);
  }

  /// Every value of a state in a training pass, as rows of the layout; the caller closes them.
  Rows trajectory(int state) {
    Buffer buffer = buffers.get(states[state].buffer());
    if (buffer.rows(mode) != Buffer.Rows.STATE_SEQUENCE
        && buffer.rows(mode) != Buffer.Rows.SEQUENCE) {
      throw new IllegalStateException(
          "state %s of %s is not kept for every step".formatted(buffer.name(), cell));
    }
    Slot slot = states[state];
    Rows rows = new Rows("state", slot.floats());
    if (slot.rows() == 1) {
      point(rows, slot.buffer(), current());
      return rows;
    }
    rows.room(pairs);
    for (int pair = 0; pair < pairs; pair++) {
      exchange(current(), slot, rows, pair, slot.buffer(), 0, pair, false);
    }
    return rows;
  }

  /// Copies a value between the caller's order, where the rows of a matrix follow one another
  /// without gaps, and sequence b of a frame's buffer at step t.
  private void exchange(
      Frame current, Slot slot, Rows rows, int row, int buffer, int t, int b, boolean intoFrame) {
    long inFrame = current.row(buffer, t) + (long) b * buffers.get(buffer).stride() * Float.BYTES;
    long bytes = (long) slot.length() * Float.BYTES;
    for (int i = 0; i < slot.rows(); i++) {
      long inside = inFrame + (long) i * Lanes.pad(slot.length()) * Float.BYTES;
      long outside = rows.row(row) + i * bytes;
      if (intoFrame) {
        MemorySegment.copy(rows.segment(), outside, current.work(), inside, bytes);
        // What lies behind is old, and multiplied by gates for as long as the state is: it might
        // decay to denormals, which are slow.
        long end = inside + (long) Lanes.blocks(slot.length()) * Lanes.BYTES;
        for (long at = inside + bytes; at < end; at += Float.BYTES) {
          current.work().set(ValueLayout.JAVA_FLOAT, at, 0);
        }
      } else {
        MemorySegment.copy(current.work(), inside, rows.segment(), outside, bytes);
      }
    }
  }

  private Frame current() {
    if (frames.length == 0) {
      throw new IllegalStateException("%s has not been laid out".formatted(cell));
    }
    return frames[0];
  }

  @Override
  public void close() {
    release();
    closeStates();
  }

  /// Gives the memory of the states back.
  void closeStates() {
    for (int i = 0; i < states.length; i++) {
      stateRows[i].close();
      stateGradients[i].close();
    }
  }
}
