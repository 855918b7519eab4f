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

/// Reads what `versus.py --json` writes: medians over rounds, and the ratio to the fastest peer
/// with its least and greatest value.
final class VersusResults {
  private VersusResults() {}

  /// Cases in order of appearance; those that ours hasn't run are left out.
  static List<Case> read(Iterable<JsonElement> results) {
    List<Case> cases = new ArrayList<>();
    for (JsonElement result : results) {
      JsonObject row = result.getAsJsonObject();
      if (!row.get("ours").isJsonNull()) {
        cases.add(toCase(row));
      }
    }
    return cases;
  }

  private static Case toCase(JsonObject row) {
    SequencedMap<String, Figure> peers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> peer : row.getAsJsonObject("peers").entrySet()) {
      peers.put(peer.getKey(), Figure.exact(peer.getValue().getAsDouble()));
    }
    Optional<Figure> ratio =
        row.has("ratio")
            ? Optional.of(new Figure(number(row, "ratio"), number(row, "low"), number(row, "high")))
            : Optional.empty();
    List<String> shape = new ArrayList<>();
    for (String size : List.of("batch", "input", "hidden", "steps")) {
      shape.add(row.get(size).getAsString());
    }
    return new Case(
        row.get("cell").getAsString(),
        row.get("mode").getAsString(),
        String.join("x", shape),
        row.get("threads").getAsInt(),
        Figure.exact(number(row, "ours")),
        peers,
        new LinkedHashMap<>(),
        OptionalDouble.empty(),
        ratio);
  }

  private static double number(JsonObject row, String name) {
    return row.get(name).getAsDouble();
  }
}
