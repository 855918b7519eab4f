package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;

/// Small characters beside a sum as ordinary scripts: `∑ᵢ₌₁³ Uᵢ hₜ₋ᵢ` is `∑_{i=1}^{3} U_{i}
/// h_{t-i}`.
final class SmallScripts {
  private SmallScripts() {}

  static Layout.Statement ofSums(Layout.Statement statement) {
    List<CommonToken> in = statement.tokens();
    boolean hasSum = in.stream().anyMatch(t -> Sums.SIGNS.contains(t.getText()));
    boolean small = in.stream().anyMatch(t -> t.getType() == SUBSCRIPT);
    if (!hasSum || !small) {
      return statement;
    }
    List<CommonToken> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      CommonToken token = in.get(i);
      boolean bound = i > 1 && Sums.SIGNS.contains(in.get(i - 2).getText());
      if (token.getType() == SUBSCRIPT) {
        expand(SUB, "_", token, out);
      } else if (token.getType() == SUPERSCRIPT && bound) {
        expand(SUP, "^", token, out);
      } else {
        out.add(token);
      }
    }
    return new Layout.Statement(out, statement.isBroken(), statement.kind());
  }

  private static void expand(int type, String sign, CommonToken token, List<CommonToken> out) {
    out.add(PairedSigns.at(type, sign, token));
    out.add(PairedSigns.at(LBRACE, "{", token));
    String text = TimeIndex.ordinary(token.getText());
    for (int i = 0; i < text.length(); ) {
      int from = i;
      boolean letter = Character.isLetter(text.charAt(i));
      boolean digit = Character.isDigit(text.charAt(i));
      i++;
      while (i < text.length()
          && (letter && Character.isLetter(text.charAt(i))
              || digit && Character.isDigit(text.charAt(i)))) {
        i++;
      }
      String piece = text.substring(from, i);
      int kind =
          letter
              ? WORD
              : digit
                  ? NUMBER
                  : switch (piece) {
                    case "+" -> PLUS;
                    case "-" -> MINUS;
                    case "=" -> EQUALS;
                    case "(" -> LPAREN;
                    default -> RPAREN;
                  };
      out.add(PairedSigns.at(kind, piece, token));
    }
    out.add(PairedSigns.at(RBRACE, "}", token));
  }
}
