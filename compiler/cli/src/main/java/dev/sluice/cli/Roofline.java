package dev.sluice.cli;

import dev.sluice.cli.ceilings.Ceilings;

/// The least time that a pass could take on this machine: free products at the peak of
/// multiply-adds; recurrent products at that peak, too, or at the speed at which their weights come
/// from the memory that holds them, once per step, whichever is slower (for one sequence it is the
/// weights).
///
/// @param seconds of a pass
/// @param operations of all products of a pass
/// @param bytes of recurrent weights that a pass reads
/// @param level that holds them
record Roofline(double seconds, double operations, double bytes, Ceilings.Load level) {

  /// Threads that share a batch read the weights each; threads that share one sequence's units
  /// share the weights as well.
  static Roofline of(
      Products.Numbers products, BenchCommand.Mode mode, int batch, int steps, Ceilings ceilings) {
    int threads = ceilings.threads();
    double read = products.recurrentBytes() * Math.min(threads, batch);
    Ceilings.Load level = ceilings.holding(read / threads);
    double peak = ceilings.fma() * 1e9;
    double stepSeconds = 0;
    double inWalks = 0;
    for (double operations : products.walks(mode)) {
      double compute = operations * batch / peak;
      stepSeconds += operations == 0 ? 0 : Math.max(compute, read / (level.speed() * 1e9));
      inWalks += operations;
    }
    double free = (products.operations(mode) - inWalks) * batch / peak;
    return new Roofline(
        steps * (free + stepSeconds),
        products.operations(mode) * batch * steps,
        read * products.walks(mode).size() * steps,
        level);
  }
}
