package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import dev.sluice.compiler.report.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Pairs of signs that papers print, as the tokens that the grammar knows: norms `‖x‖_2`, scalar
/// products `⟨a, b⟩`, times in angles `h^{⟨t-1⟩}` and `h^{<t>}`. Works before statements are found,
/// so nothing here is reported: a sign that lacks its partner is left for the parser.
final class PairedSigns {
  /// No further away is the partner looked for: what a statement may have of symbols.
  private static final int FAR = 2_000;

  private static final int DEEP = 100;

  private final List<CommonToken> in;
  private final List<CommonToken> out = new ArrayList<>();
  private final Deque<Token> open = new ArrayDeque<>();

  private PairedSigns(List<CommonToken> in) {
    this.in = in;
  }

  static List<CommonToken> read(List<CommonToken> tokens) {
    PairedSigns signs = new PairedSigns(Systems.unwrapped(tokens));
    for (int i = 0; i < signs.in.size(); ) {
      i = signs.next(i);
    }
    return signs.out;
  }

  private int type(int i) {
    return Scan.type(in, i);
  }

  private int next(int i) {
    CommonToken token = in.get(i);
    switch (token.getType()) {
      case SUB, SUP -> {
        int end = timeInAngles(i);
        if (end > i) {
          return end;
        }
        out.add(token);
      }
      case DOUBLE_BAR -> {
        return doubleBar(i);
      }
      case LANGLE, RANGLE, COMMA -> angle(token);
      case NEWLINE -> {
        open.clear();
        out.add(token);
      }
      default -> {
        if (Kinds.OPENERS.contains(token.getType())) {
          open.push(token);
        } else if (Kinds.CLOSERS.contains(token.getType()) && !open.isEmpty()) {
          open.pop();
        }
        out.add(token);
      }
    }
    return i + 1;
  }

  /// `^{⟨t-1⟩}`, `^{<t-1>}`, `^⟨t⟩` as `^{t-1}`; the index after it.
  private int timeInAngles(int i) {
    boolean braced = type(i + 1) == LBRACE;
    int from = braced ? i + 2 : i + 1;
    if (type(from) != LANGLE && type(from) != LESS) {
      return i;
    }
    int to = from + 1;
    while (Set.of(WORD, PLUS, MINUS, NUMBER).contains(type(to))) {
      to++;
    }
    boolean closed = type(to) == RANGLE || type(to) == GREATER;
    if (to == from + 1 || !closed || braced && type(to + 1) != RBRACE) {
      return i;
    }
    out.add(in.get(i));
    out.add(at(LBRACE, "{", in.get(from)));
    out.addAll(in.subList(from + 1, to));
    out.add(at(RBRACE, "}", in.get(to)));
    return braced ? to + 2 : to + 1;
  }

  /// `‖x‖`, `‖x‖_2` and `‖x‖_F` as `norm(x)`, `‖x‖_1` as `sum(abs(x))`.
  private int doubleBar(int i) {
    CommonToken token = in.get(i);
    if (!open.isEmpty() && open.peek().getType() == DOUBLE_BAR) {
      open.pop();
      out.add(at(RPAREN, ")", token));
      if (isOrder(i + 1, "1")) {
        out.add(at(RPAREN, ")", token));
        return Scan.afterScript(in, i + 1);
      }
      boolean isNorm = isOrder(i + 1, "2") || isOrder(i + 1, "F");
      return isNorm ? Scan.afterScript(in, i + 1) : i + 1;
    }
    int end = closing(i);
    if (end == in.size()) {
      out.add(token);
      return i + 1;
    }
    open.push(token);
    boolean first = isOrder(end + 1, "1");
    function(first ? "sum" : "norm", token);
    if (first) {
      function("abs", token);
    }
    return i + 1;
  }

  private void function(String name, Token token) {
    out.add(at(WORD, name, token));
    out.add(at(LPAREN, "(", token));
  }

  /// Where the partner of the double bar at i stands, in the same brackets; the end without one.
  private int closing(int i) {
    int depth = 0;
    for (int at = i + 1; at < Math.min(in.size(), i + FAR) && type(at) != NEWLINE; at++) {
      depth += Kinds.OPENERS.contains(type(at)) ? 1 : Kinds.CLOSERS.contains(type(at)) ? -1 : 0;
      if (depth < 0 || depth > DEEP) {
        break;
      }
      if (depth == 0 && type(at) == DOUBLE_BAR) {
        return at;
      }
    }
    return in.size();
  }

  private boolean isOrder(int i, String order) {
    if (type(i) == SUBSCRIPT) {
      return TimeIndex.ordinary(in.get(i).getText()).equals(order);
    }
    List<CommonToken> script =
        type(i) == SUB ? in.subList(i + 1, Scan.afterScript(in, i)) : List.of();
    return script.stream()
        .filter(t -> t.getType() != LBRACE && t.getType() != RBRACE)
        .map(Token::getText)
        .toList()
        .equals(List.of(order));
  }

  /// `⟨a, b⟩` as `sum((a) ∘ (b))`.
  private void angle(CommonToken token) {
    boolean inside = !open.isEmpty() && open.peek().getType() == LANGLE;
    if (token.getType() == LANGLE) {
      open.push(token);
      function("sum", token);
      out.add(at(LPAREN, "(", token));
    } else if (!inside) {
      out.add(token);
    } else if (token.getType() == COMMA) {
      out.add(at(RPAREN, ")", token));
      out.add(at(ELEMENTWISE, "∘", token));
      out.add(at(LPAREN, "(", token));
    } else {
      open.pop();
      out.add(at(RPAREN, ")", token));
      out.add(at(RPAREN, ")", token));
    }
  }

  static CommonToken at(int type, String text, Token token) {
    Span span = Characters.span(token);
    return Characters.token(type, text, span.start(), span.end());
  }
}
