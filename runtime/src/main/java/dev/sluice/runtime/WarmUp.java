package dev.sluice.runtime;

import java.time.Duration;

/// Passes over zeros until they don't get faster: the JVM then has compiled what they run.
final class WarmUp {
  /// A pass that is at least so much faster than all before counts as progress.
  private static final double FASTER = 0.9;

  /// Without progress for so long, there is none to wait for: longer than a kernel takes to
  /// compile.
  private static final long PATIENCE = Duration.ofMillis(400).toNanos();

  private WarmUp() {}

  static void run(Runnable pass, Duration most) {
    long start = System.nanoTime();
    long progress = start;
    long least = Long.MAX_VALUE;
    long now = start;
    while (now - start < most.toNanos() && now - progress < PATIENCE) {
      long begin = now;
      pass.run();
      now = System.nanoTime();
      if (now - begin < FASTER * least) {
        least = now - begin;
        progress = now;
      }
    }
  }
}
