package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The memory of one unrolled pass: what generated code reads and writes, and which part of the
/// work is whose.
///
/// Sequences are sorted by length, longest first, so that step t works on the first `rows(t)` of
/// them; row `start(t) + b` of a [Buffer.Rows#SEQUENCE] buffer belongs to sequence b at step t. A
/// reversed direction is reversed when its input is copied in, so generated code always runs
/// forward in time.
///
/// A [Team]'s members run the same code, each with a frame of its own over the same memory. In the
/// loop over steps they share out sequences or units ([Split]); in work on all steps at once, rows;
/// in gradients of parameters, their elements. No sum is ever cut, so the number of members doesn't
/// change a bit of the result.
public final class Frame {
  private final Extent extent;
  private final MemorySegment parameters;
  private final PackedWeights packed;
  private final MemorySegment gradients;
  private final MemorySegment work;
  private final int member;
  private int members = 1;
  private Split split = Split.SEQUENCES;
  private @Nullable Team team;
  private int firstSequence;
  private int endSequence = Integer.MAX_VALUE;

  /// A frame for one thread.
  ///
  /// @param parameters the parameter block
  /// @param packed what [CellCode#pack] filled
  /// @param gradients the gradient block, laid out as the parameter block; [MemorySegment#NULL] in
  /// inference
  /// @param work at least [#workFloats] floats, aligned to 64 bytes, zeroed
  public Frame(
      CellCode code,
      Mode mode,
      MemorySegment parameters,
      PackedWeights packed,
      MemorySegment gradients,
      MemorySegment work) {
    this(code, mode, parameters, packed, gradients, work, 1);
  }

  /// The first member's frame of a team.
  ///
  /// @param most members that there will ever be; each needs scratch of its own
  public Frame(
      CellCode code,
      Mode mode,
      MemorySegment parameters,
      PackedWeights packed,
      MemorySegment gradients,
      MemorySegment work,
      int most) {
    this.extent = new Extent(mode, code.buffers(), most, work.byteSize());
    this.parameters = parameters;
    this.packed = packed;
    this.gradients = gradients;
    this.work = work;
    this.member = 0;
  }

  private Frame(Frame first, int member, PackedWeights packed) {
    this.extent = first.extent;
    this.parameters = first.parameters;
    this.packed = packed;
    this.gradients = first.gradients;
    this.work = first.work;
    this.member = member;
  }

  /// The same frame for another member, laid out with it.
  ///
  /// @param packed the same weights, with scratch of its own
  public Frame member(int member, PackedWeights packed) {
    return new Frame(this, member, packed);
  }

  /// Floats that the buffers take for a batch and a number of (step, sequence) pairs.
  public static long workFloats(List<Buffer> buffers, Mode mode, int batch, long pairs) {
    return workFloats(buffers, mode, batch, pairs, 1);
  }

  /// Floats for a team of at most so many members.
  public static long workFloats(
      List<Buffer> buffers, Mode mode, int batch, long pairs, int members) {
    return Extent.workFloats(buffers, mode, batch, pairs, members);
  }

  /// Lays the buffers out for a pass; allocates only when it has more steps than any before.
  ///
  /// @param batch number of sequences
  /// @param rows sequences that are still running at each step, never increasing, `rows[0] ==
  /// batch`
  /// @param steps how many entries of `rows` count
  public void layOut(int batch, int[] rows, int steps) {
    extent.layOut(batch, rows, steps);
  }

  /// Takes this member's share of a run.
  ///
  /// @param members how many there are in this run
  public void share(Team team, int members, Split split) {
    this.team = team;
    this.members = members;
    this.split = split;
    boolean sequences = split == Split.SEQUENCES && members > 1;
    firstSequence = sequences ? extent.firstSequence(member, members) : 0;
    endSequence = sequences ? extent.firstSequence(member + 1, members) : Integer.MAX_VALUE;
  }

  public Mode mode() {
    return extent.mode();
  }

  public int batch() {
    return extent.batch();
  }

  public int steps() {
    return extent.steps();
  }

  /// The number of step 0, for cells that read the step number: steps before this pass in a
  /// stateful session.
  public int firstStep() {
    return extent.firstStep();
  }

  public void firstStep(int step) {
    extent.firstStep(step);
  }

  /// End of the span of steps that starts at t: steps whose rows follow each other without a gap,
  /// at this step and at the one before, so that work without recurrence takes them as one block of
  /// rows.
  public int spanEnd(int t) {
    return extent.spanEnd(t);
  }

