package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// `x_{t|t-1}`, the notation of filters, is reported, once a file, and read as `x_t`: its bar would
/// be taken for the beginning of an absolute value.
final class ConditionalTimes {
  private static final Set<Integer> INSIDE = Set.of(WORD, NUMBER, PLUS, MINUS, COMMA, BAR, COMMAND);

  private ConditionalTimes() {}

  static List<CommonToken> reported(List<CommonToken> tokens, Problems problems) {
    List<CommonToken> out = new ArrayList<>();
    boolean found = false;
    for (int i = 0; i < tokens.size(); i++) {
      out.add(tokens.get(i));
      int bar = bar(tokens, i);
      if (bar > i) {
        int end = Scan.afterArgument(tokens, i + 1);
        if (!found) {
          report(tokens, i, end, problems);
          found = true;
        }
        out.addAll(tokens.subList(i + 1, bar));
        i = end - 2;
      }
    }
    return out;
  }

  /// The index of the bar within the script that begins at i; i without one.
  private static int bar(List<CommonToken> tokens, int i) {
    boolean script = Scan.type(tokens, i) == SUB || Scan.type(tokens, i) == SUP;
    if (!script || Scan.type(tokens, i + 1) != LBRACE || Scan.type(tokens, i + 2) != WORD) {
      return i;
    }
    for (int at = i + 3; INSIDE.contains(Scan.type(tokens, at)); at++) {
      if (isBar(tokens.get(at)) && Scan.type(tokens, at + 1) == WORD) {
        return at;
      }
    }
    return i;
  }

  private static boolean isBar(Token token) {
    return token.getType() == BAR || token.getText().equals("\\mid");
  }

  private static void report(List<CommonToken> tokens, int i, int end, Problems problems) {
    String name = Scan.type(tokens, i - 1) == WORD ? tokens.get(i - 1).getText() : "x";
    String index = tokens.get(i + 2).getText();
    String script =
        tokens.subList(i + 2, end - 1).stream().map(Token::getText).collect(Collectors.joining());
    Span span = Characters.span(tokens.get(i)).to(Characters.span(tokens.get(end - 1)));
    problems.error(
        "a time under a condition",
        span,
        "`%s_{%s}` is %s at one step as it is known at another; here a name has one time."
            .formatted(name, script, name),
        "Take two names: %s_%s for `%s_{%s|%s}`, %s_{prior,%s} for `%s_{%s|%s-1}`."
            .formatted(name, index, name, index, index, name, index, name, index, index));
  }
}
