package dev.sluice.runtime;

/// How a session keeps within a limit of memory off the heap: which cells keep all steps of a batch
/// in their frames, and which run in chunks of steps and, for the way back, forward again from the
/// states where each chunk started.
///
/// @param steps of the longest sequence that it is for
/// @param batch sequences that it is for
/// @param pairs of a step and a sequence that it is for
/// @param bytes that the network's weights and the session take together
/// @param unlimited bytes that they take when every cell keeps all steps
/// @param cells of the network
/// @param kept how many of them, the highest, keep all steps
/// @param chunk steps of a chunk of the others
/// @param again share of the forward pass that is computed twice, 0 to 1
public record MemoryPlan(
    int steps,
    int batch,
    long pairs,
    long bytes,
    long unlimited,
    int cells,
    int kept,
    int chunk,
    double again) {

  boolean covers(int steps, int batch, long pairs) {
    return steps <= this.steps && batch <= this.batch && pairs <= this.pairs;
  }

  /// `61.3 MiB instead of 310.0 MiB: 1 of 1 cells in chunks of 12 steps, 88 % of the forward pass
  /// twice`.
  @Override
  public String toString() {
    if (kept == cells) {
      return mebibytes(bytes);
    }
    return "%s instead of %s: %d of %d cells in chunks of %d steps%s"
        .formatted(
            mebibytes(bytes),
            mebibytes(unlimited),
            cells - kept,
            cells,
            chunk,
            again == 0 ? "" : ", %.0f %% of the forward pass twice".formatted(100 * again));
  }

  /// `1.5 MiB`.
  public static String mebibytes(long bytes) {
    return String.format(java.util.Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