  /// Sequences that run at step t.
  public int rows(int t) {
    return extent.rows(t);
  }

  /// Rows of the span that starts at t.
  public int spanRows(int t) {
    return extent.rows(t) * (extent.spanEnd(t) - t);
  }

  /// Number of (step, sequence) pairs.
  public int pairs() {
    return extent.start(extent.steps());
  }

  /// Pairs before step t.
  public int start(int t) {
    return extent.start(t);
  }

  // ---- shares

  /// First row of step t that this member works on, at [#firstBlock] to [#endBlock] of its units.
  public int from(int t) {
    return Math.min(firstSequence, extent.rows(t));
  }

  /// End of the rows of step t that this member works on.
  public int to(int t) {
    return Math.min(endSequence, extent.rows(t));
  }

  /// First row of step t that this member works on alone, for work that needs whole rows.
  public int wholeFrom(int t) {
    return split == Split.UNITS ? first(extent.rows(t), 1) : from(t);
  }

  /// End of the rows of step t that this member works on alone.
  public int wholeTo(int t) {
    return split == Split.UNITS ? end(extent.rows(t), 1) : to(t);
  }

  /// First row that this member works on in the span that starts at t.
  public int spanFrom(int t) {
    return first(spanRows(t), Tiling.ROWS);
  }

  /// End of the rows that this member works on in the span that starts at t.
  public int spanTo(int t) {
    return end(spanRows(t), Tiling.ROWS);
  }

  /// First block of units that this member works on in a step.
  ///
  /// @param together blocks that can't be parted
  public int firstBlock(int blocks, int together) {
    return split == Split.UNITS ? first(blocks, together) : 0;
  }

  /// End of the blocks of units that this member works on in a step.
  public int endBlock(int blocks, int together) {
    return split == Split.UNITS ? end(blocks, together) : blocks;
  }

  /// Where a step is when so many blocks are done: odd steps go through them backwards, as the
  /// weights that the step before used last are still in the cache.
  ///
  /// @param done first block, and so many `together` at a time, up to `end`
  public static int zigzag(int step, int done, int first, int end, int together) {
    if ((step & 1) == 0) {
      return done;
    }
    int last = first + (end - first - 1) / together * together;
    return last - (done - first);
  }

  /// Start of this member's share of n things.
  ///
  /// @param together how many of them can't be parted
  public int first(int n, int together) {
    return bound(n, together, member);
  }

  /// End of this member's share.
  public int end(int n, int together) {
    return bound(n, together, member + 1);
  }

  private int bound(int n, int together, int part) {
    if (part == members) {
      return n;
    }
    long groups = ((long) n + together - 1) / together;
    return (int) Math.min(n, groups * part / members * together);
  }

  /// First of a parameter's rows, or of a vector's elements, whose gradients this member sums:
  /// always the same one, whatever part of the parameter something is added to.
  int firstOwn(int rows) {
    return first(rows, ownTogether(rows));
  }

  /// End of these rows.
  int endOwn(int rows) {
    return end(rows, ownTogether(rows));
  }

  /// Whole vectors, where there are enough for even shares.
  private int ownTogether(int rows) {
    return rows >= 4L * members * Lanes.COUNT ? Lanes.COUNT : 1;
  }

  /// Whether this member does what can't be shared out.
  boolean leads() {
    return member == 0;
  }

  /// Waits for all members: what one of them has written, every one may now read.
  public void barrier() {
    if (members > 1) {
      Objects.requireNonNull(team).await(member);
    }
  }

  /// Waits for all members after a stage of a step, if they share its units.
  public void stepBarrier() {
    if (split == Split.UNITS) {
      barrier();
    }
  }

  // ---- memory

  public MemorySegment parameters() {
    return parameters;
  }

  public PackedWeights packed() {
    return packed;
  }

  public MemorySegment gradients() {
    return gradients;
  }

  public MemorySegment work() {
    return work;
  }

  /// Byte offset of a buffer in [#work]; a member's own of a [Buffer.Rows#ONCE] one.
  public long base(int buffer) {
    return extent.base(buffer, member);
  }

  /// Byte offset of the first row of step t; t = -1 is the initial value, t = steps the final
  /// gradient's place.
  public long row(int buffer, int t) {
    return extent.row(buffer, t, member);
  }
}
