package dev.sluice.cli;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.analysis.Count;
import dev.sluice.compiler.analysis.Flops;
import dev.sluice.compiler.ir.Adjoint;
import dev.sluice.compiler.ir.Cell;
import dev.sluice.compiler.ir.Equation;
import dev.sluice.compiler.ir.Expr;
import dev.sluice.compiler.ir.Notation;
import dev.sluice.compiler.ir.ScheduleNotation;
import dev.sluice.compiler.ir.Shape;
import dev.sluice.compiler.ir.Symbol;
import dev.sluice.compiler.ir.flat.Operands;
import dev.sluice.compiler.weights.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What `explain` tells.
final class Explanation {
  private final Compiled compiled;
  private final Cell cell;
  private final Map<String, Integer> sizes;
  private final Count parameters;
  private final Count forward;
  private final Count backward;

  /// @param given sizes by vector or dimension name; empty for formulas alone
  Explanation(Compiled compiled, Map<String, Integer> given) {
    this.compiled = compiled;
    this.cell = compiled.cell();
    this.sizes = given.isEmpty() ? Map.of() : cell.sizes(given);
    this.parameters =
        cell.parameters().stream().map(p -> Flops.size(p.shape())).reduce(Count.ZERO, Count::plus);
    this.forward = Flops.forward(compiled.canonical());
    this.backward = Flops.backward(compiled.adjoint());
  }

  String text() {
    StringBuilder out = new StringBuilder(Notation.cell(cell));
    section(out, "dimensions", dimensions());
    if (!hyperparameters().isEmpty()) {
      section(out, "hyperparameters, another value with --set", hyperparameters());
    }
    section(out, "parameters: " + number(parameters), parameterLines());
    compiled
        .canonical()
        .weights()
        .ifPresent(
            weights ->
                section(
                    out,
                    "computed once per update: " + number(Flops.forward(weights)) + " operations",
                    String.join("\n", computed())));
    section(
        out,
        "operations per step and sequence",
        "forward   " + number(forward) + "\nbackward  " + number(backward) + "\n");
    Dynamics dynamics = new Dynamics(compiled);
    section(out, "recurrence: " + dynamics.structure(), dynamics.jacobianLines());
    if (!dynamics.regimeLines().isEmpty()) {
      section(out, "gates at their ends", dynamics.regimeLines());
    }
    if (!dynamics.horizonLines().isEmpty()) {
      section(out, "memory before training", dynamics.horizonLines());
    }
    section(out, "backward, from the last step to the first", Notation.adjoint(compiled.adjoint()));
    section(out, "schedule", ScheduleNotation.print(compiled.schedule()));
    return out.toString();
  }

  private static void section(StringBuilder out, String title, String body) {
    out.append('\n').append(title).append('\n');
    body.lines().forEach(l -> out.append(l.isBlank() ? "" : "  " + l).append('\n'));
  }

  private String dimensions() {
    StringBuilder out = new StringBuilder();
    cell.dimensions()
        .forEach(
            (name, vectors) -> {
              Integer size = sizes.get(name);
              List<String> of = new ArrayList<>(vectors.stream().map(Symbol::display).toList());
              cell.lengths().getOrDefault(name, List.of()).stream()
                  .filter(vector -> vector.contains("/"))
                  .forEach(of::add);
              out.append(name).append(size == null ? "" : " = " + size);
              out.append("  the length of ").append(String.join(", ", of)).append('\n');
            });
    return out.toString();
  }

  private String hyperparameters() {
    SequencedMap<String, String> lines = new LinkedHashMap<>();
    for (Equation equation : cell.equations()) {
      Deque<Expr> open = new ArrayDeque<>(List.of(equation.value()));
      while (!open.isEmpty()) {
        Expr e = open.pop();
        if (e instanceof Expr.Constant(Symbol symbol, double value)) {
          lines.put(
              symbol.plain(),
              symbol.display() + " = " + Notation.expression(new Expr.Literal(value)) + "\n");
        }
        Operands.of(e).reversed().forEach(open::push);
      }
    }
    return String.join("", lines.values());
  }

  private String parameterLines() {
    int width =
        cell.parameters().stream().mapToInt(p -> p.symbol().plain().length()).max().orElse(0);
    return cell.parameters().stream()
        .map(
            p ->
                p.symbol().plain()
                    + " ".repeat(width - p.symbol().plain().length() + 2)
                    + number(Flops.size(p.shape()))
                    + "\n")
        .collect(Collectors.joining());
  }

  /// Weights that are computed from parameters: `w = −exp(u)`, or what they are called by.
  private List<String> computed() {
    Cell weights = Weights.apart(cell).weights().orElseThrow();
    List<String> lines = new ArrayList<>();
    for (Equation e : weights.equations()) {
      String value = Notation.expression(timeless(e.value()));
      String name = e.target().display();
      lines.add(value.equals(name) ? value : name + " = " + value);
    }
    return lines;
  }

  /// A name without a time.
  private static Expr timeless(Expr e) {
    return e instanceof Expr.Value v
        ? new Expr.Parameter(v.symbol(), v.shape())
        : Operands.map(e, Explanation::timeless);
  }

  private String number(Count count) {
    return sizes.isEmpty()
        ? count.toString()
        : count + " = " + String.format(Locale.ROOT, "%,d", count.value(sizes));
  }

  SequencedMap<String, Object> json() {
    SequencedMap<String, Object> out = new LinkedHashMap<>();
    Adjoint adjoint = compiled.adjoint();
    out.put("name", cell.name());
    out.put("inputs", cell.inputs().stream().map(i -> shaped(i.symbol(), i.shape())).toList());
    out.put("states", cell.states().stream().map(s -> shaped(s.symbol(), s.shape())).toList());
    out.put(
        "parameters", cell.parameters().stream().map(p -> shaped(p.symbol(), p.shape())).toList());
    compiled.canonical().weights().ifPresent(_ -> out.put("computedOncePerUpdate", computed()));
    out.put("output", cell.output().plain());
    out.put("equations", cell.equations().stream().map(Notation::equation).toList());
    out.put("backward", adjoint.equations().stream().map(Notation::equation).toList());
    out.put("accumulations", adjoint.accumulations().stream().map(Notation::accumulation).toList());
    new Dynamics(compiled).putInto(out);
    out.put("counts", counts(Count::toString));
    if (!sizes.isEmpty()) {
      out.put("sizes", sizes);
      out.put("numbers", counts(count -> count.value(sizes)));
    }
    return out;
  }

  private Map<String, Object> counts(java.util.function.Function<Count, Object> form) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("parameters", form.apply(parameters));
    counts.put("forwardFlops", form.apply(forward));
    counts.put("backwardFlops", form.apply(backward));
    compiled
        .canonical()
        .weights()
        .ifPresent(w -> counts.put("oncePerUpdateFlops", form.apply(Flops.forward(w))));
    return counts;
  }

  private static Map<String, Object> shaped(Symbol symbol, Shape shape) {
    List<String> lengths =
        switch (shape) {
          case Shape.Scalar() -> List.of();
          case Shape.Vector(var length) -> List.of(length.toString());
          case Shape.Matrix(var rows, var columns) -> List.of(rows.toString(), columns.toString());
        };
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", symbol.plain());
    out.put("display", symbol.display());
    out.put("shape", lengths);
    return out;
  }
}
