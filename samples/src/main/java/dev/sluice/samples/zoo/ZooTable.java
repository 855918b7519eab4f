package dev.sluice.samples.zoo;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The zoo as a table for people, or as JSON.
final class ZooTable {
  private static final String LINE = "%-36s  %-2s  %9s  %9s  %9s  %-8s  %8s%s";

  private ZooTable() {}

  static String header(boolean timed) {
    return LINE.formatted(
        "cell", "", "gradients", "generated", "recorded", "states", "kFLOP", timed ? "  time" : "");
  }

  static String line(ZooRow row) {
    ZooRow.Facts facts = row.facts();
    if (facts == null) {
      return LINE.formatted(row.name(), "✗", "", "", "", "", "", "").stripTrailing();
    }
    return LINE.formatted(
        row.name(),
        row.pass() ? "✓" : "✗",
        error(facts.gradients()),
        error(facts.generated()),
        error(facts.recorded()),
        facts.recurrence().text(),
        String.format(Locale.ROOT, "%.1f", facts.flops() / 1e3),
        Double.isNaN(facts.time()) ? "" : String.format(Locale.ROOT, "  %4.2f", facts.time()));
  }

  private static String error(ZooRow.@Nullable Check check) {
    if (check == null) {
      return "–";
    }
    String number = String.format(Locale.ROOT, "%.1e", check.error());
    return check.pass() ? number : "✗ " + number;
  }

  static String summary(List<ZooRow> rows) {
    long good = rows.stream().filter(ZooRow::pass).count();
    long compared =
        rows.stream().filter(r -> r.facts() != null && r.facts().recorded() != null).count();
    return "%d of %d cells pass; %d of them against recorded results of other software"
        .formatted(good, rows.size(), compared);
  }

  /// One object on one line.
  static String json(ZooRow row) {
    StringBuilder out = new StringBuilder("{\"cell\": ").append(string(row.name()));
    out.append(", \"pass\": ").append(row.pass());
    ZooRow.Facts facts = row.facts();
    out.append(", \"compiles\": ").append(facts != null);
    if (facts != null) {
      member(out, "gradients", facts.gradients());
      member(out, "generated", facts.generated());
      member(out, "recorded", facts.recorded());
      out.append(", \"states\": ").append(string(facts.recurrence().text()));
      out.append(", \"flops\": ").append(facts.flops());
      if (!Double.isNaN(facts.time())) {
        out.append(", \"time_per_flop_relative_to_lstm\": ").append(facts.time());
      }
    }
    if (!row.pass()) {
      out.append(", \"problem\": ").append(string(row.problem()));
    }
    return out.append('}').toString();
  }

  private static void member(StringBuilder out, String name, ZooRow.@Nullable Check check) {
    if (check != null) {
      out.append(", ").append(string(name)).append(": {\"pass\": ").append(check.pass());
      out.append(", \"error\": ");
      out.append(Double.isFinite(check.error()) ? Double.toString(check.error()) : "null");
      out.append('}');
    }
  }

  private static String string(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
