package dev.sluice.compiler.ast;

import dev.sluice.compiler.report.Span;
import dev.sluice.grammar.SluiceLexer;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/// Left sides that are derivatives by time: `dh/dt`, `\tau \frac{d h(t)}{dt}`. Known by their
/// symbols, for no tree has them.
final class ContinuousTime {
  private static final String D = "(?:d|\\\\partial|∂)";
  private static final Pattern DERIVATIVE =
      Pattern.compile(".*(?:\\\\[dt]?frac%1$s.+%1$s[a-z]|%1$s[^/]+/%1$s[a-z])".formatted(D));

  private static final Set<Integer> SILENT =
      Set.of(SluiceLexer.FONT, SluiceLexer.LBRACE, SluiceLexer.RBRACE);

  private ContinuousTime() {}

  static boolean isDerivative(List<? extends Token> left) {
    String text =
        left.stream()
            .filter(t -> !SILENT.contains(t.getType()))
            .map(Token::getText)
            .collect(Collectors.joining());
    return DERIVATIVE.matcher(text).matches();
  }

  static void report(Span left, Problems problems) {
    problems.error(
        "an equation in continuous time",
        left,
        "The left side is a derivative; a cell goes from one step to the next.",
        "A step of Euler's, of the length Δ: h_t = h_{t-1} + Δ (…), with h_{t-1} on the right, and"
            + " `const Δ = 0.1` or Δ_t as an input.");
  }
}
