package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
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
    int end = afterName(part, 0);
    if (end == 0) {
      return;
    }
    String name = plain(part.subList(0, end));
    declared.put(name, true);
    Double setting = settings.get(name);
    if (setting != null) {
      if (setting == Math.rint(setting) && Math.abs(setting) <= LARGEST) {
        numbers.put(name, setting.intValue());
      }
    } else if (part.size() == end + 2
        && Scan.type(part, end) == EQUALS
        && Scan.type(part, end + 1) == NUMBER) {
      whole(part.get(end + 1).getText()).ifPresent(n -> numbers.put(name, n));
    }
  }

  /// The index after a name that begins at i, with its label: `L`, `n_h`, `n_{h}`; i where none
  /// does.
  private static int afterName(List<? extends Token> tokens, int i) {
    if (!isWord(tokens, i)) {
      return i;
    }
    int label = i + 2;
    if (Scan.type(tokens, i + 1) != SUB) {
      return i + 1;
    }
    boolean braced = Scan.type(tokens, label) == LBRACE;
    label += braced ? 1 : 0;
    boolean isLabel = isWord(tokens, label) || Scan.type(tokens, label) == NUMBER;
    boolean closed = !braced || Scan.type(tokens, label + 1) == RBRACE;
    return isLabel && closed ? label + (braced ? 2 : 1) : i + 1;
  }

  private static boolean isWord(List<? extends Token> tokens, int i) {
    return Scan.type(tokens, i) == WORD || Scan.type(tokens, i) == COMMAND;
  }

  /// `n_h` of `n_{h}`, `eta_h` of `\eta_h`.
  private static String plain(List<? extends Token> name) {
    StringBuilder plain = new StringBuilder();
    for (Token token : name) {
      switch (token.getType()) {
        case LBRACE, RBRACE -> {}
        case SUB -> plain.append('_');
        default -> plain.append(Vocabulary.rough(token.getText()));
      }
    }
    return plain.toString();
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

  /// The value of `l`, `l-1`, `L + 1`, `n_h`, `3`; empty for anything else.
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
        int end = afterName(tokens, i);
        Integer named = end > i ? numbers.get(plain(tokens.subList(i, end))) : null;
        OptionalInt value =
            token.getType() == NUMBER
                ? whole(token.getText())
                : named == null ? OptionalInt.empty() : OptionalInt.of(named);
        i = Math.max(i, end - 1);
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
    boolean isConst =
        IntStream.range(0, tokens.size())
            .anyMatch(i -> open.contains(plain(tokens.subList(i, afterName(tokens, i)))));
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
