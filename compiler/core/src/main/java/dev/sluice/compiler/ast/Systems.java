package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;

/// Equations that stand inside brackets as a whole: `\begin{array}{ll} … \end{array}`,
/// `\begin{cases}
/// … \end{cases}`, `\left\{ … \right.`, `{\displaystyle {\begin{aligned} … \end{aligned}}}`. The
/// brackets only lay the equations out, so they become ends of lines.
final class Systems {
  private static final Set<Integer> BEGINS = Set.of(BEGIN_MATRIX, BEGIN_CASES);
  private static final Set<Integer> ENDS = Set.of(END_MATRIX, END_CASES);

  /// No further away is an environment's end looked for.
  private static final int FAR = 10_000;

  private static final int DEEP = 100;

  private final List<CommonToken> in;
  private final Set<Integer> ends = new HashSet<>();

  private Systems(List<CommonToken> in) {
    this.in = in;
  }

  static List<CommonToken> unwrapped(List<CommonToken> tokens) {
    return new Systems(tokens).run();
  }

  private List<CommonToken> run() {
    for (int i = 0; i < in.size(); i++) {
      int type = Scan.type(in, i);
      if (BEGINS.contains(type) && startsStatement(i - 1)) {
        environment(i);
      } else if (type == BEGIN_LAYOUT) {
        braces(i - 1, end(i, BEGIN_LAYOUT, END_LAYOUT) + 1);
      }
    }
    if (ends.isEmpty()) {
      return in;
    }
    List<CommonToken> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      out.add(ends.contains(i) ? PairedSigns.at(NEWLINE, "\n", in.get(i)) : in.get(i));
    }
    return out;
  }

  /// Nothing stands before but ends of lines and opening braces.
  private boolean startsStatement(int i) {
    int at = i;
    while (Scan.type(in, at) == LBRACE || isLeftBrace(at)) {
      at--;
    }
    if (at >= 0 && !ends.contains(at) && !Kinds.SEPARATORS.contains(Scan.type(in, at))) {
      return false;
    }
    while (Kinds.SEPARATORS.contains(Scan.type(in, at)) || Scan.type(in, at) == AMPERSAND) {
      at--;
    }
    return !Kinds.OPERATORS.contains(Scan.type(in, at)); // `h_t =` goes on
  }

  private boolean isLeftBrace(int i) {
    return Scan.type(in, i) == LPAREN && in.get(i).getText().matches(".*(\\{|lbrace)");
  }

  private void environment(int i) {
    int end = i;
    int depth = 0;
    int equations = 0;
    for (int at = i; at < Math.min(in.size(), i + FAR); at++) {
      int type = Scan.type(in, at);
      depth += Kinds.OPENERS.contains(type) ? 1 : Kinds.CLOSERS.contains(type) ? -1 : 0;
      if (depth > DEEP) {
        return;
      }
      if (depth == 0 && ENDS.contains(type)) {
        end = at;
        break;
      }
      equations += depth == 1 && type == EQUALS ? 1 : 0;
    }
    boolean isColumn = Scan.type(in, end + 1) == EQUALS; // (a; b) = …
    if (end > i && equations > 0 && !isColumn) {
      ends.add(i);
      ends.add(end);
      braces(i - 1, end + 1);
    }
  }

  /// The braces around what lies between `before` and `after`.
  private void braces(int before, int after) {
    int left = before;
    int right = after;
    while (true) {
      if (Scan.type(in, left) == LBRACE && Scan.type(in, right) == RBRACE) {
        ends.add(right);
        right++;
      } else if (isLeftBrace(left)) {
        right += isRightEnd(right) ? 1 : 0;
      } else {
        return;
      }
      ends.add(left);
      left--;
    }
  }

  private boolean isRightEnd(int i) {
    return Scan.type(in, i) == RPAREN;
  }

  private int end(int i, int begins, int ends) {
    int depth = 0;
    for (int at = i; at < Math.min(in.size(), i + FAR); at++) {
      depth += Scan.type(in, at) == begins ? 1 : Scan.type(in, at) == ends ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    return in.size();
  }
}
