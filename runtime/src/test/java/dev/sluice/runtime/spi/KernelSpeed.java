package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Times the products of one thread by hand: `gflops` is the median of 15 runs. Not a test, for
/// timings are noisy; run it alone.
final class KernelSpeed {
  private static final int RUNS = 15;

  private final MemorySegment work = Memory.allocate("work", 1 << 20).segment();
  private final MemorySegment packed = Memory.allocate("packed", 1 << 22).segment();

  private KernelSpeed() {}

  public static void main(String[] arguments) {
    KernelSpeed speed = new KernelSpeed();
    for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 17, 32, 48}) {
      speed.multiply(rows, 64, 256);
    }
    // The products that samples/benchmarks/limits/products.c times.
    speed.multiply(36, 2, 256);
    speed.multiply(32, 64, 256);
    speed.multiply(32, 64, 512);
    speed.multiply(64, 128, 1024);
    speed.pack(1024, 256);
  }

  /// @param vectors of all panels
  /// @param k inner length
  private void multiply(int rows, int vectors, int k) {
    long width = (long) vectors * Lanes.BYTES;
    long row = k * (long) Float.BYTES;
    long c = rows * row;
    long left = c + rows * width;
    Products.load(work, 0, row, k, rows, left, 0, k);
    report(
        "multiply %2d rows, %d vectors, k %d".formatted(rows, vectors, k),
        2.0 * rows * vectors * Lanes.COUNT * k,
        () ->
            Products.multiply(
                work, left, k, packed, 0, 0, k, packed, 0, 0, c, width, rows, vectors));
  }

  private void pack(int rows, int columns) {
    report(
        "pack %d x %d, in floats".formatted(rows, columns),
        (double) rows * columns,
        () -> Panels.pack(work, 0, columns, false, rows, columns, packed, 0, 0, columns, 1, 0));
    report(
        "pack transposed, in floats",
        (double) rows * columns,
        () -> Panels.pack(work, 0, rows, true, rows, columns, packed, 0, 0, columns, 1, 0));
  }

  private static void report(String what, double operations, Runnable kernel) {
    int repeats = (int) Math.max(1, 1e8 / operations);
    double[] gflops = new double[RUNS];
    for (int run = 0; run < 2 * RUNS; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        kernel.run();
      }
      gflops[run % RUNS] = operations * repeats / (System.nanoTime() - start);
    }
    Arrays.sort(gflops);
    System.out.printf("%-40s %6.1f (best %6.1f)%n", what, gflops[RUNS / 2], gflops[RUNS - 1]);
  }
}
