package dev.sluice.benchmarks.report;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// One cell, mode and shape, and what everybody took for it.
///
/// @param shape BATCHxINPUTSxUNITSxSTEPS
/// @param ours Sluice's time
/// @param peers other frameworks' times
/// @param baselines times of the same layer written by hand
/// @param bytes that ours allocates on the heap for a pass
/// @param measuredRatio to the fastest peer, where it was measured as such: round by round
record Case(
    String cell,
    String mode,
    String shape,
    int threads,
    Figure ours,
    SequencedMap<String, Figure> peers,
    SequencedMap<String, Figure> baselines,
    OptionalDouble bytes,
    Optional<Figure> measuredRatio) {

  Optional<Map.Entry<String, Figure>> fastestPeer() {
    return peers.entrySet().stream().min(Comparator.comparingDouble(e -> e.getValue().ms()));
  }

  /// Above 1 when ours is faster than every peer.
  Optional<Figure> ratio() {
    return measuredRatio.or(() -> fastestPeer().map(peer -> peer.getValue().over(ours)));
  }

  /// `lstm 1x128x128x100`, with the threads when there are several.
  String label() {
    return cell + " " + shape + (threads == 1 ? "" : " ×" + threads);
  }
}
