package dev.sluice.runtime.spi;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Times the elementwise functions by hand, called as generated code calls them (by way of
/// [Vectors#store] they would box their results): nanoseconds for 16 floats, the median of 15 runs.
/// Not a test, for timings are noisy; run it alone.
final class FunctionSpeed {
  private static final int RUNS = 15;
  private static final int FLOATS = 4096;

  private final MemorySegment input = Memory.allocate("input", FLOATS).segment();
  private final MemorySegment output = Memory.allocate("output", FLOATS).segment();

  private interface Loop {
    void run() throws Throwable;
  }

  public static void main(String[] arguments) throws Throwable {
    new FunctionSpeed().functions();
  }

  /// A lambda for each, so that its loop has one target and inlines it.
  private void functions() throws Throwable {
    for (int i = 0; i < FLOATS; i++) {
      input.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i, 0.01f + i % 97 / 20f);
    }
    report(
        "exp",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Functions.EXP.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "log",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Functions.LOG.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "tanh",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Functions.TANH.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "sigmoid",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Functions.SIGMOID.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "softplus",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Functions.SOFTPLUS.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "power",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Functions.POWER.invokeExact(x, x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "precise tanh",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Precise.TANH.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
    report(
        "precise sigmoid",
        () -> {
          for (long i = 0; i < FLOATS * 4; i += Lanes.BYTES) {
            FloatVector x = FloatVector.fromMemorySegment(Vectors.SPECIES, input, i, Lanes.ORDER);
            FloatVector y = (FloatVector) Precise.SIGMOID.invokeExact(x);
            y.intoMemorySegment(output, i, Lanes.ORDER);
          }
        });
  }

  private static void report(String what, Loop loop) throws Throwable {
    int repeats = 2_000;
    double[] nanos = new double[RUNS];
    for (int run = 0; run < 2 * RUNS; run++) {
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        loop.run();
      }
      nanos[run % RUNS] = (System.nanoTime() - start) * 16.0 / FLOATS / repeats;
    }
    Arrays.sort(nanos);
    System.out.printf("%-20s %6.2f ns (best %6.2f)%n", what, nanos[RUNS / 2], nanos[0]);
  }
}
