package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// What follows `for`: `l in 1..3`, `l ∈ [1..L]`, `l = 1, …, L`, `i in 1, 3, 5`, `odd i in 1..r`.
///
/// @param values what the index takes, in order
record RepetitionHeader(String index, List<Integer> values) {
  /// Values of one index.
  private static final int MOST = 1_000;

  private static final Set<Integer> BRACKETS = Set.of(LPAREN, RPAREN, LBRACKET, RBRACKET);

  /// The index after a header that begins at i, i where none does.
  static int after(List<? extends Token> tokens, int i) {
    int at = afterFor(tokens, i);
    if (at == i) {
      return i;
    }
    at += isParity(tokens, at) ? 1 : 0;
    boolean isIndex = isName(tokens, at) && isRelation(tokens, at + 1);
    if (!isIndex) {
      return i;
    }
    at += 2;
    while (at < tokens.size()
        && Scan.type(tokens, at) != COLON
        && !Kinds.SEPARATORS.contains(Scan.type(tokens, at))) {
      at++;
    }
    return at;
  }

  /// Where the name of the index stands in a header that begins at i.
  static int index(List<? extends Token> tokens, int i) {
    int at = afterFor(tokens, i);
    return isParity(tokens, at) ? at + 1 : at;
  }

  private static boolean isName(List<? extends Token> tokens, int i) {
    return Scan.type(tokens, i) == WORD || Scan.type(tokens, i) == COMMAND;
  }

  private static boolean isRelation(List<? extends Token> tokens, int i) {
    int type = Scan.type(tokens, i);
    return type == IN || type == EQUALS || isWord(tokens, i, "in");
  }

  private static boolean isParity(List<? extends Token> tokens, int i) {
    boolean parity = isWord(tokens, i, "odd") || isWord(tokens, i, "even");
    return parity && isName(tokens, i + 1);
  }

  private static boolean isWord(List<? extends Token> tokens, int i, String word) {
    return Scan.type(tokens, i) == WORD && tokens.get(i).getText().equals(word);
  }

  /// `for`, `\text{for}`
  private static int afterFor(List<? extends Token> tokens, int i) {
    if (isWord(tokens, i, "for")) {
      return i + 1;
    }
    boolean isText =
        Scan.type(tokens, i) == FONT
            && Scan.type(tokens, i + 1) == LBRACE
            && isWord(tokens, i + 2, "for")
            && Scan.type(tokens, i + 3) == RBRACE;
    return isText ? i + 4 : i;
  }

  /// Reads a header; what is wrong with it is reported.
  static Optional<RepetitionHeader> read(
      List<CommonToken> tokens, Indices known, Problems problems) {
    int at = index(tokens, 0);
    Optional<Integer> parity =
        !isParity(tokens, at - 1)
            ? Optional.empty()
            : Optional.of(isWord(tokens, at - 1, "odd") ? 1 : 0);
    String index = tokens.get(at).getText();
    List<CommonToken> range =
        tokens.subList(at + 2, tokens.size()).stream()
            .filter(t -> !BRACKETS.contains(t.getType()))
            .toList();
    Span span = Characters.span(tokens.getFirst()).to(Characters.span(tokens.getLast()));
    Optional<List<Integer>> values = values(range, known, span, problems);
    return values.map(
        all ->
            new RepetitionHeader(
                index,
                all.stream().filter(v -> parity.isEmpty() || v % 2 == parity.get()).toList()));
  }

  /// `1..3`, `1, …, L`, `1, 2, …, L`, `1, 3, 5`
  static Optional<List<Integer>> values(
      List<CommonToken> range, Indices known, Span span, Problems problems) {
    List<Integer> values = new ArrayList<>();
    boolean open = false;
    for (List<? extends Token> part : parts(range)) {
      if (Scan.type(part, 0) == RANGE && part.size() == 1) {
        open = !values.isEmpty();
        continue;
      }
      Optional<Integer> value = known.value(part, span, problems);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      int last = open ? values.getLast() + 1 : value.get();
      if ((long) value.get() - last >= MOST) {
        problems.error(
            "too many repetitions",
            span,
            "An index takes at most %d values, here it is %d up to %d."
                .formatted(MOST, last, value.get()),
            "");
        return Optional.empty();
      }
      if (open) {
        values.removeIf(v -> v > value.get()); // `1..0` is nothing
      }
      IntStream.rangeClosed(last, value.get()).forEach(values::add);
      open = false;
    }
    if (open || range.isEmpty()) {
      problems.error(
          "a repetition without an end",
          span,
          "Expected a range of whole numbers: `1..3`, `1, …, L`, `1, 3, 5`.",
          "");
      return Optional.empty();
    }
    return Optional.of(values);
  }

  /// What commas part, `..` by itself.
  private static List<List<? extends Token>> parts(List<CommonToken> range) {
    List<List<? extends Token>> parts = new ArrayList<>();
    for (List<? extends Token> part : Scan.parts(range)) {
      int from = 0;
      for (int i = 0; i < part.size(); i++) {
        if (Scan.type(part, i) == RANGE) {
          addUnlessEmpty(parts, part.subList(from, i));
          parts.add(part.subList(i, i + 1));
          from = i + 1;
        }
      }
      addUnlessEmpty(parts, part.subList(from, part.size()));
    }
    return parts;
  }

  private static void addUnlessEmpty(
      List<List<? extends Token>> parts, List<? extends Token> part) {
    if (!part.isEmpty()) {
      parts.add(part);
    }
  }
}
