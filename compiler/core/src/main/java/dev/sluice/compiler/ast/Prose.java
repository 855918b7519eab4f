package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// What text around equations leaves at their ends: `where W ∈ …`, and the number of an equation.
final class Prose {
  private static final Set<String> LEADING = Set.of("where", "with", "and");

  private Prose() {}

  /// The statement without a word like `where` before it; empty for a number alone.
  static List<CommonToken> without(List<CommonToken> statement) {
    int from = leading(statement);
    List<CommonToken> rest = statement.subList(from, statement.size());
    boolean number = isNumber(rest, 0) && rest.size() == 3;
    return number ? List.of() : rest;
  }

  private static int leading(List<CommonToken> statement) {
    int end = Math.max(after(statement, 0), isWord(statement, 0) ? 1 : 0);
    int next = Scan.type(statement, end);
    boolean isLabel = next != Token.EOF && next != WORD && next != COMMAND && next != FONT;
    return isLabel && next != ACCENT ? 0 : end;
  }

  /// The index after `\text{and}` that begins at i; i without it.
  static int after(List<CommonToken> tokens, int i) {
    boolean text =
        Scan.type(tokens, i) == FONT
            && Scan.type(tokens, i + 1) == LBRACE
            && isWord(tokens, i + 2)
            && Scan.type(tokens, i + 3) == RBRACE;
    return text ? i + 4 : i;
  }

  private static boolean isWord(List<CommonToken> statement, int i) {
    return Scan.type(statement, i) == WORD && LEADING.contains(statement.get(i).getText());
  }

  /// `(3)`
  private static boolean isNumber(List<CommonToken> statement, int i) {
    return Scan.type(statement, i) == LPAREN
        && Scan.type(statement, i + 1) == NUMBER
        && Scan.type(statement, i + 2) == RPAREN;
  }

  /// `… (3)` after a space: a factor, or the number of the equation. Reported.
  static void number(List<CommonToken> statement, Problems problems) {
    int i = statement.size() - 3;
    if (i < 1 || !isNumber(statement, i)) {
      return;
    }
    CommonToken before = statement.get(i - 1);
    boolean apart = before.getStopIndex() + 1 < statement.get(i).getStartIndex();
    if (apart && Layout.endsOperand(before)) {
      Span span = Characters.span(statement.get(i)).to(Characters.span(statement.getLast()));
      String number = statement.get(i + 1).getText();
      problems.error(
          "a number behind an equation",
          span,
          "`(%s)` is the equation's number or a factor.".formatted(number),
          "Remove the number, or write \\tag{%s}; a factor stands in front: %s (…)."
              .formatted(number, number));
    }
  }
}
