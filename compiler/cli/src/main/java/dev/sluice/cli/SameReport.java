package dev.sluice.cli;

import dev.sluice.compiler.ir.Array;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.same.UpTo;
import dev.sluice.compiler.same.Verdict;
import dev.sluice.compiler.same.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What `same` tells.
///
/// @param first the first file as the user gave it
/// @param second the second one
record SameReport(Cell a, Cell b, String first, String second, Verdict verdict) {

  String text() {
    return switch (verdict) {
      case Verdict.Equal e ->
          "equal: %s and %s have the same normal form%s\n"
                  .formatted(first, second, allowed(e.upTo()))
              + (e.upTo().contains(UpTo.RESET)
                  ? "  But for where a gate acts, before or after a product, which changes the"
                      + " function.\n"
                  : "")
              + lines("parameters of " + second, e.conversion().lines());
      case Verdict.Undecided u ->
          "no difference found in %d random trials: %s and %s have different normal forms, and"
                  .formatted(u.trials(), first, second)
              + " equal values\n"
              + lines("with these parameters of " + second, u.conversion().lines());
      case Verdict.Incomparable(String reason) -> "different: " + reason + "\n";
      case Verdict.Different d -> different(d);
    };
  }

  private static String allowed(List<UpTo> upTo) {
    return upTo.isEmpty()
        ? ""
        : upTo.stream()
            .sorted()
            .map(SameReport::word)
            .collect(Collectors.joining(", ", " (up to ", ")"));
  }

  private static String word(UpTo upTo) {
    return upTo.name().toLowerCase(Locale.ROOT);
  }

  private static String lines(String title, List<String> lines) {
    return lines.isEmpty()
        ? ""
        : "  "
            + title
            + "\n"
            + lines.stream().map(l -> "    " + l + "\n").collect(Collectors.joining());
  }

  private String different(Verdict.Different d) {
    Witness witness = d.witness();
    StringBuilder out = new StringBuilder("different: %s and %s\n".formatted(first, second));
    d.remarks().forEach(r -> out.append("  ").append(r).append('\n'));
    int width = Math.max(first.length(), second.length());
    out.append("  output at step %d (the first is 0)\n".formatted(witness.step()));
    out.append(
        "    %s  %s = %s\n"
            .formatted(pad(first, width), a.output().display(), numbers(witness.first().output())));
    out.append(
        "    %s  %s = %s\n"
            .formatted(
                pad(second, width), b.output().display(), numbers(witness.second().output())));
    out.append(side(first, a, witness.first()));
    if (!parameters(a, witness.first()).equals(parameters(b, witness.second()))
        || !inputs(a, witness.first()).equals(inputs(b, witness.second()))) {
      out.append(side(second, b, witness.second()));
    }
    out.append(lines("parameters of " + second + " were taken as", witness.pairing()));
    if (d.pairings() > 1) {
      out.append(
          "  They also differ under the %d other ways to pair the parameters that were tried.\n"
              .formatted(d.pairings() - 1));
    }
    return out.toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String side(String file, Cell cell, Witness.Side side) {
    List<String> lines = new ArrayList<>();
    lines.add(
        side.sizes().entrySet().stream()
            .map(e -> nameOf(cell, e.getKey()) + "=" + e.getValue())
            .collect(Collectors.joining(",", "--size ", "")));
    lines.addAll(inputs(cell, side));
    lines.addAll(parameters(cell, side));
    return lines("with " + file, lines);
  }

  private static String nameOf(Cell cell, String dimension) {
    var vectors = cell.dimensions().get(dimension);
    return vectors == null || vectors.isEmpty() ? dimension : vectors.getFirst().plain();
  }

  private static List<String> inputs(Cell cell, Witness.Side side) {
    List<String> lines = new ArrayList<>();
    for (Cell.Input input : cell.inputs()) {
      double[][] rows = side.inputs().getOrDefault(input.symbol().plain(), new double[0][]);
      lines.add(
          "%s over time: %s"
              .formatted(
                  input.symbol().display(),
                  Arrays.stream(rows).map(SameReport::numbers).collect(Collectors.joining(" "))));
    }
    return lines;
  }

  private static List<String> parameters(Cell cell, Witness.Side side) {
    List<String> lines = new ArrayList<>();
    for (Cell.Parameter p : cell.parameters()) {
      Array array = side.parameters().get(p.symbol().plain());
      if (array != null) {
        lines.add("%s = %s".formatted(p.symbol().display(), array(array)));
      }
    }
    return lines;
  }

  private static String array(Array array) {
    if (array.rank() < 2) {
      return numbers(array.toArray());
    }
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < array.rows(); i++) {
      rows.add(
          numbers(
              Arrays.copyOfRange(array.toArray(), i * array.columns(), (i + 1) * array.columns())));
    }
    return rows.stream().collect(Collectors.joining(" ", "[", "]"));
  }

  private static String numbers(double[] numbers) {
    return Arrays.stream(numbers)
        .mapToObj(SameReport::number)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e9
        ? Long.toString((long) x)
        : String.format(Locale.ROOT, "%.6g", x);
  }

  Map<String, Object> json() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("first", first);
    out.put("second", second);
    switch (verdict) {
      case Verdict.Equal e -> {
        out.put("verdict", "equal");
        out.put("upTo", e.upTo().stream().sorted().map(SameReport::word).toList());
        out.put("parameters", e.conversion().lines());
      }
      case Verdict.Undecided u -> {
        out.put("verdict", "no difference found");
        out.put("trials", u.trials());
        out.put("parameters", u.conversion().lines());
      }
      case Verdict.Incomparable(String reason) -> {
        out.put("verdict", "different");
        out.put("remarks", List.of(reason));
      }
      case Verdict.Different d -> {
        out.put("verdict", "different");
        out.put("remarks", d.remarks());
        out.put("step", d.witness().step());
        out.put("witness", List.of(json(d.witness().first()), json(d.witness().second())));
        out.put("parameters", d.witness().pairing());
        out.put("pairings", d.pairings());
      }
    }
    return out;
  }

  private static Map<String, Object> json(Witness.Side side) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("sizes", side.sizes());
    Map<String, Object> inputs = new LinkedHashMap<>();
    side.inputs()
        .forEach(
            (name, rows) -> inputs.put(name, Arrays.stream(rows).map(SameReport::list).toList()));
    out.put("inputs", inputs);
    Map<String, Object> parameters = new LinkedHashMap<>();
    side.parameters().forEach((name, array) -> parameters.put(name, list(array.toArray())));
    out.put("parameters", parameters);
    out.put("output", list(side.output()));
    return out;
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
