package dev.sluice.samples.demo;

import dev.sluice.compiler.Compiled;
import dev.sluice.compiler.ir.Notation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The slide's equations on the left, what the compiler made of them on the right.
final class SlideView {
  private static final Pattern VECTOR_STATEMENT =
      Pattern.compile("final FloatVector (\\w+ = .*(?:Functions|fma|mul|sub).*;)");
  private static final int LINES = 12;

  private SlideView() {}

  /// @param slide text of the cell file
  static String of(String slide, Compiled compiled) {
    List<String> left =
        slide
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(String::strip)
            .toList();
    StringBuilder view = new StringBuilder();
    view.append(
        beside(
            "the slide",
            "forward, one step of a vector of units in generated Java",
            left,
            forward(compiled)));
    List<String> backward = Notation.adjoint(compiled.adjoint()).lines().toList();
    view.append("the backward pass, derived\n");
    backward.stream().limit(LINES).forEach(line -> view.append("  ").append(line).append('\n'));
    if (backward.size() > LINES) {
      view.append("  … and %d more lines%n".formatted(backward.size() - LINES));
    }
    return view.toString();
  }

  /// Statements of the elementwise part of inference: the first of each variable.
  private static List<String> forward(Compiled compiled) {
    List<String> statements = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String line : compiled.javaSource().split(";\n")) {
      var statement = VECTOR_STATEMENT.matcher(line.replaceAll("\\s+", " ").strip() + ";");
      if (!statement.find()) {
        continue;
      }
      String text = statement.group(1);
      String name = text.substring(0, text.indexOf(' '));
      if (!name.startsWith("d_") && !text.contains("Lanes.load") && !names.contains(name)) {
        names.add(name);
        statements.add(text);
      }
    }
    return statements;
  }

  private static String beside(
      String leftTitle, String rightTitle, List<String> left, List<String> right) {
    int width = left.stream().mapToInt(SlideView::width).max().orElse(0) + 3;
    StringBuilder text = new StringBuilder(pad(leftTitle, width)).append(rightTitle).append('\n');
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String l = i < left.size() ? "  " + left.get(i) : "";
      String r = i < right.size() ? "  " + right.get(i) : "";
      text.append(pad(l, width)).append(r).append('\n');
    }
    return text.toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - width(text)));
  }

  /// Columns on a screen: combining marks take none.
  private static int width(String text) {
    return (int)
        text.codePoints().filter(c -> Character.getType(c) != Character.NON_SPACING_MARK).count();
  }
}
