package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayDeque;
import java.util.Deque;
import org.antlr.v4.runtime.Token;

/// The brackets that are open at a place in the text. Checked before parsing, so that no nesting
/// reaches the parser that its stack does not hold.
final class Brackets {
  private final Deque<Token> open = new ArrayDeque<>();
  private final Limits limits;
  private final Problems problems;
  private int prefixes = 0;

  Brackets(Limits limits, Problems problems) {
    this.limits = limits;
    this.problems = problems;
  }

  int depth() {
    return open.size();
  }

  /// Whether `&` and `\\` here part the entries of a matrix or of cases.
  boolean isTable() {
    int type = open.isEmpty() ? Token.EOF : open.peek().getType();
    return type == BEGIN_MATRIX || type == BEGIN_CASES;
  }

  boolean isBar() {
    return !open.isEmpty() && open.peek().getType() == LBAR;
  }

  /// Reports nesting beyond the limit; accents and fractions nest as brackets do.
  boolean isTooDeep(Token token) {
    int type = token.getType();
    prefixes = type == ACCENT || type == FONT || type == FRAC || type == SQRT ? prefixes + 1 : 0;
    if (open.size() + prefixes <= limits.nesting()) {
      return false;
    }
    problems.error(
        "nested too deep",
        Characters.span(token),
        "Brackets nest at most %d deep.".formatted(limits.nesting()),
        "Give an inner part a name of its own.");
    open.clear();
    return true;
  }

  /// Takes a token; false when it closes what is not open, which is reported.
  boolean accept(Token token) {
    if (Kinds.OPENERS.contains(token.getType())) {
      open.push(token);
      return true;
    }
    if (!Kinds.CLOSERS.contains(token.getType())) {
      return true;
    }
    if (open.isEmpty()) {
      problems.error(
          "unbalanced brackets",
          Characters.span(token),
          "`%s` closes nothing.".formatted(token.getText()),
          "Remove it, or open it earlier.");
      return false;
    }
    Token opener = open.pop();
    if (Kinds.closer(opener.getType()) == token.getType()) {
      return true;
    }
    problems.error(
        "unbalanced brackets",
        Characters.span(token),
        "Expected the end of `%s`, found `%s`.".formatted(opener.getText(), token.getText()),
        "Close it by `%s`.".formatted(closing(opener)));
    return false;
  }

  /// Reports the innermost open bracket and forgets all.
  void reportUnclosed() {
    Token opener = open.pop();
    problems.error(
        "unbalanced brackets",
        Characters.span(opener),
        "`%s` is never closed.".formatted(opener.getText()),
        "Add `%s`.".formatted(closing(opener)));
    open.clear();
  }

  private static String closing(Token opener) {
    return switch (opener.getType()) {
      case LPAREN -> opener.getText().contains("\\left") ? "\\right)" : ")";
      case LBRACKET -> "]";
      case LBRACE -> "}";
      case LBAR -> "|";
      default -> opener.getText().replace("\\begin", "\\end");
    };
  }
}
