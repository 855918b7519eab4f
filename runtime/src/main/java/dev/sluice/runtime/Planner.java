package dev.sluice.runtime;

import dev.sluice.runtime.spi.CellCode;
import dev.sluice.runtime.spi.CellCode.Slot;
import dev.sluice.runtime.spi.Frame;
import dev.sluice.runtime.spi.Lanes;
import dev.sluice.runtime.spi.Memory;
import dev.sluice.runtime.spi.Mode;
import dev.sluice.runtime.spi.PackedWeights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Predicts what a session takes off the heap, and finds the cheapest way to stay within a limit.
final class Planner {
  private final List<Level> levels;
  private final List<Integer> inputs = new ArrayList<>();
  private final Mode mode;
  private final List<Shares> shares;
  private final int cells;
  private final long fixed;

  /// @param threads of the session
  Planner(Sequential network, WeightForm form, int threads) {
    this.levels = network.levels();
    this.mode = form.mode();
    inputs.add(network.inputLength());
    inputs.addAll(network.moreInputs().values());
    List<Placed> placed = network.weights().cells();
    this.cells = placed.size();
    this.shares = placed.stream().map(cell -> Shares.of(cell.code(), threads)).toList();
    long sum = network.weights().bytes(form);
    for (int i = 0; i < cells; i++) {
      CellCode code = placed.get(i).code();
      sum += isTraining() ? Gradients.bytes(code) : 0;
      long scratch = PackedWeights.scratchFloats(code.packing(), form.format());
      sum += scratch == 0 ? 0 : Memory.bytes(shares.get(i).most() * scratch);
    }
    this.fixed = sum;
  }

  private boolean isTraining() {
    return mode == Mode.TRAINING;
  }

  /// A batch: steps of its longest sequence, sequences, pairs of both.
  private record Extent(int steps, int batch, long pairs) {
    /// What a layer gives on that gives the last steps only.
    Extent last() {
      return new Extent(1, batch, batch);
    }
  }

  /// @param limit in bytes, for weights and session together
  /// @throws IllegalArgumentException when no plan stays within it
  MemoryPlan plan(int steps, int batch, long pairs, long limit) {
    Extent extent = new Extent(steps, batch, pairs);
    long unlimited = bytes(extent, cells, steps);
    if (unlimited <= limit) {
      return new MemoryPlan(steps, batch, pairs, unlimited, unlimited, cells, cells, steps, 0);
    }
    @Nullable MemoryPlan best = null;
    long least = unlimited;
    for (int kept = cells - 1; kept >= 0; kept--) {
      for (int chunk = steps; chunk >= 1; chunk--) {
        long bytes = bytes(extent, kept, chunk);
        least = Math.min(least, bytes);
        if (bytes <= limit) {
          double again = again(extent, kept, chunk);
          if (best == null || again < best.again()) {
            best = new MemoryPlan(steps, batch, pairs, bytes, unlimited, cells, kept, chunk, again);
          }
          break;
        }
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(refusal(extent, limit, least));
    }
    return best;
  }

  private static String refusal(Extent extent, long limit, long least) {
    return ("%d sequences of %d steps can't do with %,d bytes off the heap: expected a limit of at"
            + " least %,d bytes (%s); raise it, or take fewer sequences or steps at a time")
        .formatted(
            extent.batch, extent.steps, limit, least, MemoryPlan.mebibytes(least + (1 << 20) / 20));
  }

  /// Bytes when the highest cells keep all steps and the others run in chunks.
  private long bytes(Extent batch, int kept, int chunk) {
    long sum = fixed;
    for (int length : inputs) {
      // Gradients, and copies of what chunks read again.
      sum += isTraining() ? rows(batch.pairs, length) * (kept < cells ? 2 : 1) : 0;
    }
    Extent in = batch;
    long shared = 0;
    for (Level level : levels) {
      Extent out = level.last() ? in.last() : in;
      boolean plain = level.plain() && level.first() >= cells - kept;
      sum += rows(out.pairs, level.outputLength()) * ((plain ? 0 : 1) + (isTraining() ? 1 : 0));
      for (int i = 0; i < level.cells().size(); i++) {
        int cell = level.first() + i;
        CellCode code = level.cells().get(i).code();
        boolean chunked = cell < cells - kept;
        int steps = chunked ? Math.min(chunk, in.steps) : in.steps;
        sum += states(code, in, chunked, steps);
        long pairs = Math.min(in.pairs, (long) steps * in.batch);
        long frame =
            Frame.workFloats(code.buffers(), mode, in.batch, pairs, shares.get(cell).most());
        shared = chunked ? Math.max(shared, frame) : shared;
        sum += chunked ? 0 : Memory.bytes(frame);
      }
      in = out;
    }
    return sum + (kept < cells ? Memory.bytes(shared) : 0);
  }

  private long states(CellCode code, Extent in, boolean chunked, int steps) {
    long sum = 0;
    for (Slot state : code.states()) {
      sum += rows(in.batch, state.floats()) * (isTraining() ? 2 : 1);
      if (chunked && isTraining()) {
        sum += rows((chunks(in, steps) + 1L) * in.batch, state.floats());
      }
    }
    return sum;
  }

  private static int chunks(Extent in, int steps) {
    return (in.steps + steps - 1) / steps;
  }

  private static long rows(long count, int length) {
    return Memory.bytes(count * Lanes.pad(length));
  }

  /// Share of the forward pass's products that a pass backwards does again: those of all chunked
  /// cells, but for the chunk that is still there from the pass forward.
  private double again(Extent batch, int kept, int chunk) {
    double all = 0;
    double twice = 0;
    Extent in = batch;
    for (Level level : levels) {
      for (int cell = level.first(); cell < level.first() + level.cells().size(); cell++) {
        double products = (double) shares.get(cell).products() * in.steps;
        all += products;
        if (isTraining() && cell < cells - kept) {
          int steps = Math.min(chunk, in.steps);
          int still = cell == cells - kept - 1 ? in.steps - (chunks(in, steps) - 1) * steps : 0;
          twice += products * (in.steps - still) / in.steps;
        }
      }
      in = level.last() ? in.last() : in;
    }
    return all == 0 ? 0 : twice / all;
  }

  /// Whether a plan has a cell run in chunks.
  static boolean isChunked(MemoryPlan plan, int cell) {
    return cell < plan.cells() - plan.kept();
  }
}
