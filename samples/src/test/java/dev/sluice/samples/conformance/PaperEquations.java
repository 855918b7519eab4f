package dev.sluice.samples.conformance;

import dev.sluice.samples.recorded.RecordedCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The LaTeX that a case of a research cell has in its `equations.txt`, as a cell: without remarks
/// in words, with the case's hyperparameters, and with x as long as the state where it has to be.
final class PaperEquations {
  private PaperEquations() {}

  /// @throws IllegalArgumentException when the case has no equations
  static String cell(RecordedCase run) {
    if (run.equations().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: expected cells/%1$s.cell or equations.txt in the case".formatted(run));
    }
    List<String> lines = new ArrayList<>();
    run.equations()
        .lines()
        .map(line -> line.replaceFirst("\\s{2,}\\(.*\\)\\s*$", ""))
        .filter(line -> !line.startsWith("(") || line.contains("="))
        .forEach(lines::add);
    for (Map.Entry<?, ?> hyperparameter : run.map("hyperparameters").entrySet()) {
      lines.add("const " + hyperparameter.getKey() + " = " + hyperparameter.getValue());
    }
    if (run.get("input_size").equals(run.get("hidden_size"))) {
      lines.add("dim x = dim " + run.map("states").keySet().iterator().next());
    }
    return String.join("\n", lines) + "\n";
  }
}
