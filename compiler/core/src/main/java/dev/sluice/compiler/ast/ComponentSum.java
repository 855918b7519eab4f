package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/// A sum that may run over components: `\sum_j`, `\sum_{j=1}^{n}`, `\sum_{j}^{n}`, `∑` alone.
///
/// @param sign where the sign stands
/// @param letter that it counts by; empty for a sign alone
/// @param upper the symbols of its upper bound
/// @param from where its term begins
/// @param to where its term ends
record ComponentSum(int sign, String letter, List<? extends Token> upper, int from, int to) {

  static Optional<ComponentSum> at(List<? extends Token> in, int i) {
    String text = in.get(i).getText();
    boolean isWord = text.equals("sum") || text.equals("Σ");
    if (!Sums.SIGNS.contains(text) || Scan.type(in, i - 1) == SUB || Scan.type(in, i - 1) == SUP) {
      return Optional.empty();
    }
    int at = i + 1;
    while (Scan.type(in, at) == COMMAND && in.get(at).getText().endsWith("limits")) {
      at++;
    }
    String letter = "";
    if (Scan.type(in, at) == SUB) {
      int end = Scan.afterScript(in, at);
      boolean braced = Scan.type(in, at + 1) == LBRACE;
      int first = braced ? at + 2 : at + 1;
      boolean single = Scan.type(in, first) == WORD && in.get(first).getText().length() == 1;
      boolean ends = end == first + (braced ? 2 : 1) || Scan.type(in, first + 1) == EQUALS;
      if (!single || !ends) {
        return Optional.empty();
      }
      letter = in.get(first).getText();
      at = end;
    } else if (isWord) {
      return Optional.empty(); // `sum(x)`, and Σ as a name
    }
    List<? extends Token> upper = List.of();
    if (Scan.type(in, at) == SUP && !letter.isEmpty()) {
      int end = Scan.afterScript(in, at);
      upper = in.subList(at + 1, end);
      at = end;
    }
    int to = Sums.endOfTerm(in, at);
    boolean hasTerm = to > at && Kinds.startsFactor(Scan.type(in, at));
    return hasTerm ? Optional.of(new ComponentSum(i, letter, upper, at, to)) : Optional.empty();
  }
}
