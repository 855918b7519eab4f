package dev.sluice.compiler.ast;

import static dev.sluice.grammar.SluiceLexer.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;

/// What keyboards and TeX abbreviate, as the tokens that the grammar knows: `h~_t` for h̃_t,
/// `W in R^n` for `W ∈ R^n`, `\frac12` for `\frac{1}{2}`.
final class Shorthand {
  private static final String COMBINING_TILDE = "\u0303";
  private static final Set<Integer> SCRIPTS = Set.of(SUB, SUP, SUBSCRIPT, SUPERSCRIPT);
  private static final Set<String> NUMBERS = Set.of("R", "ℝ", "\\mathbb");

  private final List<CommonToken> in;
  private final List<CommonToken> out = new ArrayList<>();

  private Shorthand(List<CommonToken> in) {
    this.in = in;
  }

  static List<CommonToken> written(List<CommonToken> tokens) {
    Shorthand shorthand = new Shorthand(tokens);
    for (int i = 0; i < tokens.size(); ) {
      i = shorthand.next(i);
    }
    return shorthand.out;
  }

  private int next(int i) {
    CommonToken token = in.get(i);
    if (isAccent(i + 1) && token.getType() == WORD) {
      int end = in.get(i + 1).getStopIndex() + 1;
      out.add(
          Characters.token(WORD, token.getText() + COMBINING_TILDE, token.getStartIndex(), end));
      return i + 2;
    }
    boolean fraction = i > 0 && Scan.type(in, i - 1) == FRAC;
    if (fraction && token.getType() == NUMBER && token.getText().matches("[0-9]{2,}")) {
      digits(token);
      return i + 1;
    }
    if (isElement(i)) {
      token.setType(IN);
    }
    out.add(token);
    return i + 1;
  }

  /// A tilde between a letter and its script, without a space, is an accent. Elsewhere `~` is
  /// LaTeX's space, or says how a parameter starts.
  private boolean isAccent(int i) {
    return Scan.type(in, i) == TILDE
        && in.get(i).getText().equals("~")
        && SCRIPTS.contains(Scan.type(in, i + 1))
        && touch(in.get(i - 1), in.get(i))
        && touch(in.get(i), in.get(i + 1));
  }

  private static boolean touch(CommonToken left, CommonToken right) {
    return left.getStopIndex() + 1 == right.getStartIndex();
  }

  /// Without braces the parts of a fraction are one digit each; what is left over follows it.
  private void digits(CommonToken number) {
    String text = number.getText();
    int start = number.getStartIndex();
    out.add(Characters.token(NUMBER, text.substring(0, 1), start, start + 1));
    out.add(Characters.token(NUMBER, text.substring(1, 2), start + 1, start + 2));
    if (text.length() > 2) {
      out.add(Characters.token(NUMBER, text.substring(2), start + 2, start + text.length()));
    }
  }

  private boolean isElement(int i) {
    return Scan.type(in, i) == WORD
        && in.get(i).getText().equals("in")
        && i > 0
        && i + 1 < in.size()
        && Layout.endsOperand(in.get(i - 1))
        && NUMBERS.contains(in.get(i + 1).getText());
  }
}
