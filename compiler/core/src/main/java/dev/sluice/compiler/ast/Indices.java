package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Names that are whole numbers before any equation is read: hyperparameters of a file, and the
/// indices of the repetitions around a place.
///
/// @param numbers by name as written, Greek letters by their plain name
/// @param open hyperparameters that are no whole number
record Indices(Map<String, Integer> numbers, Set<String> open) {
  private static final int LARGEST = 1 << 20;

  Indices {
    numbers = Map.copyOf(numbers);
    open = Set.copyOf(open);
  }

  /// The hyperparameters of a file.
  ///
  /// @param settings values by plain name, over those of the file
  static Indices of(List<Layout.Statement> statements, Map<String, Double> settings) {
    Map<String, Integer> numbers = new HashMap<>();
    Map<String, Boolean> declared = new HashMap<>();
    for (Layout.Statement statement : statements) {
      List<CommonToken> tokens = statement.tokens();
      if (Scan.type(tokens, 0) == CONST) {
        for (List<? extends Token> part : Scan.parts(tokens.subList(1, tokens.size()))) {
          constant(part, settings, numbers, declared);
        }
      }
    }
    declared.keySet().removeAll(numbers.keySet());
    return new Indices(numbers, declared.keySet());
  }

  private static void constant(
      List<? extends Token> part,
      Map<String, Double> settings,
      Map<String, Integer> numbers,
      Map<String, Boolean> declared) {
    int type = Scan.type(part, 0);
    if (type != WORD && type != COMMAND) {
      return;
    }
    String name = Vocabulary.rough(part.getFirst().getText());
    declared.put(name, true);
    Double setting = settings.get(name);
    if (setting != null) {
      if (setting == Math.rint(setting) && Math.abs(setting) <= LARGEST) {
        numbers.put(name, setting.intValue());
      }
    } else if (part.size() == 3 && Scan.type(part, 1) == EQUALS && Scan.type(part, 2) == NUMBER) {
      whole(part.get(2).getText()).ifPresent(n -> numbers.put(name, n));
    }
  }

  static OptionalInt whole(String digits) {
    boolean isWhole = digits.length() <= 7 && digits.chars().allMatch(Character::isDigit);
    return isWhole ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
  }

  Indices with(String index, int value) {
    Map<String, Integer> more = new HashMap<>(numbers);
    more.put(Vocabulary.rough(index), value);
    return new Indices(more, open);
  }

  Optional<Integer> number(Token token) {
    boolean isName = token.getType() == WORD || token.getType() == COMMAND;
    return isName
        ? Optional.ofNullable(numbers.get(Vocabulary.rough(token.getText())))
        : Optional.empty();
  }

  /// The value of `l`, `l-1`, `L + 1`, `3`; empty for anything else.
  OptionalInt sum(List<? extends Token> tokens) {
    long sum = 0;
    int sign = 1;
    boolean expectsNumber = true;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean isSign = token.getType() == PLUS || token.getType() == MINUS;
      if (isSign == expectsNumber && i > 0) {
        return OptionalInt.empty();
      }
      if (isSign) {
        sign = token.getType() == PLUS ? 1 : -1;
      } else {
        OptionalInt value =
            token.getType() == NUMBER
                ? whole(token.getText())
                : number(token).map(OptionalInt::of).orElse(OptionalInt.empty());
        if (value.isEmpty()) {
          return OptionalInt.empty();
        }
        sum += (long) sign * value.getAsInt();
      }
      expectsNumber = isSign;
    }
    return expectsNumber || Math.abs(sum) > LARGEST
        ? OptionalInt.empty()
        : OptionalInt.of((int) sum);
  }

  /// A bound of a range; reported when it is no whole number.
  Optional<Integer> value(List<? extends Token> tokens, Span span, Problems problems) {
    OptionalInt value = sum(tokens);
    if (value.isPresent() && value.getAsInt() >= 0) {
      return Optional.of(value.getAsInt());
    }
    StringBuilder text = new StringBuilder();
    tokens.forEach(t -> text.append(t.getText()));
    boolean isConst = tokens.stream().anyMatch(t -> open.contains(Vocabulary.rough(t.getText())));
    problems.error(
        "not a range",
        span,
        "A bound of a repetition is a whole number from 0 on, made of numbers and hyperparameters; found `%s`."
            .formatted(text),
        isConst
            ? "Give it a whole number: `const %1$s = 3`, or --set %1$s=3.".formatted(text)
            : "Declare it: `const %s = 3`.".formatted(text));
    return Optional.empty();
  }
}
