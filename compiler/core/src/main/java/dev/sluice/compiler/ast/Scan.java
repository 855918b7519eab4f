package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.antlr.v4.runtime.Token;

/// Looks at tokens before they are parsed.
final class Scan {
  private Scan() {}

  static int type(List<? extends Token> tokens, int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i).getType() : Token.EOF;
  }

  /// Whether token i begins a script.
  static boolean isScript(List<? extends Token> tokens, int i) {
    return switch (type(tokens, i)) {
      case SUB, SUP, SUBSCRIPT, SUPERSCRIPT, PRIME -> true;
      default -> false;
    };
  }

  /// The index after the script that begins at i.
  static int afterScript(List<? extends Token> tokens, int i) {
    int type = type(tokens, i);
    return type == SUB || type == SUP ? afterArgument(tokens, i + 1) : i + 1;
  }

  /// The index after one bracket, command with its argument, or token.
  static int afterArgument(List<? extends Token> tokens, int i) {
    int at = i;
    while (type(tokens, at) == ACCENT || type(tokens, at) == FONT || type(tokens, at) == MINUS) {
      at++;
    }
    if (!Kinds.OPENERS.contains(type(tokens, at))) {
      return Math.min(at + 1, tokens.size());
    }
    int depth = 0;
    for (; at < tokens.size(); at++) {
      depth += Kinds.OPENERS.contains(type(tokens, at)) ? 1 : 0;
      depth -= Kinds.CLOSERS.contains(type(tokens, at)) ? 1 : 0;
      if (depth == 0) {
        return at + 1;
      }
    }
    return at;
  }

  /// The index after all scripts from i on.
  static int afterScripts(List<? extends Token> tokens, int i) {
    int at = i;
    while (isScript(tokens, at)) {
      at = afterScript(tokens, at);
    }
    return at;
  }

  /// Whether `(t)`, `(t-1)`, `[t]`, `[t+1]` begins at i.
  static boolean isTimeGroup(List<? extends Token> tokens, int i, String index) {
    int type = type(tokens, i);
    if (type != LPAREN && type != LBRACKET) {
      return false;
    }
    int end = afterArgument(tokens, i) - 1;
    return end > i && delay(tokens.subList(i + 1, end), index).isPresent();
  }

  /// The delay that `t`, `t-1`, `t+1` or the same in brackets says: 0, 1, -1; empty for anything
  /// else. A number that no int holds counts as the largest.
  static OptionalInt delay(List<? extends Token> tokens, String index) {
    if (tokens.size() > 2
        && type(tokens, 0) == LPAREN
        && type(tokens, tokens.size() - 1) == RPAREN) {
      return delay(tokens.subList(1, tokens.size() - 1), index);
    }
    if (tokens.isEmpty() || type(tokens, 0) != WORD || !tokens.getFirst().getText().equals(index)) {
      return OptionalInt.empty();
    }
    if (tokens.size() == 1) {
      return OptionalInt.of(0);
    }
    int sign = type(tokens, 1);
    if (tokens.size() != 3 || sign != PLUS && sign != MINUS || type(tokens, 2) != NUMBER) {
      return OptionalInt.empty();
    }
    String digits = tokens.get(2).getText();
    if (!digits.chars().allMatch(Character::isDigit)) {
      return OptionalInt.empty();
    }
    int steps = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    return OptionalInt.of(sign == MINUS ? steps : -steps);
  }

  /// Whether a script between `from` and `to` says a time.
  static boolean hasTime(List<? extends Token> tokens, int from, int to, String index) {
    for (int i = from; i < Math.min(to, tokens.size()); i = afterScript(tokens, i)) {
      int type = type(tokens, i);
      if (type == SUBSCRIPT || type == SUPERSCRIPT) {
        String letters = TimeIndex.ordinary(tokens.get(i).getText()).replaceAll("[-+()0-9]", "");
        if (letters.equals(index)) {
          return true;
        }
      } else if (type != PRIME && saysTime(tokens.subList(i + 1, afterScript(tokens, i)), index)) {
        return true;
      }
    }
    return false;
  }

  /// Whether an argument, with its braces, has a time among its parts: `{i, t-1}`.
  private static boolean saysTime(List<? extends Token> argument, String index) {
    boolean braced = type(argument, 0) == LBRACE && argument.size() > 2;
    List<? extends Token> content = braced ? argument.subList(1, argument.size() - 1) : argument;
    return parts(content).stream().anyMatch(p -> delay(p, index).isPresent());
  }

  /// What commas part.
  static List<List<? extends Token>> parts(List<? extends Token> content) {
    List<List<? extends Token>> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= content.size(); i++) {
      if (i == content.size() || type(content, i) == COMMA) {
        parts.add(content.subList(from, i));
        from = i + 1;
      }
    }
    return parts;
  }
}
