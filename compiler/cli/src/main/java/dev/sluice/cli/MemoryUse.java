package dev.sluice.cli;

import dev.sluice.runtime.MemoryPlan;
import java.util.LinkedHashMap;
import java.util.Map;

/// Memory off the heap: the weights', and what a pass over a batch takes.
///
/// @param plan what was predicted; [MemoryPlan#bytes] for one thread
/// @param predicted bytes of all threads together
/// @param actual bytes when the passes were done, which nothing has given back before
record MemoryUse(MemoryPlan plan, long predicted, long actual) {
  /// `memory 4.5 MiB predicted, 4.5 MiB taken`.
  String text() {
    String chunks = plan.kept() == plan.cells() ? "" : " (" + plan + ")";
    return "memory %s predicted, %s taken%s"
        .formatted(MemoryPlan.mebibytes(predicted), MemoryPlan.mebibytes(actual), chunks);
  }

  Map<String, Object> json() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("predicted", predicted);
    result.put("actual", actual);
    result.put("unlimited", plan.unlimited());
    result.put("chunk", plan.kept() == plan.cells() ? plan.steps() : plan.chunk());
    result.put("again", plan.again());
    return result;
  }
}
