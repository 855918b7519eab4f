package dev.sluice.cli;

import com.sun.management.ThreadMXBean;
import dev.sluice.runtime.Sequential;
import dev.sluice.runtime.Session;
import dev.sluice.runtime.WeightFormat;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/// Times single steps of a session that keeps its states, as a service that answers input by input
/// does.
final class Latency implements AutoCloseable {
  private static final long LONGEST = 10_000_000_000L;
  private static final int DIGITS = 3;
  private static final int CHUNK = 1000;

  /// Different inputs, in turn: enough that a step can't be learnt by heart.
  private static final int INPUTS = 64;

  private static final int LEAST_WARM_UP = 20_000;

  private final Session session;
  private final float[][] x = new float[INPUTS][];
  private final Map<String, float[]> others = new LinkedHashMap<>();
  private final float[] output;
  private final ThreadMXBean threads;
  private int next;

  Latency(Sequential network, int batch, WeightFormat format) {
    if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean)
        || !bean.isThreadAllocatedMemorySupported()) {
      throw new UserError("--latency: this JVM doesn't tell what a thread allocates; use HotSpot");
    }
    threads = bean;
    session = network.session(1, format);
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < INPUTS; i++) {
      x[i] = random(random, batch * network.inputLength());
    }
    network
        .moreInputs()
        .forEach((name, length) -> others.put(name, random(random, batch * length)));
    output = new float[batch * network.outputLength()];
  }

  private static float[] random(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }

  /// What was measured.
  ///
  /// @param nanoseconds of each step
  /// @param bytes that all steps allocated on the heap
  record Result(Histogram nanoseconds, long bytes) {}

  /// @param seconds to warm up at least
  Result measure(int steps, double seconds) {
    Histogram histogram = new Histogram(LONGEST, DIGITS);
    long begin = System.nanoTime();
    for (int i = 0; i < LEAST_WARM_UP || System.nanoTime() - begin < seconds * 1e9; i += CHUNK) {
      steps(CHUNK, histogram);
    }
    histogram.reset();
    long bytes = 0;
    try (Progress bar = Progress.of("stepping", steps)) {
      for (int done = 0; done < steps; done += CHUNK) {
        long before = threads.getCurrentThreadAllocatedBytes();
        steps(Math.min(CHUNK, steps - done), histogram);
        bytes += threads.getCurrentThreadAllocatedBytes() - before;
        bar.to(done);
      }
    }
    return new Result(histogram, bytes);
  }

  private void steps(int count, Histogram histogram) {
    for (int i = 0; i < count; i++) {
      float[] input = x[next++ & (INPUTS - 1)];
      long begin = System.nanoTime();
      session.step(input, others, output);
      long end = System.nanoTime();
      histogram.recordValue(Math.min(end - begin, LONGEST));
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
