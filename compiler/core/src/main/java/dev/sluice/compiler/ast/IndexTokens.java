package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Tokens with indices as numbers. In a script `l`, `l-1` and `t-k` are (`s_{l-1,t}` is `s_{0,t}`,
/// `h_{t-k}` is `h_{t-1}`), elsewhere an index that has no script of its own.
final class IndexTokens {
  private final Indices constants;
  private final String time;
  private final Problems problems;

  /// Letters that a repetition indexes.
  private final Set<String> indexed = new HashSet<>();

  /// Hyperparameters that are bounds of a repetition.
  private final Set<String> bounds = new HashSet<>();

  IndexTokens(Indices constants, TimeIndex time, Problems problems) {
    this.constants = constants;
    this.time = time.letter();
    this.problems = problems;
  }

  /// Whether an index has a meaning already, which is reported.
  boolean isTaken(Token index, Indices known) {
    boolean isTime = index.getText().equals(time);
    if (!isTime && known.number(index).isEmpty()) {
      return false;
    }
    problems.error(
        "an index used twice",
        Characters.span(index),
        "`%s` is %s."
            .formatted(
                index.getText(),
                isTime
                    ? "the number of the step"
                    : constants.number(index).isPresent()
                        ? "a hyperparameter"
                        : "the index of a repetition around this one"),
        "Take another letter.");
    return true;
  }

  /// Notes the hyperparameters among a range's tokens: they are indices of what it repeats.
  void boundedBy(List<? extends Token> range) {
    for (Token token : range) {
      if (constants.number(token).isPresent()) {
        bounds.add(Vocabulary.rough(token.getText()));
      }
    }
  }

  /// Indices as numbers.
  List<CommonToken> replaced(List<? extends Token> in, Indices known) {
    List<CommonToken> result = new ArrayList<>();
    for (int i = 0; i < in.size(); ) {
      if (Sums.isSum(in, i) && isTaken(in.get(i + 3), known)) {
        return result;
      }
      int end = script(in, i, known, result, true);
      if (end > i) {
        i = end;
        continue;
      }
      CommonToken token = (CommonToken) in.get(i);
      boolean isName =
          Scan.isScript(in, i + 1) || Scan.isTimeGroup(in, i + 1, time) || isStyled(in, i);
      int at = i++;
      result.add(
          isName
              ? token
              : loopNumber(token, known)
                  .map(n -> number(n, Characters.span(in.get(at))))
                  .orElse(token));
    }
    return result;
  }

  /// `\tilde{i}`, `\mathbf i`
  private static boolean isStyled(List<? extends Token> in, int i) {
    int at = Scan.type(in, i - 1) == LBRACE && Scan.type(in, i + 1) == RBRACE ? i - 2 : i - 1;
    return Scan.type(in, at) == ACCENT || Scan.type(in, at) == FONT;
  }

  /// The value of an index of a repetition; hyperparameters keep their names outside scripts.
  private Optional<Integer> loopNumber(Token token, Indices known) {
    return constants.number(token).isPresent() ? Optional.empty() : known.number(token);
  }

  static CommonToken number(int value, Span span) {
    return Characters.token(NUMBER, Integer.toString(value), span.start(), span.end());
  }

  /// A script at i with its indices as numbers; the index after it, i if there is none.
  ///
  /// @param loops whether indices are those of a repetition, else those of the whole file
  private int script(
      List<? extends Token> in, int i, Indices known, List<CommonToken> result, boolean loops) {
    int type = Scan.type(in, i);
    if (type != SUB && type != SUP) {
      return i;
    }
    int end = Scan.afterArgument(in, i + 1);
    boolean braced = Scan.type(in, i + 1) == LBRACE && end > i + 3;
    int from = braced ? i + 2 : i + 1;
    int to = braced ? end - 1 : end;
    result.add((CommonToken) in.get(i));
    if (braced) {
      result.add((CommonToken) in.get(i + 1));
    }
    List<List<? extends Token>> parts = Scan.parts(in.subList(from, to));
    int at = from;
    for (List<? extends Token> part : parts) {
      if (at > from) {
        result.add((CommonToken) in.get(at - 1)); // the comma
      }
      part(part, base(in, i), type == SUB, known, result, loops);
      at += part.size() + 1;
    }
    if (braced) {
      result.add((CommonToken) in.get(end - 1));
    }
    return end;
  }

  /// The letter that the script at i belongs to.
  private static String base(List<? extends Token> in, int i) {
    int at = i - 1;
    while (at > 0 && Scan.type(in, at) == RBRACE) {
      at--;
    }
    return at >= 0 ? Vocabulary.rough(in.get(at).getText()) : "";
  }

  private void part(
      List<? extends Token> part,
      String base,
      boolean below,
      Indices known,
      List<CommonToken> result,
      boolean loops) {
    boolean grouped =
        part.size() > 2
            && Scan.type(part, 0) == LPAREN
            && Scan.afterArgument(part, 0) == part.size();
    List<? extends Token> content = grouped ? part.subList(1, part.size() - 1) : part;
    boolean delayed = Scan.type(content, 0) == WORD && content.getFirst().getText().equals(time);
    List<? extends Token> sum = delayed ? content.subList(1, content.size()) : content;
    OptionalInt value = sum.isEmpty() ? OptionalInt.empty() : known.sum(sum);
    boolean named = sum.stream().anyMatch(t -> isIndex(t, known, delayed, base, loops));
    if (value.isEmpty() || !named) {
      if (loops) {
        result.addAll(replaced(part, known));
      } else {
        part.forEach(t -> result.add((CommonToken) t));
      }
      return;
    }
    Span span = Characters.span(sum.getFirst()).to(Characters.span(sum.getLast()));
    if (grouped) {
      result.add((CommonToken) part.getFirst());
    }
    if (delayed) {
      result.add((CommonToken) content.getFirst());
      delay(value.getAsInt(), span, result);
    } else {
      index(value.getAsInt(), span, result);
      if (below && loops) {
        indexed.add(base);
      }
    }
    if (grouped) {
      result.add((CommonToken) part.getLast());
    }
  }

  /// A hyperparameter is an index where it says how far back, and behind a letter that a repetition
  /// indexes if it is the repetition's bound: `s_{L,t}`.
  private boolean isIndex(Token token, Indices known, boolean delayed, String base, boolean loops) {
    boolean isConstant = constants.number(token).isPresent();
    return known.number(token).isPresent()
        && (delayed
            || (isConstant
                ? !loops
                    && indexed.contains(base)
                    && bounds.contains(Vocabulary.rough(token.getText()))
                : loops));
  }

  private static void delay(int steps, Span span, List<CommonToken> result) {
    if (steps != 0) {
      int sign = steps < 0 ? MINUS : PLUS;
      result.add(Characters.token(sign, steps < 0 ? "-" : "+", span.start(), span.end()));
      result.add(number(Math.abs(steps), span));
    }
  }

  private void index(int value, Span span, List<CommonToken> result) {
    if (value < 0) {
      problems.error(
          "an index below 0",
          span,
          "Written out, this index is %d; indices count from 0.".formatted(value),
          "Let the repetition start later.");
    }
    result.add(number(Math.max(value, 0), span));
  }

  /// Hyperparameters that are indices as numbers, after all repetitions are written out.
  Layout.Statement withConstants(Layout.Statement statement) {
    List<CommonToken> in = statement.tokens();
    List<CommonToken> result = new ArrayList<>();
    for (int i = 0; i < in.size(); ) {
      int end = script(in, i, constants, result, false);
      if (end == i) {
        result.add(in.get(i));
        end++;
      }
      i = end;
    }
    return new Layout.Statement(result, statement.isBroken(), statement.kind());
  }
}
