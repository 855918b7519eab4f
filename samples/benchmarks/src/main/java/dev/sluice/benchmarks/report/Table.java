package dev.sluice.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Cases as Markdown.
final class Table {
  private final List<Case> cases;
  private final Set<String> peers = new LinkedHashSet<>();
  private final Set<String> baselines = new LinkedHashSet<>();
  private final boolean bytes;

  Table(List<Case> cases) {
    this.cases = cases;
    cases.forEach(one -> peers.addAll(one.peers().keySet()));
    cases.forEach(one -> baselines.addAll(one.baselines().keySet()));
    bytes = cases.stream().anyMatch(one -> one.bytes().isPresent());
  }

  /// Lines of the table.
  String rows() {
    StringBuilder text = new StringBuilder();
    text.append(line(header()));
    text.append(line(header().stream().map(name -> isText(name) ? "---" : "---:").toList()));
    cases.forEach(one -> text.append(line(row(one))));
    return text.toString();
  }

  /// A line for each mode, and for each baseline in it.
  String summary() {
    Map<String, List<Double>> ratios = new TreeMap<>();
    for (Case one : cases) {
      one.ratio().ifPresent(ratio -> add(ratios, one.mode() + ", to the fastest peer", ratio.ms()));
      one.baselines()
          .forEach(
              (name, time) -> add(ratios, one.mode() + ", to " + name, time.over(one.ours()).ms()));
    }
    StringBuilder text = new StringBuilder();
    ratios.forEach((what, values) -> text.append("- %s: %s\n".formatted(what, Summary.of(values))));
    return text.toString();
  }

  private static void add(Map<String, List<Double>> ratios, String what, double ratio) {
    ratios.computeIfAbsent(what, _ -> new ArrayList<>()).add(ratio);
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static boolean isText(String column) {
    return Set.of("cell", "mode", "B × I × H × T", "fastest peer").contains(column);
  }

  private List<String> header() {
    List<String> names = new ArrayList<>(List.of("cell", "mode", "B × I × H × T", "threads"));
    names.add("Sluice");
    if (!peers.isEmpty()) {
      names.addAll(List.of("fastest peer", "ratio", "least–most"));
    }
    names.addAll(peers);
    for (String baseline : baselines) {
      names.addAll(List.of(baseline, "ratio"));
    }
    if (bytes) {
      names.add("B/pass");
    }
    return names;
  }

  private List<String> row(Case one) {
    List<String> row =
        new ArrayList<>(
            List.of(one.cell(), one.mode(), one.shape().replace("x", " × "), "" + one.threads()));
    row.add(time(one.ours()));
    if (!peers.isEmpty()) {
      row.add(one.fastestPeer().map(Map.Entry::getKey).orElse(""));
      row.add(one.ratio().map(r -> ratio(r.ms())).orElse(""));
      row.add(one.ratio().map(r -> ratio(r.low()) + "–" + ratio(r.high())).orElse(""));
    }
    for (String peer : peers) {
      Figure time = one.peers().get(peer);
      row.add(time == null ? "" : time(time));
    }
    for (String baseline : baselines) {
      Figure time = one.baselines().get(baseline);
      row.add(time == null ? "" : time(time));
      row.add(time == null ? "" : ratio(time.over(one.ours()).ms()));
    }
    if (bytes) {
      row.add(one.bytes().isPresent() ? number("%.0f", one.bytes().getAsDouble()) : "");
    }
    return row;
  }

  private static String time(Figure figure) {
    return number(figure.ms() < 10 ? "%.3f" : "%.1f", figure.ms());
  }

  private static String ratio(double ratio) {
    return number("%.2f", ratio);
  }

  private static String number(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
