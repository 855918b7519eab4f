package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.analysis.Recurrence;
import dev.sluice.compiler.ir.Horizon;
import dev.sluice.compiler.ir.Jacobian;
import dev.sluice.compiler.same.Regime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What `explain` tells of a cell's memory: how one step depends on the last, what its gates do at
/// their ends, how long it remembers.
final class Dynamics {
  private final Compiled compiled;
  private final List<Jacobian> jacobians;
  private final List<Regime> regimes;
  private final List<Horizon> horizons;

  Dynamics(Compiled compiled) {
    this.compiled = compiled;
    this.jacobians = compiled.jacobians();
    this.regimes = compiled.regimes();
    this.horizons = compiled.horizons();
  }

  /// `dense`
  String structure() {
    return Recurrence.of(compiled.canonical()).text();
  }

  String jacobianLines() {
    String lines =
        jacobians.stream()
            .filter(j -> !j.paths().isEmpty() || j.target().equals(j.source()))
            .map(j -> j.text() + "\n")
            .collect(Collectors.joining());
    return lines.contains("⊗")
        ? lines
            + "with a matrix as the vector of its rows: diag(a) ⊗ I scales rows, I ⊗ diag(b)"
            + " columns, I ⊗ kᵀ is the product with k\n"
        : lines;
  }

  String regimeLines() {
    int width = regimes.stream().mapToInt(r -> setting(r).length()).max().orElse(0);
    int wide = regimes.stream().mapToInt(r -> effect(r).length()).max().orElse(0);
    return regimes.stream()
        .map(
            r ->
                setting(r)
                    + " ".repeat(width - setting(r).length() + 3)
                    + effect(r)
                    + " ".repeat(wide - effect(r).length() + 3)
                    + r.formula()
                    + "\n")
        .collect(Collectors.joining());
  }

  private static String setting(Regime r) {
    return r.gates().entrySet().stream()
        .map(g -> g.getKey().display() + " = " + g.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String effect(Regime r) {
    String target = r.target().display();
    return switch (r.kind()) {
      case KEEPS -> "keeps " + target;
      case ERASES -> "erases " + target;
      case WRITES -> "writes " + target;
      case ADDS -> "adds to " + target;
      case WITHHOLDS -> "withholds " + target;
      case RELEASES -> "releases " + target;
      case SIMPLE_RNN -> "is the simple RNN";
    };
  }

  String horizonLines() {
    return horizons.stream().map(h -> h.text() + "\n").collect(Collectors.joining());
  }

  void putInto(SequencedMap<String, Object> out) {
    out.put("structure", structure());
    out.put("jacobians", jacobians.stream().map(Dynamics::json).toList());
    out.put("regimes", regimes.stream().map(Dynamics::json).toList());
    out.put("horizons", horizons.stream().map(Dynamics::json).toList());
  }

  private static Map<String, Object> json(Jacobian j) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("target", j.target().plain());
    out.put("source", j.source().plain());
    out.put("delay", j.delay());
    out.put("paths", j.paths().size());
    out.put("diagonal", j.isComplete() && j.paths().stream().allMatch(Jacobian.Path::isDiagonal));
    out.put("text", j.text());
    return out;
  }

  private static Map<String, Object> json(Regime r) {
    Map<String, Object> gates = new LinkedHashMap<>();
    r.gates().forEach((gate, value) -> gates.put(gate.plain(), value));
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("gates", gates);
    out.put("kind", r.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    out.put("target", r.target().plain());
    out.put("formula", r.formula());
    return out;
  }

  private static Map<String, Object> json(Horizon h) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("state", h.state().plain());
    out.put("gate", h.gate().plain());
    out.put("bias", h.bias());
    out.put("steps", h.steps());
    return out;
  }
}
