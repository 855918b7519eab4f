package dev.sluice.compiler.ast;

import dev.sluice.compiler.report.Span;
import java.util.Map;
import java.util.Optional;

/// What to write for signs that papers and programs have and a cell has not.
final class UnknownSigns {
  private static final String SUM_OR_STACK =
      "For a sum write a + b; for one vector above the other [a; b].";
  private static final String STEPS =
      "A cell has steps for derivatives, for example h_t = h_{t-1} + Δ (…).";
  private static final Map<String, String> HELP =
      Map.of(
          "⊕", SUM_OR_STACK,
          "oplus", SUM_OR_STACK,
          "⊖", "For a difference write a - b.",
          "ominus", "For a difference write a - b.",
          "∂", STEPS,
          "partial", STEPS,
          "∇", STEPS,
          "nabla", STEPS,
          "⨁", SUM_OR_STACK);

  private UnknownSigns() {}

  /// @param sign a character, or the name of a LaTeX command
  static Optional<String> help(String sign) {
    return Optional.ofNullable(HELP.get(sign));
  }

  /// Whether the point stands between letters, as in `torch.tanh`.
  static boolean isPointInName(String text, int at) {
    return text.charAt(at) == '.'
        && at > 0
        && at + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(at - 1))
        && Character.isLetter(text.charAt(at + 1));
  }

  /// Reports the whole of `tf.nn.sigmoid` at its first point.
  static void reportPoint(String text, int at, Problems problems) {
    int start = at;
    while (start > 0 && isPartOfName(text.charAt(start - 1))) {
      start--;
    }
    int end = at;
    while (end < text.length() && isPartOfName(text.charAt(end))) {
      end++;
    }
    String whole = text.substring(start, end);
    String last = whole.substring(whole.lastIndexOf('.') + 1);
    if (whole.indexOf('.') < at - start) {
      return;
    }
    problems.error(
        "a point in a name",
        new Span(start, end),
        "`%s` is written as in a program; names of a cell have no points.".formatted(whole),
        last.equals("T")
            ? "The transpose of W is W^T."
            : KnownFunctions.canonical(last)
                .map("Functions stand without their library: %s(…)."::formatted)
                .orElse("Names stand alone, as W, and so do functions: tanh(…)."));
  }

  private static boolean isPartOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }
}
