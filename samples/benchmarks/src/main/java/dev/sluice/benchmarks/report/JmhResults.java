package dev.sluice.benchmarks.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// Reads JMH's JSON: benchmarks whose method is the mode and whose parameters are `cell`, `shape`
/// and `by`.
final class JmhResults {
  private static final String OURS = "generated";
  private static final Map<String, String> BASELINES =
      Map.of("vector", "handwritten", "plain", "plain loops");

  private JmhResults() {}

  private record Key(String cell, String mode, String shape, int threads) {}

  private static final class Found {
    private Optional<Figure> ours = Optional.empty();
    private OptionalDouble bytes = OptionalDouble.empty();
    private final SequencedMap<String, Figure> peers = new LinkedHashMap<>();
    private final SequencedMap<String, Figure> baselines = new LinkedHashMap<>();
  }

  /// Cases in order of appearance; those that ours hasn't run are left out.
  static List<Case> read(Iterable<JsonElement> results) {
    SequencedMap<Key, Found> found = new LinkedHashMap<>();
    for (JsonElement result : results) {
      JsonObject run = result.getAsJsonObject();
      JsonObject parameters = run.getAsJsonObject("params");
      String method = run.get("benchmark").getAsString();
      Key key =
          new Key(
              parameters.get("cell").getAsString(),
              method.substring(method.lastIndexOf('.') + 1),
              parameters.get("shape").getAsString(),
              run.get("threads").getAsInt());
      add(found.computeIfAbsent(key, _ -> new Found()), parameters.get("by").getAsString(), run);
    }
    List<Case> cases = new ArrayList<>();
    found.forEach((key, one) -> one.ours.ifPresent(ours -> cases.add(toCase(key, one, ours))));
    return cases;
  }

  private static Case toCase(Key key, Found one, Figure ours) {
    return new Case(
        key.cell,
        key.mode,
        key.shape,
        key.threads,
        ours,
        one.peers,
        one.baselines,
        one.bytes,
        Optional.empty());
  }

  private static void add(Found found, String by, JsonObject run) {
    JsonObject metric = run.getAsJsonObject("primaryMetric");
    String unit = metric.get("scoreUnit").getAsString();
    if (!unit.equals("ms/op")) {
      throw new IllegalArgumentException("scores in " + unit + ": expected ms/op");
    }
    double score = metric.get("score").getAsDouble();
    // JMH writes "NaN", a text, when one iteration leaves the error unknown.
    double error = Double.parseDouble(metric.get("scoreError").getAsString());
    Figure figure =
        Double.isNaN(error)
            ? Figure.exact(score)
            : new Figure(score, Math.max(score - error, 0), score + error);
    if (by.equals(OURS)) {
      found.ours = Optional.of(figure);
      found.bytes = bytes(run);
    } else if (BASELINES.containsKey(by)) {
      found.baselines.put(BASELINES.getOrDefault(by, by), figure);
    } else {
      found.peers.put(by, figure);
    }
  }

  private static OptionalDouble bytes(JsonObject run) {
    JsonObject metrics = run.getAsJsonObject("secondaryMetrics");
    for (Map.Entry<String, JsonElement> metric : metrics.entrySet()) {
      if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
        return OptionalDouble.of(metric.getValue().getAsJsonObject().get("score").getAsDouble());
      }
    }
    return OptionalDouble.empty();
  }
}
