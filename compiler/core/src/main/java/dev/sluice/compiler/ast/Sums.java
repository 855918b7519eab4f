package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Sums over an index, `\sum_{k=1}^{K}`, written out.
final class Sums {
  static final Set<String> SIGNS = Set.of("\\sum", "sum", "∑", "Σ");

  private final IndexTokens indices;
  private final Limits limits;
  private final Problems problems;
  private int depth;

  Sums(IndexTokens indices, Limits limits, Problems problems) {
    this.indices = indices;
    this.limits = limits;
    this.problems = problems;
  }

  /// `\sum_{k=1}^{3} U_k h_{t-k}` as `(U_1 h_{t-1} + U_2 h_{t-2} + U_3 h_{t-3})`. A sum takes what
  /// stands up to the next + or −.
  ///
  /// @param span of the whole equation
  List<CommonToken> writtenOut(List<CommonToken> in, Indices known, Span span) {
    int i = 0;
    while (i < in.size() && !isSum(in, i)) {
      i++;
    }
    if (i == in.size()
        || Repetition.isTooDeep(depth, span, problems)
        || indices.isTaken(in.get(i + 3), known)) {
      return in;
    }
    int lower = i + 1;
    int upper = Scan.afterScript(in, lower);
    int from = Scan.afterScript(in, upper);
    int to = endOfTerm(in, from);
    List<CommonToken> range = new ArrayList<>(in.subList(lower + 4, upper - 1)); // after `k=`
    int open = range.size();
    range.addAll(inner(in.subList(upper + 1, from)));
    Span at = Characters.span(in.get(i)).to(Characters.span(in.get(from - 1)));
    range.add(open, Characters.token(RANGE, "..", at.start(), at.end()));
    String index = in.get(lower + 2).getText();
    List<CommonToken> result = new ArrayList<>(in.subList(0, i));
    List<CommonToken> terms = new ArrayList<>();
    indices.boundedBy(range);
    Optional<List<Integer>> values = RepetitionHeader.values(range, known, at, problems);
    depth++;
    for (int value : values.orElse(List.of())) {
      if (terms.size() > limits.tokens()) {
        break; // reported as too long
      }
      if (!terms.isEmpty()) {
        terms.add(Characters.token(PLUS, "+", at.start(), at.end()));
      }
      Indices inside = known.with(index, value);
      terms.addAll(writtenOut(indices.replaced(in.subList(from, to), inside), inside, span));
    }
    depth--;
    result.add(Characters.token(LPAREN, "(", at.start(), at.end()));
    result.addAll(terms.isEmpty() ? List.of(IndexTokens.number(0, at)) : terms);
    result.add(Characters.token(RPAREN, ")", at.start(), at.end()));
    result.addAll(in.subList(to, in.size()));
    return result.size() > limits.tokens() ? result : writtenOut(result, known, span);
  }

  /// `\sum_{k=1}^{…}`
  static boolean isSum(List<? extends Token> in, int i) {
    String text = in.get(i).getText();
    return SIGNS.contains(text)
        && Scan.type(in, i + 1) == SUB
        && Scan.type(in, i + 2) == LBRACE
        && (Scan.type(in, i + 3) == WORD || Scan.type(in, i + 3) == COMMAND)
        && Scan.type(in, i + 4) == EQUALS
        && Scan.type(in, Scan.afterScript(in, i + 1)) == SUP
        && Scan.afterScript(in, i + 1) > i + 6;
  }

  private static List<CommonToken> inner(List<CommonToken> argument) {
    return Scan.type(argument, 0) == LBRACE ? argument.subList(1, argument.size() - 1) : argument;
  }

  /// Where a term that begins at `from` ends: at the next + or −, or the end of its bracket.
  static int endOfTerm(List<? extends Token> in, int from) {
    int depth = 0;
    for (int i = from; i < in.size(); i++) {
      int type = Scan.type(in, i);
      depth += Kinds.OPENERS.contains(type) ? 1 : Kinds.CLOSERS.contains(type) ? -1 : 0;
      boolean ends =
          switch (type) {
            case PLUS, MINUS -> i > from && depth == 0 && !isArgumentSign(in, i);
            case EQUALS, EQUAL_TO, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> depth == 0;
            case COMMA, SEMICOLON, AMPERSAND, ROW -> depth == 0;
            default -> depth < 0;
          };
      if (ends) {
        return i;
      }
    }
    return in.size();
  }

  /// The sign of `x^-1`.
  private static boolean isArgumentSign(List<? extends Token> in, int i) {
    return Scan.type(in, i - 1) == SUP || Scan.type(in, i - 1) == SUB;
  }
}
