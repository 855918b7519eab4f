package dev.sluice.cli.ceilings;

import dev.sluice.cli.ceilings.Ceilings.Load;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Measures ceilings on some threads at once, which run the same kernel for the same time, each on
/// memory of its own. May be asked again, to see what has changed in between.
public final class Measurement implements AutoCloseable {
  private static final int FMA_ROUNDS = 50_000;
  private static final long LEAST_DRAM = 64L << 20;

  /// Bytes that a run reads: long enough for the clock, short enough for hundreds of runs.
  private static final long LOAD_WORK = 4L << 20;

  private final int threads;
  private final long nanoseconds;
  private final Caches caches = Caches.ofThisMachine();
  private final ExecutorService pool;

  /// @param seconds that each kernel runs, after as long to warm up
  public Measurement(int threads, double seconds) {
    this.threads = threads;
    this.nanoseconds = (long) (seconds * 1e9);
    this.pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
  }

  /// Half of a cache holds what else is there; the third is shared, so a few times the second are
  /// read; what is farther than that must not fit into the third.
  public Ceilings measure() {
    List<Load> loads = new ArrayList<>();
    loads.add(load("L1", caches.first(), caches.first() / 2));
    loads.add(load("L2", caches.second(), caches.second() / 2));
    long third = Math.min(caches.third() / 2, 4 * caches.second());
    if (third > caches.second()) {
      loads.add(load("L3", caches.third(), third));
    }
    long farthest = Math.max(LEAST_DRAM, 4 * caches.third()) / threads;
    loads.add(load("DRAM", Long.MAX_VALUE, farthest));
    return new Ceilings(threads, together(_ -> new FmaKernel(FMA_ROUNDS)), loads);
  }

  private Load load(String level, long capacity, long bytes) {
    long footprint = Math.min(bytes, Integer.MAX_VALUE / 2) / LoadKernel.STRIDE * LoadKernel.STRIDE;
    int rounds = (int) Math.max(1, LOAD_WORK / footprint);
    double speed = together(arena -> new LoadKernel(arena.allocate(footprint, 4096), rounds));
    return new Load(level, capacity, footprint, speed);
  }

  /// Work per nanosecond of all threads together.
  private double together(Function<Arena, Kernel> kernel) {
    List<Callable<Double>> all = Collections.nCopies(threads, () -> alone(kernel));
    double sum = 0;
    try {
      for (Future<Double> speed : pool.invokeAll(all)) {
        sum += speed.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return sum;
  }

  private double alone(Function<Arena, Kernel> factory) {
    // Shared, though one thread uses it: checks of a confined arena cost the kernel its speed.
    try (Arena arena = Arena.ofShared()) {
      Kernel kernel = factory.apply(arena);
      times(kernel);
      double[] times = times(kernel);
      return kernel.work() / times[times.length / 2];
    }
  }

  /// Nanoseconds of each run, sorted.
  private double[] times(Kernel kernel) {
    List<Double> times = new ArrayList<>();
    float sum = 0;
    long start = System.nanoTime();
    long now = start;
    do {
      long begin = now;
      sum += kernel.run();
      now = System.nanoTime();
      times.add((double) (now - begin));
    } while (now - start < nanoseconds);
    if (Float.isNaN(sum)) {
      throw new IllegalStateException("the kernel computes no numbers");
    }
    double[] sorted = times.stream().mapToDouble(t -> t).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
