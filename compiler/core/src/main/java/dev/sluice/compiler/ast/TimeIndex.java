package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;

/// The letter that counts the steps: `index n` says it, else the one that is seen with ± a whole
/// number where a time can stand, and is no index of a repetition, else `t`.
///
/// @param letter the letter
/// @param seen where it was first seen, if it is not `t`
/// @param isDeclared whether the file has an `index` line
record TimeIndex(String letter, Optional<Span> seen, boolean isDeclared) {
  private static final Pattern SMALL = Pattern.compile("[(]?([a-z])[+-]([0-9]+)[)]?");
  private static final TimeIndex T = new TimeIndex("t", Optional.empty(), false);

  /// The letter of a file. A subscript `_{n-1}`, a superscript `^{(n-1)}` and `[n-1]` are surer
  /// signs than `(n-1)`, which may be an argument, and `^{n-1}`, which may be a power.
  static TimeIndex of(List<? extends Token> tokens) {
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).getType() == INDEX && tokens.get(i + 1).getType() == WORD) {
        Token letter = tokens.get(i + 1);
        return new TimeIndex(letter.getText(), Optional.of(Characters.span(letter)), true);
      }
    }
    Map<String, Seen> sure = new HashMap<>();
    Map<String, Seen> likely = new HashMap<>();
    Map<String, Seen> possible = new HashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.getType() == SUBSCRIPT || token.getType() == SUPERSCRIPT) {
        var match = SMALL.matcher(ordinary(token.getText()));
        if (match.matches()) {
          count(sure, match.group(1), token);
        }
      } else if (isShifted(tokens, i)) {
        int before = i > 0 ? opener(tokens, i - 1) : i;
        count(
            switch (strength(tokens, before)) {
              case 2 -> sure;
              case 1 -> likely;
              default -> possible;
            },
            token.getText(),
            token);
      }
    }
    Set<String> repeated = Repetition.indices(tokens);
    List.of(sure, likely, possible).forEach(seen -> seen.keySet().removeAll(repeated));
    Map<String, Seen> best = !sure.isEmpty() ? sure : !likely.isEmpty() ? likely : possible;
    if (best.isEmpty() || best.containsKey("t")) {
      return T;
    }
    var winner =
        best.entrySet().stream()
            .max(
                Map.Entry.<String, Seen>comparingByValue()
                    .thenComparing(Map.Entry.<String, Seen>comparingByKey().reversed()))
            .orElseThrow();
    return new TimeIndex(winner.getKey(), Optional.of(winner.getValue().first), false);
  }

  /// Small characters as ordinary ones: `₍ₜ₋₁₎` is `(t-1)`.
  static String ordinary(String small) {
    return Normalizer.normalize(small, Normalizer.Form.NFKC).replace('\u2212', '-');
  }

  private record Seen(int times, Span first) implements Comparable<Seen> {
    @Override
    public int compareTo(Seen other) {
      return Integer.compare(times, other.times);
    }
  }

  private static void count(Map<String, Seen> map, String letter, Token token) {
    map.merge(
        letter, new Seen(1, Characters.span(token)), (a, b) -> new Seen(a.times + 1, a.first));
  }

  /// `n ± 1` between brackets or commas.
  private static boolean isShifted(List<? extends Token> tokens, int i) {
    if (i == 0 || i + 3 >= tokens.size() || tokens.get(i).getType() != WORD) {
      return false;
    }
    int sign = tokens.get(i + 1).getType();
    return tokens.get(i).getText().length() == 1
        && Character.isLowerCase(tokens.get(i).getText().charAt(0))
        && (sign == PLUS || sign == MINUS)
        && tokens.get(i + 2).getType() == NUMBER
        && tokens.get(i + 2).getText().chars().allMatch(Character::isDigit)
        && isOneOf(tokens.get(i - 1), LBRACE, LPAREN, LBRACKET, COMMA)
        && isOneOf(tokens.get(i + 3), RBRACE, RPAREN, RBRACKET, COMMA);
  }

  /// The bracket that a label before the time stands in: of `{` in `_{i, n-1}`.
  private static int opener(List<? extends Token> tokens, int i) {
    boolean afterLabel =
        tokens.get(i).getType() == COMMA
            && i >= 2
            && isOneOf(tokens.get(i - 1), WORD, NUMBER, COMMAND)
            && tokens.get(i - 2).getType() == LBRACE;
    return afterLabel ? i - 2 : i;
  }

  private static int strength(List<? extends Token> tokens, int bracket) {
    int type = tokens.get(bracket).getType();
    int before = bracket > 0 ? tokens.get(bracket - 1).getType() : Token.EOF;
    if (type == LPAREN && before == LBRACE && bracket > 1) {
      before = tokens.get(bracket - 2).getType();
      return before == SUP || before == SUB ? 2 : 0;
    }
    boolean afterName = before == WORD || before == RBRACE || before == COMMAND;
    return switch (type) {
      case LBRACE -> before == SUB ? 2 : 0;
      case LPAREN ->
          before == SUP || before == SUB ? 2 : afterName && !isFunction(tokens, bracket) ? 1 : 0;
      case LBRACKET -> afterName ? 2 : 0;
      default -> 0;
    };
  }

  private static boolean isFunction(List<? extends Token> tokens, int bracket) {
    String name = tokens.get(bracket - 1).getText().replace("\\", "");
    return KnownFunctions.canonical(name).isPresent() || name.equals("σ");
  }

  private static boolean isOneOf(Token token, int... types) {
    for (int type : types) {
      if (token.getType() == type) {
        return true;
      }
    }
    return false;
  }
}
