package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the members of a team get is all there is, and nothing twice.
class FrameSharesTest {
  private static final List<Buffer> BUFFERS =
      List.of(
          new Buffer("x", Lanes.pad(3), Buffer.Rows.SEQUENCE, Buffer.Rows.SEQUENCE),
          new Buffer("scratch", Lanes.pad(40), Buffer.Rows.ONCE, Buffer.Rows.ONCE),
          new Buffer("h", Lanes.pad(5), Buffer.Rows.RING, Buffer.Rows.STATE_SEQUENCE));

  private static List<Frame> frames(int members, Split split, int batch, int[] rows) {
    int pairs = java.util.Arrays.stream(rows).sum();
    long floats = Frame.workFloats(BUFFERS, Mode.INFERENCE, batch, pairs, members);
    MemorySegment work = Memory.allocate("test", floats).segment();
    Buffers code = new Buffers(BUFFERS);
    PackedWeights packed =
        PackedWeights.allocate("test", code.packing(), Mode.INFERENCE, WeightFormat.FLOAT32);
    Frame first =
        new Frame(
            code, Mode.INFERENCE, MemorySegment.NULL, packed, MemorySegment.NULL, work, members);
    List<Frame> frames = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      frames.add(member == 0 ? first : first.member(member, packed));
    }
    first.layOut(batch, rows, rows.length);
    frames.forEach(frame -> frame.share(Team.of(members), members, split));
    return frames;
  }

  private static void follow(
      List<Frame> frames, ToIntFunction<Frame> from, ToIntFunction<Frame> to, int n) {
    int next = 0;
    for (Frame frame : frames) {
      assertThat(from.applyAsInt(frame)).isEqualTo(next);
      assertThat(to.applyAsInt(frame)).isGreaterThanOrEqualTo(next);
      next = to.applyAsInt(frame);
    }
    assertThat(next).isEqualTo(n);
  }

  private static int[] ragged(SplittableRandom random, int batch, int steps) {
    int[] rows = new int[steps];
    rows[0] = batch;
    for (int t = 1; t < steps; t++) {
      rows[t] = random.nextInt(3) == 0 ? random.nextInt(1, rows[t - 1] + 1) : rows[t - 1];
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void everyRowAndEveryBlockHasOneMember(Split split) {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      int members = random.nextInt(1, 6);
      int[] rows = ragged(random, random.nextInt(1, 40), random.nextInt(1, 9));
      List<Frame> frames = frames(members, split, rows[0], rows);
      for (int step = 0; step < rows.length; step++) {
        int t = step;
        follow(frames, f -> f.wholeFrom(t), f -> f.wholeTo(t), rows[t]);
        follow(frames, f -> f.spanFrom(t), f -> f.spanTo(t), frames.getFirst().spanRows(t));
        if (split == Split.SEQUENCES) {
          follow(frames, f -> f.from(t), f -> f.to(t), rows[t]);
        } else {
          assertThat(frames).allMatch(f -> f.from(t) == 0 && f.to(t) == rows[t]);
        }
      }
      int blocks = random.nextInt(1, 30);
      int together = random.nextInt(1, 5);
      if (split == Split.UNITS) {
        follow(
            frames, f -> f.firstBlock(blocks, together), f -> f.endBlock(blocks, together), blocks);
        assertThat(frames).allMatch(f -> f.firstBlock(blocks, together) % together == 0);
      } else {
        assertThat(frames)
            .allMatch(f -> f.firstBlock(blocks, 2) == 0 && f.endBlock(blocks, 2) == blocks);
      }
    }
  }

  /// Two of four sequences have nearly all of the steps.
  @ParameterizedTest
  @ValueSource(ints = {100, 1000})
  void longSequencesAreSharedOut(int steps) {
    int[] rows = new int[steps];
    java.util.Arrays.fill(rows, 2);
    rows[0] = 4;
    List<Frame> frames = frames(2, Split.SEQUENCES, 4, rows);
    assertThat(frames.getFirst().to(0)).isEqualTo(1);
    // Of four equal ones each gets two.
    java.util.Arrays.fill(rows, 4);
    assertThat(frames(2, Split.SEQUENCES, 4, rows).getFirst().to(0)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void scratchIsEachMembersOwn(int members) {
    List<Frame> frames = frames(members, Split.UNITS, 2, new int[] {2, 2, 1});
    long bytes = Lanes.pad(40) * (long) Float.BYTES;
    for (int member = 0; member < members; member++) {
      Frame frame = frames.get(member);
      assertThat(frame.base(1)).isEqualTo(frames.getFirst().base(1) + member * bytes);
      assertThat(frame.row(1, 2)).isEqualTo(frame.base(1));
      assertThat(frame.row(0, 1)).isEqualTo(frames.getFirst().row(0, 1));
      assertThat(frame.base(2)).isEqualTo(frames.getFirst().base(1) + members * bytes);
    }
  }

  /// Every block is worked on once, whichever way a step goes.
  @Test
  void oddStepsGoThroughTheSameBlocksBackwards() {
    for (int first : new int[] {0, 3}) {
      for (int end = first + 1; end < first + 9; end++) {
        for (int together = 1; together <= 4; together++) {
          List<Integer> there = new ArrayList<>();
          List<Integer> back = new ArrayList<>();
          for (int done = first; done < end; done += together) {
            there.add(Frame.zigzag(4, done, first, end, together));
            back.add(Frame.zigzag(5, done, first, end, together));
          }
          assertThat(back).isEqualTo(there.reversed());
          assertThat(there.getFirst()).isEqualTo(first);
          assertThat(there).isSorted().doesNotHaveDuplicates();
        }
      }
    }
  }
}
