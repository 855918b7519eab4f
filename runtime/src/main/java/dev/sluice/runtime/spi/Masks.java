package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/// Random masks of a cell in training: dropout, zoneout. Each element is a function of a seed, the
/// mask's number in its cell, the step, the sequence and the unit, and of nothing else: not of the
/// number of threads, nor of how a pass is cut into chunks of steps. The units of a matrix are
/// counted row by row.
public final class Masks {
  /// The step of masks that stay the same over a sequence.
  public static final int NO_STEP = -1;

  /// Thresholds are fractions of this: what a float's mantissa holds.
  private static final int RANGE = 1 << 24;

  private Masks() {}

  /// A seed made of another one and a number: of a pass, of a cell in its network.
  public static long seed(long seed, long number) {
    long z = seed + (number + 1) * 0x9E3779B97F4A7C15L; // a step of SplitMix64
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// What the units of a row have in common.
  ///
  /// @param mask its number in the cell
  /// @param step counted from the start of the sequence, or [#NO_STEP]
  /// @param sequence its place in the batch
  public static int row(long seed, int mask, int step, int sequence) {
    long row = seed(seed(seed(seed, mask), step), sequence);
    return (int) (row ^ (row >>> 32));
  }

  /// Whether a unit of a row is kept.
  ///
  /// @param probability that it is, in steps of 2^-24
  public static boolean keeps(int row, int unit, double probability) {
    return isBelow(row, unit, threshold(probability));
  }

  private static int threshold(double probability) {
    return (int) Math.round(probability * RANGE);
  }

  /// A hash of 32 bits whose bits all depend on all of the unit's.
  private static boolean isBelow(int row, int unit, int threshold) {
    int x = row + unit * 0x9E3779B9;
    x = (x ^ (x >>> 16)) * 0x7FEB352D;
    x = (x ^ (x >>> 15)) * 0x846CA68B;
    x ^= x >>> 16;
    return x >>> 8 < threshold;
  }

  /// Fills the masks of a pass that is about to run, each where it has memory in the frame's mode.
  ///
  /// @param seed of random masks; empty for what they are on average, always so in inference
  /// @param sequences the place in the batch of the frame's b-th sequence
  public static void fill(
      CellCode code, Frame frame, OptionalLong seed, IntUnaryOperator sequences) {
    List<CellCode.MaskSlot> masks = code.masks();
    for (int i = 0; i < masks.size(); i++) {
      Buffer buffer = code.buffers().get(masks.get(i).buffer());
      if (buffer.rows(frame.mode()) != Buffer.Rows.NONE) {
        fill(masks.get(i), i, buffer.stride(), frame, seed, sequences);
      }
    }
  }

  private static void fill(
      CellCode.MaskSlot mask,
      int number,
      int stride,
      Frame frame,
      OptionalLong seed,
      IntUnaryOperator sequences) {
    boolean random = frame.mode() == Mode.TRAINING && seed.isPresent();
    int threshold = random ? threshold(mask.probability()) : RANGE;
    float scale = random ? mask.scale() : (float) (mask.probability() * mask.scale());
    for (int t = 0; t < frame.steps(); t++) {
      int step = mask.everyStep() ? frame.firstStep() + t : NO_STEP;
      long at = frame.row(mask.buffer(), t);
      for (int b = 0; b < frame.rows(t); b++) {
        int row = row(seed.orElse(0), number, step, sequences.applyAsInt(b));
        for (int r = 0; r < mask.rows(); r++) {
          fill(frame.work(), at, r * mask.length(), mask.length(), row, threshold, scale);
          at += (long) stride / mask.rows() * Float.BYTES;
        }
      }
    }
  }

  /// @param first number of the unit that is written first
  private static void fill(
      MemorySegment memory, long at, int first, int length, int row, int threshold, float scale) {
    for (int unit = 0; unit < length; unit++) {
      float value = isBelow(row, first + unit, threshold) ? scale : 0;
      memory.set(ValueLayout.JAVA_FLOAT, at + (long) unit * Float.BYTES, value);
    }
  }
}
