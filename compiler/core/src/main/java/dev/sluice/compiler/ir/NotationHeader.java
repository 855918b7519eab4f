package dev.sluice.compiler.ir;

import dev.sluice.compiler.ir.Shape.Matrix;
import dev.sluice.compiler.ir.Shape.Scalar;
import dev.sluice.compiler.ir.Shape.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The lines above a cell's equations: what each name is, in sets of one shape, as papers write
/// them.
///
///     lstm
///       inputs      x_t ∈ ℝ^m
///       states      h_t, c_t ∈ ℝ^n
///       parameters  W_f, W_i ∈ ℝ^{n×n}, b_f ∈ ℝ^n
///       output      h_t
final class NotationHeader {
  private NotationHeader() {}

  static String of(Cell cell) {
    SequencedMap<String, List<String>> inputs = new LinkedHashMap<>();
    cell.inputs().forEach(i -> add(inputs, i.shape(), "", TimedName.of(i.symbol(), 0)));
    SequencedMap<String, List<String>> states = new LinkedHashMap<>();
    for (Cell.State s : cell.states()) {
      String initial =
          s.initial() == 0 ? "" : " (initially " + Notation.plainNumber(s.initial()) + ")";
      add(states, s.shape(), initial, TimedName.of(s.symbol(), 0));
    }
    SequencedMap<String, List<String>> parameters = new LinkedHashMap<>();
    cell.parameters()
        .forEach(
            p -> add(parameters, p.shape(), p.frozen() ? " (frozen)" : "", p.symbol().display()));
    SequencedMap<String, List<String>> masks = new LinkedHashMap<>();
    for (Cell.Mask m : cell.masks()) {
      String note =
          " (in training %s with probability %s, else 0, drawn %s; %s in inference)"
              .formatted(
                  Notation.plainNumber(m.scale()),
                  Notation.plainNumber(m.probability()),
                  m.everyStep() ? "at every step" : "once for a sequence",
                  Notation.plainNumber(m.mean()));
      add(masks, m.shape(), note, TimedName.of(m.symbol(), 0));
    }
    return cell.name()
        + "\n"
        + line("inputs", inputs)
        + line("states", states)
        + line("parameters", parameters)
        + line("masks", masks)
        + "  output      "
        + TimedName.of(cell.output(), 0)
        + "\n";
  }

  private static void add(
      SequencedMap<String, List<String>> groups, Shape shape, String note, String name) {
    groups.computeIfAbsent(" ∈ " + space(shape) + note, _ -> new ArrayList<>()).add(name);
  }

  private static String line(String title, SequencedMap<String, List<String>> groups) {
    if (groups.isEmpty()) {
      return "";
    }
    List<String> texts = new ArrayList<>();
    groups.forEach((shape, names) -> texts.add(String.join(", ", names) + shape));
    return "  " + title + " ".repeat(12 - title.length()) + String.join(", ", texts) + "\n";
  }

  /// `ℝ`, `ℝ^n`, `ℝ^{4n}`, `ℝ^{4n×m}`.
  private static String space(Shape shape) {
    return switch (shape) {
      case Scalar() -> "ℝ";
      case Vector(Dim length) -> {
        String n = length.toString();
        yield n.length() == 1 ? "ℝ^" + n : "ℝ^{" + n + "}";
      }
      case Matrix(Dim rows, Dim columns) -> "ℝ^{" + factor(rows) + "×" + factor(columns) + "}";
    };
  }

  private static String factor(Dim dim) {
    String text = dim.toString();
    return text.contains(" ") ? "(" + text + ")" : text;
  }
}
